import { type Hex, isHex } from "viem";
import type { CloudEvent } from "#platform/event-log/cloud-event-record.js";
import { isJsonObject, type JsonObject } from "#platform/kernel/json.js";

/** An entry of the log that says that something is on the chain. */
export interface LogClaim {
  readonly eventId: string;
  readonly type: string;
  readonly account: string;
  readonly transactionHash: Hex;
  readonly blockNumber?: bigint | undefined;
  readonly blockHash?: Hex | undefined;
}

/** What an entry says of a session: which policy and key it has, or that it is over. */
export interface LoggedSession {
  readonly sessionId: string;
  readonly account: string;
  readonly policyId?: string | undefined;
  readonly key?: string | undefined;
  readonly over: boolean;
}

/** Types that say that a transaction of ours, or one that concerns us, is in a block. */
const INCLUDED = new Set([
  "execution.mined.v1",
  "execution.confirmed.v1",
  "session.use.committed.v1",
  "session.armed.v1",
  "session.revocation_confirmed.v1",
  "session.revoked_externally.v1",
  "revocation.observed.v1",
  "emergency.closed.v1",
]);

/** Types after which the chain may end the session, or has ended it, without an entry that names the transaction. */
const OVER = new Set([
  "session.disarmed.v1",
  "session.forfeited.v1",
  "session.expired.v1",
  "session.revoked_externally.v1",
  "session.revocation_confirmed.v1",
]);

/** Types that may name a transaction of the account itself, in which our module says nothing. */
const OF_THE_ACCOUNT = new Set(["session.revoked_externally.v1", "revocation.observed.v1"]);

/** Types by which the log itself takes an inclusion back. */
const WITHDRAWN = new Set(["execution.reorged.v1", "session.use.reorged.v1"]);

const ADDRESS = /^0x[0-9a-f]{40}$/;

const text = (data: JsonObject, name: string) => {
  const value = data[name];
  return typeof value === "string" && value !== "" ? value.toLowerCase() : undefined;
};
const hash = (value: string | undefined) => (isHex(value) && value.length === 66 ? value : undefined);

/** The account an entry is about on chain `chainId`, lower case; undefined for entries of none or of another chain. */
export function accountOf({ attributes }: CloudEvent, chainId: number): string | undefined {
  const { partitionkey } = attributes;
  if (typeof partitionkey !== "string") return undefined;
  const [chain, account] = partitionkey.toLowerCase().split(":");
  return chain === String(chainId) && account !== undefined && ADDRESS.test(account) ? account : undefined;
}

/** What `event` says is on the chain, if anything. A mined execution that failed had no effect there. */
export function readClaim(event: CloudEvent, chainId: number): LogClaim | undefined {
  const account = accountOf(event, chainId);
  if (account === undefined || !INCLUDED.has(event.type) || event.data.success === false) return undefined;
  const place = isJsonObject(event.data.at) ? event.data.at : event.data;
  const transactionHash = hash(text(place, "transactionHash"));
  if (transactionHash === undefined) return undefined;
  const block = text(place, "blockNumber");
  return {
    eventId: event.id,
    type: event.type,
    account,
    transactionHash,
    blockNumber: block !== undefined && /^[0-9]{1,18}$/.test(block) ? BigInt(block) : undefined,
    blockHash: hash(text(place, "blockHash")),
  };
}

/** True when our module must have said something in the transaction the claim names. */
export function isOfModule({ type }: LogClaim): boolean {
  return !OF_THE_ACCOUNT.has(type);
}

/** The block and transaction of which `event` says that they are not part of the chain any more. */
export function readWithdrawal({ type, data }: CloudEvent): { readonly transactionHash: Hex; readonly blockHash: Hex } | undefined {
  const [transactionHash, blockHash] = [hash(text(data, "transactionHash")), hash(text(data, "blockHash"))];
  return WITHDRAWN.has(type) && transactionHash !== undefined && blockHash !== undefined ? { transactionHash, blockHash } : undefined;
}

/** What `event` says of a session, if anything. */
export function readSession(event: CloudEvent, chainId: number): LoggedSession | undefined {
  const account = accountOf(event, chainId);
  const sessionId = text(event.data, "sessionId");
  if (account === undefined || sessionId === undefined || !event.type.startsWith("session.")) return undefined;
  return {
    sessionId,
    account,
    policyId: hash(text(event.data, "policyId")),
    key: text(event.data, "keyAddress"),
    over: OVER.has(event.type),
  };
}
