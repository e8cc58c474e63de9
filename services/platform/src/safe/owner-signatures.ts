import { type Address, concatHex, getAddress, type Hex, hashMessage, isHex, recoverAddress, size, slice } from "viem";
import { InterlockError } from "../errors/interlock-error.js";

/** One owner's 65-byte signature: r, s, v with v 27 or 28 (EIP-712) or 31 or 32 (eth_sign). */
export interface OwnerSignature {
  readonly owner: Address;
  readonly signature: Hex;
}

const SIGNATURE_BYTES = 65;
/** Half the order of secp256k1; a higher s is the malleable twin of a lower one (EIP-2). */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** The signatures in the order a Safe wants them: by owner, ascending. @throws InterlockError OWNER_SIGNATURE_INVALID on a bad length or an owner given twice. */
export function packSignatures(signatures: readonly OwnerSignature[]): Hex {
  const sorted = signatures.toSorted((a, b) => (BigInt(a.owner) < BigInt(b.owner) ? -1 : 1));
  for (const [i, { owner, signature }] of sorted.entries()) {
    if (!isHex(signature) || size(signature) !== SIGNATURE_BYTES) refuse(`the signature of ${owner} is not 65 bytes`);
    if (sorted[i - 1]?.owner.toLowerCase() === owner.toLowerCase()) refuse(`${owner} signed twice`);
  }
  return concatHex(sorted.map(({ signature }) => signature));
}

/**
 * The addresses that made `packed` (65 bytes each, concatenated) over `hash`, in order, strictly ascending as a Safe demands.
 * Contract signatures (v 0) and approved hashes (v 1) cannot be judged off chain and are refused.
 * @throws InterlockError OWNER_SIGNATURE_INVALID
 */
export async function recoverOwners(hash: Hex, packed: Hex): Promise<Address[]> {
  if (!isHex(packed) || packed.length === 2 || size(packed) % SIGNATURE_BYTES !== 0) refuse("signatures must be 65 bytes each");
  const owners: Address[] = [];
  for (let at = 0; at < size(packed); at += SIGNATURE_BYTES) {
    const owner = await recoverOwner(hash, slice(packed, at, at + SIGNATURE_BYTES));
    const before = owners.at(-1);
    if (before !== undefined && BigInt(owner) <= BigInt(before)) refuse("signatures must be sorted by owner, each owner once");
    owners.push(owner);
  }
  return owners;
}

/** The address that made one 65-byte signature over `hash`. @throws InterlockError OWNER_SIGNATURE_INVALID */
export async function recoverOwner(hash: Hex, signature: Hex): Promise<Address> {
  if (!isHex(signature) || size(signature) !== SIGNATURE_BYTES) refuse("the signature must be 65 bytes");
  if (BigInt(slice(signature, 32, 64)) > HALF_ORDER) refuse("the signature has a high s (EIP-2)");
  const v = Number(slice(signature, 64));
  const ethSign = v === 31 || v === 32;
  if (!ethSign && v !== 27 && v !== 28) refuse(`the signature's v is ${v}, not 27, 28, 31 or 32`);
  const plain = concatHex([slice(signature, 0, 64), ethSign ? (v === 31 ? "0x1b" : "0x1c") : slice(signature, 64)]);
  try {
    return getAddress(await recoverAddress({ hash: ethSign ? hashMessage({ raw: hash }) : hash, signature: plain }));
  } catch (cause) {
    throw new InterlockError("OWNER_SIGNATURE_INVALID", "the signature recovers to no address", { cause });
  }
}

function refuse(message: string): never {
  throw new InterlockError("OWNER_SIGNATURE_INVALID", message);
}
