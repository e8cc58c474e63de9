import { requireCell } from "#platform/degradation/require-cell.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import { digestOf } from "#platform/intent/intent-digest.js";
import { parseAction, parseIntent } from "#platform/intent/parse-intent.js";
import { type Clock, unixSeconds } from "#platform/kernel/clock.js";
import { type IdFactory, parseSessionId } from "#platform/kernel/ids.js";
import { GroupCommit } from "#platform/mailbox/group-commit.js";
import type { Actor } from "#platform/service-auth/actor.js";
import type { Action } from "#proto/interlock/common/v1/common.js";
import { executionOfKey } from "../adapters/pg/execute-keys.js";
import type { NewExecution } from "../adapters/pg/execution-begin.js";
import type { ExecutionReader } from "../adapters/pg/execution-reader.js";
import { accountKey, type ExecutionStore, type StoredExecution } from "../adapters/pg/execution-store.js";
import type { IntentNonces } from "../adapters/pg/intent-nonces.js";
import { actionJson } from "../domain/action.js";
import type { Received } from "../domain/execution-event.js";
import { faultPoint } from "./fault-points.js";
import { intentOf } from "./intent-of.js";
import { ownSession } from "./own-session.js";
import type { PermissionsPort, SessionView } from "./permissions-port.js";
import { eventActor, scopeOf } from "./principal.js";

/** Seconds an intent lives from its reception: below the vault's 120 s, so that a signature is still allowed near the end. */
const INTENT_SECONDS = 100;
const FINGERPRINT = /^[0-9a-f]{64}$/;

export interface ReceiveDeps {
  readonly permissions: PermissionsPort;
  readonly executions: ExecutionStore;
  readonly reader: ExecutionReader;
  readonly nonces: IntentNonces;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly capabilities: Pick<CapabilityRegistry, "held">;
  /** Told after each commit that there is something to advance. */
  readonly onReceived: () => void;
}

export interface ReceiveRequest {
  readonly sessionId: string;
  readonly action: Action | undefined;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

/** Accepts executions: key, RECEIVED and the work to do are one commit. */
export class Receive {
  readonly #commits = new GroupCommit<NewExecution, string | undefined>((wanted) => this.#begin(wanted));

  constructor(private readonly deps: ReceiveDeps) {}

  /**
   * Begins an execution, or finds the one the same key began.
   * @throws InterlockError VALIDATION_FAILED, CONDITION while the ladder allows no USE, IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_REUSED, NOT_FOUND (also for a foreign session), NOT_ARMED
   */
  async receive(actor: Actor, request: ReceiveRequest): Promise<StoredExecution & { readonly replayed: boolean }> {
    const sessionId = parseSessionId(request.sessionId);
    const action = parseAction(request.action);
    checkKey(request);
    requireCell("useOpen", this.deps.capabilities.held());
    const session = await ownSession(this.deps.permissions, actor, sessionId);
    const executionId = this.deps.ids.next();
    const event = await this.#received(session, executionId, actionJson(action), actor);
    const account = accountKey({ chainId: session.chainId.toString(), account: session.account });
    const claim = { account, key: request.idempotencyKey, fingerprint: request.fingerprint };
    const wanted = this.deps.executions.prepare(claim, event, eventActor(actor));
    const before = await this.#commits.submit(wanted);
    if (before === undefined) {
      const { state } = wanted;
      return { state, version: 1, createdAt: event.data.at, updatedAt: event.data.at, replayed: false };
    }
    const stored = await this.deps.reader.find(scopeOf(actor), before);
    if (stored === undefined) throw new InterlockError("NOT_FOUND", "There is no such execution");
    return { ...stored, replayed: true };
  }

  /** For each: undefined when it began, else the execution that its key began before. */
  async #begin(wanted: readonly NewExecution[]): Promise<(string | undefined)[]> {
    const before = await this.deps.executions.events.withTransaction(async (tx) => {
      const begun = await this.deps.executions.begin(tx, wanted);
      const known: (string | undefined)[] = [];
      for (const { claim, state } of wanted) known.push(begun.has(state.executionId) ? undefined : await executionOfKey(tx, claim));
      faultPoint("received.before-commit");
      return known;
    });
    faultPoint("received.after-commit");
    if (before.includes(undefined)) this.deps.onReceived();
    return before;
  }

  async #received(session: SessionView, executionId: string, action: Received["data"]["action"], actor: Actor): Promise<Received> {
    const { clock, nonces } = this.deps;
    const nonce = await nonces.next(session.sessionId);
    const fixed = {
      chainId: session.chainId.toString(),
      module: session.module,
      policyId: session.policyId,
      action,
      intentNonce: nonce.toString(),
      deadline: String(unixSeconds(clock) + INTENT_SECONDS),
    };
    const intentDigest = digestOf(parseIntent(intentOf(fixed)));
    const who = { executionId, sessionId: session.sessionId, account: session.account.toLowerCase() };
    const at = clock.now().toISOString();
    return { type: "execution.received.v1", data: { ...who, ...fixed, intentDigest, requestedBy: actor.sub, at } };
  }
}

function checkKey({ idempotencyKey, fingerprint }: ReceiveRequest): void {
  if (idempotencyKey === "") throw new InterlockError("IDEMPOTENCY_KEY_MISSING", "idempotency_key: is required");
  if (idempotencyKey.length > 255) refuse("idempotency_key", "must be at most 255 characters", `${idempotencyKey.length} characters`);
  if (/\p{Cc}|\p{Cs}/u.test(idempotencyKey)) refuse("idempotency_key", "must not hold control characters", "a control character");
  if (!FINGERPRINT.test(fingerprint)) refuse("fingerprint", "must be SHA-256 in lower-case hex", fingerprint);
}

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}
