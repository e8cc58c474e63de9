import { type Hex, slice } from "viem";
import { findInterlockError, InterlockError } from "#platform/errors/interlock-error.js";
import { encodeExecSigned } from "#platform/intent/encode-exec-signed.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import type { Random } from "#platform/kernel/random.js";
import { keyCall, type SimulatedCall, type Simulator } from "../adapters/chain/simulator.js";
import type { ExecutionStore } from "../adapters/pg/execution-store.js";
import { finishWork, insertWork, type LeasedWork, type NewWork, type WorkTable } from "../adapters/pg/work-table.js";
import { type ChainError, chainReason } from "../domain/chain-reason.js";
import type { ExecutionCommand } from "../domain/execution-command.js";
import { isTerminal } from "../domain/execution-status.js";
import { reason } from "../domain/reason.js";
import { saysSessionGone } from "../domain/session-gone.js";
import { faultPoint } from "./fault-points.js";
import { GasLimits } from "./gas-limits.js";
import type { HeadState } from "./head-state.js";
import { intentOf } from "./intent-of.js";
import type { LeaseWriter } from "./lease-writer.js";
import type { Authorization, PermissionsPort } from "./permissions-port.js";
import { RELAY_ACTOR } from "./relay-actor.js";
import { backoffMs, worthRetrying } from "./retry.js";
import type { VaultPort } from "./vault-port.js";

/** Seconds before an intent's deadline from which nothing new is begun: it could not be mined in time. */
const MARGIN_SECONDS = 5n;

export interface AdvancerDeps {
  readonly permissions: PermissionsPort;
  readonly vault: VaultPort;
  readonly simulator: Simulator;
  readonly executions: ExecutionStore;
  readonly work: WorkTable;
  readonly writer: LeaseWriter;
  readonly head: HeadState;
  readonly clock: Clock;
  readonly random: Random;
}

type Allowed = Extract<Authorization, { allowed: true }>;

/** Brings an execution from RECEIVED to its stored, signed transaction. Every step can be repeated after a crash. */
export class Advancer {
  readonly #gas: GasLimits;

  constructor(private readonly deps: AdvancerDeps) {
    this.#gas = new GasLimits(deps.simulator, deps.clock);
  }

  /** One try. What may succeed later is put off until the intent's deadline; what cannot is ended with its reason. */
  async advance(work: LeasedWork): Promise<void> {
    faultPoint("advance.leased");
    const { state } = work;
    if (isTerminal(state.status) || state.lease !== null) return this.deps.work.done(work);
    if (BigInt(state.deadline) - BigInt(unixSeconds(this.deps.clock)) < MARGIN_SECONDS) return this.#outOfTime(work);
    try {
      await this.#tryOnce(work);
    } catch (error) {
      if (!worthRetrying(error, work.tries)) await this.#refuse(work, error);
      else await this.deps.work.putOff(work, backoffMs(work.tries, this.deps.random.fraction()));
    }
  }

  async #tryOnce(work: LeasedWork): Promise<void> {
    const { permissions, simulator, head } = this.deps;
    const { state } = work;
    const session = await permissions.session(state.sessionId);
    const intent = parseIntent(intentOf(state));
    const proofs = session.proofsFor(intent.action);
    const call = keyCall(session.module, session.policy, intent.action, proofs);
    const refusal = await simulator.refusal(call);
    faultPoint("advance.simulated");
    const simulation = refusal === undefined ? undefined : chainReason(refusal);
    const answer = await permissions.authorize(state.sessionId, state.executionId, intentOf(state), simulation);
    faultPoint("advance.authorized");
    if (!answer.allowed) {
      const { reasons, decisionId } = answer;
      return this.#end(work, { do: "deny", at: this.#now(), reasons, decisionId, reserved: false }, reports(work, refusal));
    }
    if (refusal !== undefined) return this.#failSimulation(work, refusal);
    const gas = await this.#gas.limit(shapeOf(state.policyId, call, intent.action), call);
    if (typeof gas !== "bigint") return this.#failSimulation(work, gas);
    if (!head.canPay(gas)) return this.#hold(work);
    const signature = await this.#sign(work, answer);
    faultPoint("advance.vault-signed");
    const data = encodeExecSigned(session.policy, intent, proofs, signature);
    const body = { to: session.module, data, gas };
    await this.deps.writer.submit({ work, body, deadline: intent.deadline, before: [this.#authorized(answer)] });
  }

  async #sign(work: LeasedWork, answer: Allowed): Promise<Hex> {
    const { keyRef, decision, authorization } = answer;
    const { state } = work;
    try {
      const signed = await this.deps.vault.sign({ keyRef, intent: intentOf(state), decision, authorization });
      if (signed.digest.toLowerCase() === state.intentDigest.toLowerCase()) return signed.signature;
    } catch (error) {
      if (worthRetrying(error, work.tries)) await this.#apply(work, [this.#authorized(answer)]);
      throw error;
    }
    throw new InterlockError("INTENT_MISMATCH", "the vault signed another digest than the intent's");
  }

  /** A refusal for good by permissions or the vault: no signature was handed out for this intent. */
  #refuse(work: LeasedWork, error: unknown): Promise<void> {
    const known = findInterlockError(error);
    if (known === undefined) throw error;
    const reasons = [reason(known.code, known.message)];
    return this.#end(work, { do: "deny", at: this.#now(), reasons, decisionId: work.state.decisionId, reserved: true });
  }

  #failSimulation(work: LeasedWork, refusal: ChainError): Promise<void> {
    const signed = work.state.status === "AUTHORIZED";
    return this.#end(work, { do: "failSimulation", at: this.#now(), reasons: [chainReason(refusal)], signed }, reports(work, refusal));
  }

  #outOfTime(work: LeasedWork): Promise<void> {
    const reasons = [reason("EXPIRED", "the intent's deadline came before it could be signed", "deadline")];
    return this.#end(work, { do: "expire", at: this.#now(), reasons });
  }

  async #hold(work: LeasedWork): Promise<void> {
    await this.#apply(work, [{ do: "hold", at: this.#now(), reason: "insufficient-funds" }]);
    await this.deps.work.putOff(work, backoffMs(work.tries, this.deps.random.fraction()));
  }

  /** Ends the execution and its work in one commit; a lost lease leaves both to whoever has it now. */
  async #end(work: LeasedWork, command: ExecutionCommand, more: readonly NewWork[] = []): Promise<void> {
    const { executions } = this.deps;
    await executions.events.withTransaction(async (tx) => {
      if ((await finishWork(tx, [work])).size === 0) return;
      const [applied] = await executions.apply(tx, [{ executionId: work.executionId, commands: [command] }], RELAY_ACTOR);
      if (applied?.refused === undefined) await insertWork(tx, more);
    });
  }

  async #apply(work: LeasedWork, commands: readonly ExecutionCommand[]): Promise<void> {
    const { executions } = this.deps;
    await executions.events.withTransaction((tx) => executions.apply(tx, [{ executionId: work.executionId, commands }], RELAY_ACTOR));
  }

  #authorized({ decisionId, reservationId }: Allowed): ExecutionCommand {
    return { do: "authorize", at: this.#now(), decisionId, reservationId };
  }

  #now(): string {
    return this.deps.clock.now().toISOString();
  }
}

/** Executions of one shape cost about the same gas: same session, same function of the same target. */
function shapeOf(policyId: string, call: SimulatedCall, action: ReturnType<typeof parseIntent>["action"]): string {
  if (action.kind === "call") return `${policyId}:${action.call.to}:${action.call.data.slice(0, 10)}`;
  if (action.kind === "adapter") return `${policyId}:${action.adapter}:${action.args.slice(0, 10)}`;
  return `${policyId}:${slice(call.data, 0, 4)}:${action.calls.map(({ to, data }) => `${to}:${data.slice(0, 10)}`).join()}`;
}

/** A session that is gone on chain is reported at once, whatever the monitor does. */
function reports({ executionId }: LeasedWork, refusal: ChainError | undefined): NewWork[] {
  if (refusal === undefined || !saysSessionGone(refusal.name)) return [];
  return [{ executionId, task: "report", detail: { error: refusal.name, detail: refusal.detail } }];
}
