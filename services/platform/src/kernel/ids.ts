import { V7Generator } from "uuidv7";
import { InterlockError } from "../errors/interlock-error.js";
import type { Clock } from "./clock.js";

declare const brand: unique symbol;
/** `T` that only the parser of `Name` makes, so that one kind of id is never taken for another. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type SessionId = Brand<string, "SessionId">;
export type ExecutionId = Brand<string, "ExecutionId">;
export type EventId = Brand<string, "EventId">;
export type DecisionId = Brand<string, "DecisionId">;
/** `chainId:0xaddress`, lower case: the account of 00-overview "Words" and the key of the event log. */
export type AccountId = Brand<string, "AccountId">;

/** Makes time-ordered UUIDs (RFC 9562, version 7). */
export interface IdFactory {
  next(): string;
}

/** Ids that follow `clock` and never go back inside one process. */
export function uuidV7Factory(clock: Clock): IdFactory {
  const generator = new V7Generator();
  return { next: () => generator.generateOrResetWithTs(clock.now().getTime()).toString() };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ACCOUNT = /^([1-9][0-9]{0,19}):(0x[0-9a-fA-F]{40})$/;

function refuse(field: string, rule: string, value: string): never {
  throw new InterlockError("VALIDATION_FAILED", `${field}: ${rule}`, { details: { field, rule, value: value.slice(0, 100) } });
}

function uuid<Id extends string>(field: string, value: string): Id {
  if (!UUID.test(value)) refuse(field, "must be a lower-case UUID", value);
  return value as Id;
}

/** @throws InterlockError VALIDATION_FAILED naming `field` when `value` is no lower-case UUID. */
export const parseSessionId = (value: string, field = "session_id"): SessionId => uuid<SessionId>(field, value);
/** @throws InterlockError VALIDATION_FAILED naming `field` when `value` is no lower-case UUID. */
export const parseExecutionId = (value: string, field = "execution_id"): ExecutionId => uuid<ExecutionId>(field, value);
/** @throws InterlockError VALIDATION_FAILED naming `field` when `value` is no lower-case UUID. */
export const parseEventId = (value: string, field = "event_id"): EventId => uuid<EventId>(field, value);
/** @throws InterlockError VALIDATION_FAILED naming `field` when `value` is no lower-case UUID. */
export const parseDecisionId = (value: string, field = "decision_id"): DecisionId => uuid<DecisionId>(field, value);

/**
 * `chainId:0xaddress` in lower case.
 * @throws InterlockError VALIDATION_FAILED naming `field` for anything else.
 */
export function parseAccountId(value: string, field = "account"): AccountId {
  if (!ACCOUNT.test(value)) refuse(field, "must be chainId:0xaddress", value);
  return value.toLowerCase() as AccountId;
}

/** The account id of an address on a chain. @throws InterlockError VALIDATION_FAILED when the address is malformed. */
export function accountId(chainId: number | bigint, address: string, field = "account"): AccountId {
  return parseAccountId(`${chainId}:${address}`, field);
}

/** The two halves of an account id. */
export function splitAccountId(account: AccountId): { readonly chainId: bigint; readonly address: `0x${string}` } {
  const [chain = "", address = ""] = account.split(":");
  return { chainId: BigInt(chain), address: `0x${address.slice(2)}` };
}
