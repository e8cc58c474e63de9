import { decide } from "../domain/decide.js";
import { evolve } from "../domain/evolve.js";
import type { Draft, SessionCommand, Settle, Use } from "../domain/session-command.js";
import type { SessionEvent } from "../domain/session-events.js";
import { INITIAL, isSession, type Session, type SessionState } from "../domain/session-state.js";

/** Unix seconds at which the built session's window begins. */
export const START = 1_800_000_000;
export const OWNER = `0x${"a1".repeat(20)}`;
export const OTHER_OWNER = `0x${"a2".repeat(20)}`;
export const SAFE = `0x${"5a".repeat(20)}`;
export const MODULE = `0x${"30".repeat(20)}`;
export const KEY = `0x${"4e".repeat(20)}`;
export const TOKEN = `0x${"70".repeat(20)}` as const;
export const SESSION_ID = "01900000-0000-7000-8000-000000000001";
export const hash = (byte: string) => `0x${byte.repeat(32)}`;

export interface Terms {
  readonly sessionId?: string;
  readonly maxOps?: number;
  readonly rateWindow?: number;
  readonly budgetWindow?: number;
  readonly perOp?: string;
  readonly perPeriod?: string;
  readonly lasts?: number;
  readonly threshold?: number;
  readonly start?: number;
}

/** A draft of a session that may spend one token. */
export function aDraft(terms: Terms = {}): Draft {
  const start = terms.start ?? START;
  const subject = { sessionId: terms.sessionId ?? SESSION_ID, account: SAFE, chainId: "31337" };
  return {
    kind: "draft",
    at: start,
    generated: {
      ...subject,
      module: MODULE,
      keyRef: "key-1",
      keyAddress: KEY,
      publicKey: "0x04",
      kekVersion: "1",
      algorithm: "secp256k1",
      custody: "server",
      attestationKind: "none",
      owners: [OWNER, OTHER_OWNER],
      threshold: terms.threshold ?? 1,
      at: start,
    },
    drafted: {
      ...subject,
      document: "{}",
      policy: {
        safe: SAFE,
        key: KEY,
        validAfter: String(start),
        validUntil: String(start + (terms.lasts ?? 604_800)),
        rateWindow: String(terms.rateWindow ?? 86_400),
        maxOps: terms.maxOps ?? 10,
        budgetWindow: String(terms.budgetWindow ?? 86_400),
        epoch: "0",
        rulesBefore: String(start),
        protocolMask: "2",
        scopeRoot: hash("00"),
        maxSlippageBps: 0,
        policyHash: hash("11"),
        limits: [{ token: TOKEN, perOp: terms.perOp ?? "1000", perPeriod: terms.perPeriod ?? "2000" }],
      },
      policyHash: hash("11"),
      policyId: hash("22"),
      armNonce: "7",
      armDeadline: start + 3_600,
      armDigest: hash("33"),
      safeMessageHash: hash("44"),
      summary: "",
      warnings: [],
      preset: "7d",
      expiresAt: start + 3_600,
      at: start,
    },
  };
}

/** ARM of the built draft. */
export function anArm(at = START + 10): SessionCommand {
  const where = { transactionHash: hash("66"), blockNumber: "5", blockHash: hash("77"), logIndex: 0, confirmations: 1 };
  const proof = { floorHash: hash("88"), ownerSignatureHash: hash("99"), ownerSignatureKind: "safe-message" };
  return { kind: "arm", policyId: hash("22"), policyHash: hash("11"), ...where, ...proof, at };
}

/** Execution id number `n`. */
export const execution = (n: number) => `01900000-0000-7000-9000-${String(n).padStart(12, "0")}`;

/** USE number `n`: one operation that spends `amount` of the token. */
export function aUse(n: number, changes: Partial<Use> & { readonly amount?: bigint } = {}): Use {
  const { amount = 10n, ...rest } = changes;
  const at = rest.at ?? START + 100;
  return {
    kind: "use",
    executionId: execution(n),
    reservationId: execution(n + 500_000),
    digest: `0x${n.toString(16).padStart(64, "0")}`,
    chainId: "31337",
    module: MODULE,
    policyId: hash("22"),
    nonce: String(n),
    deadline: at + 100,
    target: TOKEN,
    selector: "0xa9059cbb",
    calldataHash: hash("ab"),
    decisionId: execution(n + 700_000),
    evaluatorVersion: "1",
    operation: { operations: 1, spends: [{ token: TOKEN, amount }] },
    objections: [],
    conditions: [],
    at,
    ...rest,
  };
}

/** Settle of USE number `n`. */
export function aSettle(n: number, outcome: Settle["outcome"], changes: Partial<Settle> = {}): Settle {
  const at = changes.at ?? START + 105;
  const where = { transactionHash: hash("cc"), blockNumber: "9", blockHash: hash("dd") };
  return { kind: "settle", executionId: execution(n), outcome, ...where, minedAt: at, at, ...changes };
}

/** The events of `command` and the state after them. @throws Error with the code of a refusal */
export function apply(
  state: SessionState,
  command: SessionCommand,
): { readonly state: SessionState; readonly events: readonly SessionEvent[] } {
  const decision = decide(state, command);
  if (decision.kind === "refused") throw new Error(decision.code);
  return { state: decision.events.reduce(evolve, state), events: decision.events };
}

/** The session after `commands`. */
export function sessionAfter(...commands: readonly SessionCommand[]): Session {
  const state = commands.reduce<SessionState>((before, command) => apply(before, command).state, INITIAL);
  if (!isSession(state)) throw new Error("no session");
  return state;
}

/** An armed session. */
export function anArmed(terms: Terms = {}): Session {
  return sessionAfter(aDraft(terms), anArm((terms.start ?? START) + 10));
}
