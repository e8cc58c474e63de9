import type { Hex } from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { operationsOf, type ParsedIntent } from "#platform/intent/intent.js";
import { digestOf } from "#platform/intent/intent-digest.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { type IdFactory, parseExecutionId } from "#platform/kernel/ids.js";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { AuthorizeRequest, AuthorizeResponse } from "#proto/interlock/permissions/v1/permissions.js";
import type { DecideResponse } from "#proto/interlock/policy/v1/policy.js";
import { livenessFault } from "../domain/liveness.js";
import { withSimulation } from "../domain/objections.js";
import { type Reason, reason } from "../domain/reason.js";
import { recall } from "../domain/recent-map.js";
import type { Use } from "../domain/session-command.js";
import { isSession, type Session } from "../domain/session-state.js";
import { actionFacts } from "./action-facts.js";
import { allowedResponse, deniedResponse } from "./authorize-response.js";
import { eventActor } from "./caller.js";
import type { Widening } from "./conditions.js";
import type { Gates } from "./gates.js";
import { sessionNotFound } from "./not-found.js";
import { originOf } from "./origin.js";
import type { PolicyPeer } from "./peers.js";
import { recentSession, visibleSession } from "./session-access.js";
import type { SessionStream } from "./session-stream.js";
import type { TicketOffice } from "./ticket-office.js";
import { usageMessage } from "./usage-message.js";

export interface AuthorizeParts {
  readonly stream: SessionStream;
  readonly policy: PolicyPeer;
  readonly tickets: TicketOffice;
  readonly gates: Gates;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** Conditions that forbid a USE now. */
  readonly conditions: (widening: Widening) => readonly string[];
  /** True for a session that was stopped while the store was away. */
  readonly stopped: (sessionId: string) => boolean;
}

interface Ask {
  readonly state: Session;
  readonly executionId: string;
  readonly intent: ParsedIntent;
  readonly message: Intent;
  readonly digest: Hex;
  readonly simulation: Reason | undefined;
}

/** USE: policy decides, the stream reserves, and only then there is a ticket. */
export class Authorize {
  constructor(private readonly parts: AuthorizeParts) {}

  /**
   * The same execution asked again gets the same answer (a fresh ticket for its own reservation, as long as that may be used).
   * @throws InterlockError VALIDATION_FAILED, NOT_FOUND, INTENT_MISMATCH (same execution, other intent), EXECUTION_FINAL,
   * DEPENDENCY_UNAVAILABLE, RESOURCE_EXHAUSTED
   */
  async execute(request: AuthorizeRequest): Promise<AuthorizeResponse> {
    const executionId = parseExecutionId(request.executionId);
    const intent = parseIntent(request.intent);
    const { state } = await recentSession(this.parts.stream, request.sessionId);
    if (request.intent === undefined) throw new InterlockError("VALIDATION_FAILED", "intent: is required");
    const simulation = request.simulation === undefined || request.simulation.code === "" ? undefined : request.simulation;
    const ask = { state, executionId, intent, message: request.intent, digest: digestOf(intent), simulation };
    return this.parts.gates.enter(state.key.sessionId, () => this.decide(ask));
  }

  private async decide(ask: Ask): Promise<AuthorizeResponse> {
    const { stream, clock, stopped } = this.parts;
    const { sessionId } = ask.state.key;
    if (stopped(sessionId)) throw new InterlockError("DISARMED", "the session was stopped");
    const at = unixSeconds(clock);
    const decision = (await this.allowed(ask, at)) ?? (await this.onTheStream(ask, at));
    const command = this.command(ask, decision, at);
    const origin = originOf(ask.state, eventActor(), ask.executionId);
    const { state, version } = await stream.run(sessionId, command, origin);
    if (!isSession(state)) throw sessionNotFound(sessionId);
    const denied = recall(state.denied, ask.executionId);
    if (denied !== undefined) return deniedResponse(state, version, { ...ask, denied, decision });
    const reservation = state.pending.get(ask.executionId);
    if (reservation === undefined || decision === undefined) {
      throw new InterlockError("CONFLICT", "the reservation was settled meanwhile", { details: { executionId: ask.executionId } });
    }
    const authorization = await this.parts.tickets.issue(state, reservation, unixSeconds(clock));
    await this.assertStillArmed(sessionId);
    return allowedResponse({ state, version, reservation, decision, authorization });
  }

  /** The last look before a ticket leaves: a DISARM through another replica may have landed since the reservation. */
  private async assertStillArmed(sessionId: string): Promise<void> {
    const { state } = await this.parts.stream.load(sessionId);
    if (!isSession(state)) throw sessionNotFound(sessionId);
    const fault = livenessFault(state, unixSeconds(this.parts.clock));
    if (fault !== undefined) throw new InterlockError(fault.code, fault.message);
  }

  /** Policy's word if it allows the intent with the usage this process knows; the reservation itself is decided on the stream. */
  private async allowed(ask: Ask, at: number): Promise<DecideResponse | undefined> {
    const decision = await this.askPolicy(ask, at);
    return decision?.record?.outcome === "allow" ? decision : undefined;
  }

  /** Nothing is refused by what this process knew: policy is asked with the session as its stream says now. */
  private async onTheStream(ask: Ask, at: number): Promise<DecideResponse | undefined> {
    const { state } = await visibleSession(this.parts.stream, ask.state.key.sessionId);
    return this.askPolicy({ ...ask, state }, at);
  }

  /** Policy's word; undefined where the session or a condition refuses whatever policy says. */
  private async askPolicy({ state, executionId, message }: Ask, at: number): Promise<DecideResponse | undefined> {
    const conditions = [...this.parts.conditions("useOpen")];
    if (conditions.length > 0 || livenessFault(state, at) !== undefined || recall(state.denied, executionId) !== undefined)
      return undefined;
    const usage = usageMessage(state, at, executionId);
    const { sessionId } = state.key;
    const { document, policy } = state.grant;
    return this.parts.policy.decide({ executionId, sessionId, document, policy, intent: message, usage, at: String(at), conditions });
  }

  private command({ executionId, intent, digest, simulation }: Ask, decision: DecideResponse | undefined, at: number): Use {
    const { ids, conditions } = this.parts;
    const record = decision?.record;
    const spends = (record?.spends ?? []).map(({ token, amount }) => ({ token: hexAddress(token), amount: BigInt(amount) }));
    return {
      kind: "use",
      executionId,
      reservationId: ids.next(),
      digest,
      chainId: String(intent.chainId),
      module: intent.module.toLowerCase(),
      policyId: intent.policyId,
      nonce: String(intent.nonce),
      deadline: Number(intent.deadline),
      ...actionFacts(intent.action),
      decisionId: record?.decisionId ?? "",
      evaluatorVersion: record?.evaluatorVersion ?? "",
      operation: { operations: operationsOf(intent.action), spends },
      objections: objectionsOf(decision, digest, simulation),
      conditions: conditions("useOpen"),
      at,
    };
  }
}

/** Why policy or the simulation refuse. An answer that is not about this very intent is no permission. */
function objectionsOf(decision: DecideResponse | undefined, digest: Hex, simulation: Reason | undefined): readonly Reason[] {
  const record = decision?.record;
  const reasons = withSimulation(record?.reasons ?? [], simulation);
  if (reasons.length > 0) return reasons;
  if (record === undefined || record.outcome !== "allow") return [reason("POLICY_DENIED", "policy did not allow it")];
  if (record.digest.toLowerCase() !== digest)
    return [reason("INTENT_MISMATCH", "policy decided on another intent", { path: "decision.digest" })];
  return [];
}

function hexAddress(text: string): `0x${string}` {
  return `0x${text.slice(2).toLowerCase()}`;
}
