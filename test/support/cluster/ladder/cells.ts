import type { LadderCapability } from "#platform/degradation/ladder.js";
import type { Condition } from "#platform/health/condition.js";
import type { Reply } from "../../e2e/client.js";
import { payments } from "../../e2e/documents.js";
import { transfer } from "../../e2e/execution.js";
import { USDC } from "../../e2e/safe.js";
import { signIn } from "../../e2e/sign-in.js";
import { closeByCalldata, closeOnChain } from "./emergency-close.js";
import { endOf } from "./end-of-execution.js";
import type { LadderBed } from "./ladder-bed.js";

/** What came of asking for a capability: whether it was served, and what was said. */
export interface Outcome {
  readonly served: boolean;
  readonly said: string;
}

type Probe = (bed: LadderBed, conditions: ReadonlySet<Condition>) => Promise<Outcome>;

const short = ({ status, body }: Reply) =>
  `${status}${body.code === undefined ? "" : ` ${String(body.code)}: ${String(body.detail ?? "")}`}`;
const by =
  (...good: readonly number[]) =>
  (reply: Reply): Outcome => {
    if (reply.status === 500) throw new Error(`a refusal nobody foresaw: ${short(reply)}`);
    return { served: good.includes(reply.status), said: short(reply) };
  };

/** A payment of one: served when it is mined. One that waits for a condition to pass is not served. */
const pay: Probe = async (bed) => {
  const reply = await bed.owner.execute(bed.sessionId, transfer(bed.way.world.token, bed.payee, USDC));
  if (reply.status !== 202) return { served: false, said: short(reply) };
  const end = await endOf(bed.owner, String(reply.body.executionId));
  return { served: ["MINED", "CONFIRMED"].includes(end.state), said: [end.state, ...end.reasons].join(" ") };
};

/** A stop's event is recorded: it is in permissions' own log, from which it is published. */
const recorded: Probe = async (bed) => {
  const sessionId = bed.takeDraft();
  await bed.owner.post("/v1/session_keys/revoke", { sessionId, reason: "ladder" });
  const served = await bed.isRecorded(sessionId, "session.disarmed.v1");
  return { served, said: served ? "recorded" : "not recorded" };
};

const available =
  (service: string, capability: string): Probe =>
  async (bed) => {
    const found = (await bed.services()).find(({ name }) => name === service);
    const served = found?.reachable === true && found.capabilities.some(({ name, available: is }) => name === capability && is);
    return { served, said: served ? "available" : "not available" };
  };

/** One probe per column of the ladder, each as somebody outside sees it. */
export const CELLS: Readonly<Record<LadderCapability, Probe>> = {
  emergencyClose: async (bed, conditions) => ({
    served: true,
    said: await (conditions.has("RpcDegraded") ? closeByCalldata : closeOnChain)(bed.way, bed.safe),
  }),
  disarm: async (bed) => by(200, 202)(await bed.owner.post("/v1/session_keys/revoke", { sessionId: bed.takeDraft(), reason: "ladder" })),
  // The server makes no difference between uses that only reduce and others; the stricter column is the one it follows.
  useReduceOnly: pay,
  useOpen: pay,
  arm: async (bed) => {
    const document = payments(bed.way.world);
    const body = { account: bed.safe.address, chainId: 31_337, document, preset: "24h" };
    return by(200, 201)(await bed.owner.post("/v1/session_keys/grant", body));
  },
  login: async (bed) =>
    signIn(bed.anybody, bed.safe.owners[0]).then(
      () => ({ served: true, said: "signed in" }),
      (error: unknown) => ({ served: false, said: error instanceof Error ? error.message.slice(0, 160) : "failed" }),
    ),
  list: async (bed) => by(200)(await bed.owner.get(`/v1/session_keys/list/${bed.safe.owners[0].address}`)),
  monitoring: available("monitor", "monitoring"),
  auditAppend: recorded,
  auditExport: async (bed) => by(200)(await bed.owner.get("/v1/audit/events?limit=1", { accept: "application/x-ndjson" })),
};
