import type { Address, Hex } from "viem";
import type { Usage } from "#proto/interlock/common/v1/common.js";
import type { KeyRecord } from "../../domain/envelope/key-record.js";
import type { KeyState, SessionKey } from "../../domain/key/session-key.js";
import { usageFromJson } from "../../domain/ledger/usage-json.js";

/** A row of vault.session_key as `pg` parses it. */
export interface KeyRow {
  readonly key_ref: string;
  readonly session_id: string;
  readonly account: Address;
  readonly chain_id: string;
  readonly module: Address;
  readonly owners: Address[];
  readonly threshold: number;
  readonly key_gen: number;
  readonly pubkey: Buffer;
  readonly address: Address;
  readonly v: 1;
  readonly alg: "secp256k1";
  readonly provider: string;
  readonly kek_version: number;
  readonly dek_salt: Buffer;
  readonly dek_iv: Buffer;
  readonly wrapped_dek: Buffer;
  readonly iv: Buffer;
  readonly encrypted_key: Buffer;
  readonly commitment: Buffer;
  readonly floor_hash: Buffer;
  readonly state: KeyState;
  readonly generation: number;
  readonly floor: string | null;
  readonly policy_id: Hex | null;
  readonly policy_hash: Hex | null;
  readonly usage: Usage;
  readonly stream_version: number;
}

/** The key in a row. */
export function toSessionKey(row: KeyRow): SessionKey {
  const { floor, policy_id: policyId, policy_hash: policyHash } = row;
  return {
    record: toRecord(row),
    address: row.address,
    state: row.state,
    generation: row.generation,
    sealed: floor === null || policyId === null || policyHash === null ? undefined : { floor, policyId, policyHash },
    usage: usageFromJson(row.usage),
    streamVersion: row.stream_version,
  };
}

function toRecord(row: KeyRow): KeyRecord {
  return {
    keyRef: row.key_ref,
    sessionId: row.session_id,
    account: row.account,
    chainId: row.chain_id,
    module: row.module,
    owners: row.owners,
    threshold: row.threshold,
    generation: row.key_gen,
    pubkey: hex(row.pubkey),
    v: row.v,
    alg: row.alg,
    provider: row.provider,
    kekVersion: row.kek_version,
    dekSalt: hex(row.dek_salt),
    dekIv: hex(row.dek_iv),
    wrappedDek: hex(row.wrapped_dek),
    iv: hex(row.iv),
    encryptedKey: hex(row.encrypted_key),
    commitment: hex(row.commitment),
    floorHash: hex(row.floor_hash),
  };
}

export function hex(bytes: Buffer): Hex {
  return `0x${bytes.toString("hex")}`;
}

export function bytea(value: Hex): Buffer {
  return Buffer.from(value.slice(2), "hex");
}
