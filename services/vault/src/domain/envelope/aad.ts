import type { Hex } from "viem";
import type { KeyIdentity, WrappedDek } from "./key-record.js";
import { encodeTlv } from "./tlv.js";

/** The part of an identity that the DEK layer binds: enough that no wrapped key serves another row. */
export type DekBinding = Pick<KeyIdentity, "keyRef" | "account" | "generation">;

/**
 * AAD of the key layer. Without the KEK's version, so that a rewrap under a new KEK never opens the key.
 * The floor's hash is in it, so that limits cannot be changed without opening the key, which only signer-core can.
 */
export function keyAad(identity: KeyIdentity, floorHash: Hex): Buffer {
  return encodeTlv([
    [1, "kv1/key"],
    [2, "secp256k1"],
    [3, identity.keyRef],
    [4, identity.sessionId],
    [5, bytes(identity.account)],
    [6, identity.chainId],
    [7, bytes(identity.module)],
    [8, Buffer.concat(identity.owners.map(bytes))],
    [9, identity.threshold],
    [10, identity.generation],
    [11, bytes(identity.pubkey)],
    [12, bytes(floorHash)],
  ]);
}

/** AAD of the DEK layer, and the HKDF info of its wrapping key: with the KEK's version, so that no older version is accepted in its place. */
export function dekAad(binding: DekBinding, wrapped: Pick<WrappedDek, "provider" | "kekVersion" | "dekSalt">): Buffer {
  return encodeTlv([
    [1, "kv1/dek"],
    [2, binding.keyRef],
    [3, bytes(binding.account)],
    [4, binding.generation],
    [5, wrapped.provider],
    [6, wrapped.kekVersion],
    [7, bytes(wrapped.dekSalt)],
  ]);
}

function bytes(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), "hex");
}
