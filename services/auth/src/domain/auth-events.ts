import type { NewEvent } from "#platform/event-store/types.js";
import { type AccountId, splitAccountId } from "#platform/kernel/ids.js";
import type { EndReason, LoginRecord } from "./login-record.js";
import type { SealedData } from "./sealed-data.js";

export const AGENT_REGISTERED = "agent.registered.v1";

/** What every event of auth begins with. Never a signature, token, nonce or key. */
function about(account: AccountId): { account: string; chainId: string } {
  const { chainId, address } = splitAccountId(account);
  return { account: address, chainId: chainId.toString() };
}

/** What stands for the secrets of a login: see `AuditMarks`. */
export interface LoginMarks {
  readonly nonceMark?: string;
  readonly tokenMark?: string;
}

/** Somebody proved to control `account` (a wallet or a contract account) and holds a login now. */
export function loginCompleted(account: AccountId, login: LoginRecord, marks: LoginMarks = {}): NewEvent {
  const { id, mode, method, expiresAt } = login;
  const data = { ...about(account), loginId: id, mode, method, expiresAt: expiresAt.toISOString(), ...marks };
  return { type: "login.completed.v1", data };
}

/** Somebody spent a nonce of ours on a sign-in whose signature does not hold. */
export function loginRefused(account: AccountId, reason: string): NewEvent {
  return { type: "login.refused.v1", data: { ...about(account), reason } };
}

/** A login ended before its time. */
export function loggedOut(account: AccountId, loginId: string, reason: EndReason): NewEvent {
  return { type: "logout.v1", data: { ...about(account), loginId, reason } };
}

/** The chain said that the wallet owns the account. */
export function accountLinked(account: AccountId, wallet: string): NewEvent {
  return { type: "account.linked.v1", data: { ...about(account), wallet } };
}

/** The chain said that the wallet does not own the account any more. */
export function accountUnlinked(account: AccountId, wallet: string): NewEvent {
  return { type: "account.unlinked.v1", data: { ...about(account), wallet } };
}

/** An owner gave an agent a credential for one session. */
export function agentRegistered(
  account: AccountId,
  agent: { readonly credentialId: string; readonly sessionId: string; readonly owner: string },
  pii?: SealedData,
): NewEvent {
  const data = { ...about(account), ...agent, ...(pii === undefined ? {} : { pii: { ...pii } }) };
  return { type: AGENT_REGISTERED, data };
}

/** The keys of somebody's personal data were destroyed. */
export function subjectErased(erased: { readonly subjectRef: string; readonly version: number; readonly requestedBy: string }): NewEvent {
  const { subjectRef, version, requestedBy } = erased;
  return { type: "audit.subject_erased.v1", data: { subjectRef, keyVersion: String(version), requestedBy } };
}

/** An owner took an agent's credential away. */
export function agentRevoked(account: AccountId, agent: { readonly credentialId: string; readonly sessionId: string }): NewEvent {
  return { type: "agent.revoked.v1", data: { ...about(account), ...agent } };
}
