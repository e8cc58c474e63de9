import { z } from "zod";
import type { LadderCapability } from "#platform/degradation/ladder.js";
import { hasCode, type InterlockError } from "#platform/errors/interlock-error.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { MonitorServiceClient } from "#proto/interlock/monitor/v1/monitor.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { Client, type Reply } from "../e2e/client.js";
import { payees, payments } from "../e2e/documents.js";
import { transfer } from "../e2e/execution.js";
import { draft, grant } from "../e2e/grant.js";
import { Impostor } from "../e2e/impostor.js";
import { newSafe, type OwnedSafe, USDC } from "../e2e/safe.js";
import { signIn } from "../e2e/sign-in.js";

/** What a service did when it was asked: it served, or it refused and said why. `other` is neither, and never right. */
export type Answer =
  | { readonly kind: "served" }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "other"; readonly words: string };

/** Cells whose answer is seen from outside; auditAppend is no call, and both USE cells are one. */
export const PROBED = [
  "useOpen",
  "arm",
  "login",
  "list",
  "monitoring",
  "auditExport",
  "disarm",
] as const satisfies readonly LadderCapability[];
export type Probed = (typeof PROBED)[number];

const refusal = z.looseObject({ code: z.string() });

function answerOf({ status, body, text }: Reply): Answer {
  if (status < 300) return { kind: "served" };
  const code = refusal.safeParse(body).data?.code;
  const away = code === "CONDITION" || code === "DEPENDENCY_UNAVAILABLE" || code === "DEADLINE_EXCEEDED";
  return { kind: status >= 500 && away ? "refused" : "other", words: text };
}

/** Asks the running services for each cell of the ladder, as owners do. */
export class CellProbes {
  private readonly impostor: Impostor;
  private readonly monitor: GrpcClient<MonitorServiceClient>;

  private constructor(
    private readonly stack: Stack,
    readonly safe: OwnedSafe,
    private readonly owner: Client,
    private readonly armed: string,
    /** Sessions that are there to be stopped, one for each probe of DISARM. */
    private readonly spare: string[],
  ) {
    this.impostor = new Impostor(stack, "gateway");
    this.monitor = this.impostor.client<MonitorServiceClient>("monitor");
  }

  /** @param stops how many times DISARM will be probed */
  static async open(stack: Stack, stops: number): Promise<CellProbes> {
    const anybody = new Client(stack.gatewayUrl);
    const safe = await newSafe(stack);
    const owner = anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken);
    const { sessionId } = await grant(stack, owner, safe, payments(stack.world, { max: 0, perWindow: 10_000n * USDC }));
    const spare: string[] = [];
    for (let i = 0; i < stops; i += 1) spare.push((await draft(owner, safe, payments(stack.world))).sessionId);
    return new CellProbes(stack, safe, owner, sessionId, spare);
  }

  async ask(cell: Probed): Promise<Answer> {
    try {
      return await this.question(cell);
    } catch (error) {
      return { kind: "other", words: error instanceof Error ? error.message : String(error) };
    }
  }

  close(): void {
    this.impostor.close();
  }

  private async question(cell: Probed): Promise<Answer> {
    const { stack, owner, safe } = this;
    switch (cell) {
      case "useOpen":
        return answerOf(await owner.execute(this.armed, transfer(stack.world.token, payees(stack.world)[0], USDC)));
      case "arm": {
        const body = { account: safe.address, chainId: 31_337, document: payments(stack.world), preset: "24h" };
        return answerOf(await owner.post("/v1/session_keys/grant", body));
      }
      case "login":
        return answerOf(await new Client(stack.gatewayUrl).get("/v1/auth/nonce"));
      case "list":
        return answerOf(await owner.get(`/v1/session_keys/list/${safe.owners[0].address}`));
      case "auditExport":
        return answerOf(await owner.get("/v1/audit/events?limit=1", { accept: "application/x-ndjson" }));
      case "disarm": {
        const sessionId = this.spare.pop();
        if (sessionId === undefined) throw new Error("no session is left to be stopped");
        return answerOf(await owner.post("/v1/session_keys/revoke", { sessionId, reason: "probe" }));
      }
      case "monitoring":
        return this.positions();
    }
  }

  private async positions(): Promise<Answer> {
    const { safe } = this;
    const sub = safe.owners[0].address.toLowerCase();
    const act = { sub, kind: "owner" as const, accounts: [`31337:${safe.address.toLowerCase()}`], authMethod: "siwe" };
    try {
      await this.monitor.getPositions({ account: safe.address, chainId: "31337" }, { act, deadlineMs: 5_000 });
      return { kind: "served" };
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const away = hasCode(error as InterlockError, "CONDITION", "DEPENDENCY_UNAVAILABLE", "DEADLINE_EXCEEDED");
      return { kind: away ? "refused" : "other", words };
    }
  }
}
