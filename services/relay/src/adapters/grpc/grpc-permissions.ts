import { getAddress, type Hex } from "viem";
import { isErrorCode } from "#platform/errors/error-table.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import { parseBytes32 } from "#platform/intent/field.js";
import type { ParsedAction } from "#platform/intent/intent.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import type { Actor } from "#platform/service-auth/actor.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { parsePolicyDocument } from "#platform/session-policy/parse.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import { traceHeaders } from "#platform/telemetry/propagation.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { PermissionsServiceClient, Session } from "#proto/interlock/permissions/v1/permissions.js";
import type { Authorization, PermissionsPort, SessionView, SettlementReport } from "../../application/permissions-port.js";
import type { ReasonJson } from "../../domain/execution-event.js";

/** The relay calls for itself: the principal was checked when the execution was received. */
const FOR_ITSELF = { act: null } as const;
const AUTHORIZE = { ...FOR_ITSELF, deadlineMs: 4_000 } as const;
const MOST_SESSIONS = 5_000;

interface TracedReport {
  readonly report: SettlementReport;
  readonly traceparent: string;
}

/** The permissions service over gRPC. What a session is never changes once it is armed, so it is asked for once. */
export class GrpcPermissions implements PermissionsPort {
  readonly #sessions = new Map<string, SessionView>();
  readonly #settling = new GroupCommit<TracedReport, InterlockError | undefined>((reports) => this.#settle(reports));

  constructor(
    private readonly client: GrpcClient<PermissionsServiceClient>,
    private readonly protocols: Readonly<Record<string, number>>,
  ) {}

  async session(sessionId: string, actor?: Actor): Promise<SessionView> {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const session = sessionView(await this.client.getSession({ sessionId }, { act: actor ?? null }), this.protocols);
    if (this.#sessions.size >= MOST_SESSIONS) this.#sessions.clear();
    if (session.state === "armed") this.#sessions.set(sessionId, session);
    return session;
  }

  async authorize(sessionId: string, executionId: string, intent: Intent, simulation: ReasonJson | undefined): Promise<Authorization> {
    const answer = await this.client.authorize({ sessionId, executionId, intent, simulation }, AUTHORIZE);
    const decisionId = answer.record?.decisionId ?? "";
    if (!answer.allowed) return { allowed: false, reasons: (answer.record?.reasons ?? []).map((one) => ({ ...one })), decisionId };
    const { decision, authorization, reservationId, keyRef } = answer;
    return { allowed: true, decision, authorization, reservationId, keyRef, decisionId };
  }

  /** Reports that come while a call is under way share the next one. */
  async settle(report: SettlementReport): Promise<void> {
    const refused = await this.#settling.submit({ report, traceparent: traceHeaders().traceparent ?? "" });
    if (refused !== undefined) throw refused;
  }

  async #settle(reports: readonly TracedReport[]): Promise<(InterlockError | undefined)[]> {
    const settlements = reports.map(({ report }) => ({ ...report }));
    const traceparents = reports.map(({ traceparent }) => traceparent);
    const { results } = await this.client.settleMany({ settlements, traceparents }, FOR_ITSELF);
    return results.map(({ code, message }) =>
      code === "" ? undefined : new InterlockError(isErrorCode(code) ? code : "INTERNAL", message),
    );
  }

  async reportRevocation(session: SessionView, detail: string): Promise<void> {
    const { sessionId, account } = session;
    const nowhere = { transactionHash: "", blockNumber: "", logIndex: "" };
    await this.client.reportRevocation(
      { sessionId, account, chainId: session.chainId.toString(), kind: "sign_path", ...nowhere, detail },
      FOR_ITSELF,
    );
    this.#sessions.delete(sessionId);
  }
}

function sessionView(session: Session, protocols: Readonly<Record<string, number>>): SessionView {
  if (session.policy === undefined)
    throw new InterlockError("NOT_ARMED", "the session has no policy yet", { details: { sessionId: session.sessionId } });
  const policy = policyFromMessage(session.policy);
  const { key, epoch, rulesBefore } = policy;
  const compiled = compilePolicy(parsePolicyDocument(session.document), { key, epoch, rulesBefore, protocols });
  return {
    sessionId: session.sessionId,
    account: getAddress(session.account),
    chainId: BigInt(session.chainId),
    module: getAddress(session.module),
    policyId: parseBytes32("policy_id", session.policyId),
    policy,
    state: session.state,
    proofsFor: (action: ParsedAction): Hex[][] => compiled.proofFor(action),
  };
}
