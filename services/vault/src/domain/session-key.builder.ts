import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { UNUSED } from "#platform/limits/limits-state.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { deriveFloor, type Floor } from "#platform/session-policy/floor.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { ACCOUNT, KEY, MODULE, NOT_BEFORE, PROTOCOLS, policyDocument } from "#platform/session-policy/policy-document.builder.js";
import type { KeyRecord } from "./envelope/key-record.js";
import type { SessionKey } from "./key/session-key.js";
import { sealedFloorText } from "./sealing/sealed-floor.js";

/** Three owners with known keys, ascending by address. */
export const OWNERS = [1, 2, 3]
  .map((n) => privateKeyToAccount(`0x${String(n).padStart(64, "0")}`))
  .toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
/** Somebody who owns nothing. */
export const STRANGER = privateKeyToAccount(`0x${"9".repeat(64)}`);
/** Epoch and registry time that the builder's policies are compiled with. */
export const COMPILED_WITH = { key: KEY, epoch: 4, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS } as const;

const lower = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`;
const repeated = (byte: string, bytes: number): Hex => `0x${byte.repeat(bytes)}`;

/** Policy struct and floor of the builder's document, `over` changing the document. */
export function armedPolicy(over: Readonly<Record<string, unknown>> = {}) {
  const document = policyDocument(over);
  const { policy } = compilePolicy(document, COMPILED_WITH);
  const floor: Floor = deriveFloor(document, policy, MODULE);
  return { document, policy, floor, policyId: policyId(policy) };
}

/** A record of a key that two of the three OWNERS guard. */
export function keyRecord(over: Partial<KeyRecord> = {}): KeyRecord {
  return {
    keyRef: "key-1",
    sessionId: "session-1",
    account: ACCOUNT,
    chainId: "31337",
    module: MODULE,
    owners: OWNERS.map(({ address }) => lower(address)),
    threshold: 2,
    generation: 1,
    pubkey: repeated("02", 33),
    v: 1,
    alg: "secp256k1",
    provider: "file",
    kekVersion: 5,
    dekSalt: repeated("0a", 32),
    dekIv: repeated("0b", 12),
    wrappedDek: repeated("0c", 48),
    iv: repeated("0d", 12),
    encryptedKey: repeated("0e", 48),
    commitment: repeated("0f", 32),
    floorHash: repeated("00", 32),
    ...over,
  };
}

/** A sealed key that has signed nothing yet. */
export function sessionKey(over: Partial<SessionKey> = {}): SessionKey {
  const { floor, policyId: id, policy } = armedPolicy();
  return {
    record: keyRecord(),
    address: KEY,
    state: "sealed",
    generation: 1,
    sealed: { floor: sealedFloorText({ policyId: id, floor }), policyId: id, policyHash: policy.policyHash },
    usage: UNUSED,
    streamVersion: 2,
    ...over,
  };
}
