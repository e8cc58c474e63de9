import { randomUUID } from "node:crypto";
import { intentDigest } from "#platform/intent/intent-digest.js";
import type { DecideRequest, DecideResponse, DecisionRecord, ExplainResponse, LintResponse } from "#proto/interlock/policy/v1/policy.js";
import type { PolicyPeer } from "../application/peers.js";
import { type Reason } from "../domain/reason.js";
import { hash, TOKEN } from "./session.builder.js";

/** Policy that allows every transfer unless told otherwise, and judges no limits: the stream has to. */
export class FakePolicy implements PolicyPeer {
  reasons: Reason[] = [];
  calls = 0;

  async decide(request: DecideRequest): Promise<DecideResponse> {
    this.calls += 1;
    return { record: this.record(request), decision: `decision-${this.calls}` };
  }

  async explain({ request }: { request?: DecideRequest | undefined }): Promise<ExplainResponse> {
    if (request === undefined) throw new Error("nothing to explain");
    return { record: this.record(request) };
  }

  async lint({ document }: { document: string }): Promise<LintResponse> {
    return { canonical: document, policyHash: hash("11"), summary: "", problems: [], warnings: [] };
  }

  private record({ executionId, sessionId, intent, usage, at, conditions }: DecideRequest): DecisionRecord {
    if (intent === undefined) throw new Error("no intent");
    const data = intent.action?.call?.data ?? "0x";
    const amount = data.length < 138 ? "0" : String(BigInt(`0x${data.slice(74, 138)}`));
    return {
      decisionId: randomUUID(),
      executionId,
      sessionId,
      policyHash: hash("11"),
      evaluatorVersion: "fake",
      abiSetHash: "",
      digest: intentDigest(intent),
      outcome: this.reasons.length === 0 ? "allow" : "deny",
      reasons: this.reasons,
      usageBefore: usage,
      usageAfter: undefined,
      conditions,
      at,
      spends: [{ token: TOKEN, amount }],
      operations: 1,
    };
  }
}
