import type { Address } from "viem";
import { z } from "zod";
import { type Condition, isCondition } from "#platform/health/condition.js";
import { fund } from "../../../../deploy/local/world.js";
import { Client } from "../../e2e/client.js";
import { payees, payments } from "../../e2e/documents.js";
import { draft, grant } from "../../e2e/grant.js";
import { newSafe, type OwnedSafe } from "../../e2e/safe.js";
import { signIn } from "../../e2e/sign-in.js";
import { until } from "../../e2e/until.js";
import type { Cluster } from "../cluster.js";
import type { Access } from "../installation.js";

const statusSchema = z.object({
  services: z.array(
    z.object({
      name: z.string(),
      reachable: z.boolean(),
      conditions: z.array(z.object({ condition: z.string() })),
      capabilities: z.array(z.object({ name: z.string(), available: z.boolean() })),
    }),
  ),
});
export type Services = z.infer<typeof statusSchema>["services"];

/** Without these nothing can be signed. */
const SIGNERS = ["policy", "vault", "relay"];

const servicesOf = async (client: Client): Promise<Services> => statusSchema.parse(await client.must("GET", "/v1/status")).services;

/** What the test before took away may still be on its way back. */
export const nothingIsDown = (client: Client) =>
  until(
    "every service is there and says of no condition",
    async () => ((await servicesOf(client)).every(({ reachable, conditions }) => reachable && conditions.length === 0) ? true : undefined),
    120_000,
  );

/** An owner with a Safe, an armed session, and drafts that can be disarmed: what every cell of the table is probed with. */
export class LadderBed {
  private constructor(
    readonly way: Access,
    private readonly cluster: Cluster,
    readonly safe: OwnedSafe,
    readonly owner: Client,
    readonly anybody: Client,
    readonly sessionId: string,
    private readonly drafts: string[],
  ) {}

  /** @param stops how many DISARMs there may be */
  static async open(way: Access, cluster: Cluster, stops: number): Promise<LadderBed> {
    const safe = await newSafe(way);
    await fund(way.world, safe.owners[0].address, "10");
    const anybody = new Client(way.gatewayUrl);
    await nothingIsDown(anybody);
    const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    // What was away is asked again by its callers after some seconds, whatever it says of itself by then.
    const first = await until("a draft is taken on", () => draft(owner, safe, payments(way.world)), 60_000);
    const { sessionId } = await grant(way, owner, safe, payments(way.world, { max: 0 }));
    const drafts: string[] = [first.sessionId];
    while (drafts.length < stops) drafts.push((await draft(owner, safe, payments(way.world))).sessionId);
    return new LadderBed(way, cluster, safe, owner, anybody, sessionId, drafts);
  }

  get payee(): Address {
    return payees(this.way.world)[0];
  }

  /** A session that was not disarmed before. */
  takeDraft(): string {
    const next = this.drafts.pop();
    if (next === undefined) throw new Error("the bed has no draft left to disarm");
    return next;
  }

  /** True when permissions' log has an event of this type for the session; false too when its database cannot say. */
  async isRecorded(sessionId: string, type: string): Promise<boolean> {
    const statement = `SELECT count(*) FROM permissions.event WHERE type = '${type}' AND data->>'sessionId' = '${sessionId}'`;
    return this.cluster.sql("interlock", statement).then(
      (count) => count !== "0",
      () => false,
    );
  }

  services(): Promise<Services> {
    return servicesOf(this.anybody);
  }

  /** Conditions that any service says, or that follow from one being away. */
  async conditions(): Promise<ReadonlySet<Condition>> {
    const services = await this.services();
    const away = services.some(({ name, reachable }) => !reachable && SIGNERS.includes(name));
    const said = services.flatMap(({ conditions }) => conditions.map(({ condition }) => condition).filter(isCondition));
    return new Set([...said, ...(away ? (["SignerDown"] as const) : [])]);
  }

  /**
   * Waits until the installation says exactly these conditions. Without a chain, and without anybody to hear the relay, nobody can see
   * whether the relayer has gas: then it may or may not say so. Resolves with the seconds it took.
   */
  async says(wanted: ReadonlySet<Condition>, timeoutMs = 120_000): Promise<number> {
    const began = Date.now();
    const blind = wanted.has("RpcDegraded") || wanted.has("SignerDown");
    const names = (conditions: ReadonlySet<Condition>) =>
      [...conditions]
        .filter((one) => !(blind && one === "PaymasterEmpty"))
        .sort()
        .join(", ");
    let said = "nothing";
    await until(
      `the installation says [${names(wanted)}]`,
      async () => {
        said = names(await this.conditions());
        return said === names(wanted) ? true : undefined;
      },
      timeoutMs,
    ).catch((error: unknown) => {
      throw new Error(`it says [${said}], not [${names(wanted)}], after ${timeoutMs / 1_000} s`, { cause: error });
    });
    return Math.round((Date.now() - began) / 1_000);
  }
}
