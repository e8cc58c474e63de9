import { expect } from "vitest";
import type { ServiceName } from "../../../deploy/local/service-environment.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { Client } from "./client.js";
import { payees, payments } from "./documents.js";
import { type Execution, follow, transfer } from "./execution.js";
import { grant } from "./grant.js";
import { newSafe, type OwnedSafe, USDC } from "./safe.js";
import { statusOf } from "./service-status.js";
import { signIn } from "./sign-in.js";
import { until } from "./until.js";

/** How long a service may take to be itself again after a dependency is back, milliseconds. */
export const RECOVERY = 60_000;
/** Services that append events, and so need the database and the event log. */
export const PRODUCERS: readonly ServiceName[] = ["auth", "permissions", "vault", "relay", "monitor", "audit"];

/** A stack with an owner, a Safe and an armed session, to see what still works while something is away. */
export class DependencyBed {
  private constructor(
    readonly stack: Stack,
    readonly safe: OwnedSafe,
    readonly owner: Client,
    private readonly sessionId: string,
  ) {}

  static async open(stack: Stack): Promise<DependencyBed> {
    const anybody = new Client(stack.gatewayUrl);
    const safe = await newSafe(stack);
    const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    const { sessionId } = await grant(stack, owner, safe, payments(stack.world, { max: 0 }));
    return new DependencyBed(stack, safe, owner, sessionId);
  }

  /** Waits until each of `services` says `condition`, and sees that all their processes still live. */
  async noticed(condition: string, services: readonly ServiceName[]): Promise<void> {
    for (const name of services) {
      await until(`${name} says ${condition}`, async () => {
        const { conditions } = await statusOf(this.stack, name);
        return conditions.some((one) => one.condition === condition) ? true : undefined;
      });
    }
    expect(services.filter((name) => !this.stack.process(name).alive())).toEqual([]);
  }

  /** Asks for a payment of one; resolves with its execution once that is accepted. */
  async ask(): Promise<string> {
    const action = transfer(this.stack.world.token, payees(this.stack.world)[0], USDC);
    const accepted = await until("an execution is accepted", async () => {
      const reply = await this.owner.execute(this.sessionId, action);
      // The gateway finds a restarted peer within seconds of its return; until then it says 503.
      return reply.status === 503 ? undefined : reply;
    });
    expect(accepted.status, accepted.text).toBe(202);
    return String(accepted.body.executionId);
  }

  /** The whole way of a payment works, now: nothing stayed broken behind a green status. */
  async pays(): Promise<Execution> {
    const done = await follow(this.owner, await this.ask());
    expect(done.state, JSON.stringify(done.reasons)).toMatch(/MINED|CONFIRMED/);
    return done;
  }
}
