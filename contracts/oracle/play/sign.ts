import secp256k1 from "secp256k1";
import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  hexToBytes,
  keccak256,
  numberToHex,
  size,
  slice,
  type TypedDataDomain,
} from "viem";
import { CHAIN_ID, WHO } from "./world.js";

const MODULE: TypedDataDomain = { name: "Interlock SessionModule", version: "1", chainId: CHAIN_ID, verifyingContract: WHO.module };
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Fields of one EIP-712 struct in the module's domain, e.g. `Disarm(address safe,bytes32 id,uint48 deadline)`. */
export function moduleDigest(struct: string, message: Record<string, unknown>, nested?: string): Hex {
  const types = Object.fromEntries([struct, ...(nested === undefined ? [] : [nested])].map(parseStruct));
  return hashTypedData({ domain: MODULE, types, primaryType: nameOf(struct), message });
}

/** What owners of the Safe sign so that its ERC-1271 accepts `digest`. */
export function safeMessageDigest(digest: Hex): Hex {
  const types = { SafeMessage: [{ name: "message", type: "bytes" }] };
  const message = { message: encodeAbiParameters([{ type: "bytes32" }], [digest]) };
  return hashTypedData({ domain: { chainId: CHAIN_ID, verifyingContract: WHO.safe }, types, primaryType: "SafeMessage", message });
}

/** 65 bytes: r, s (low), v. */
export function sign(privateKey: Hex, digest: Hex): Hex {
  const { signature, recid } = secp256k1.ecdsaSign(hexToBytes(digest), hexToBytes(privateKey));
  return concatHex([bytesToHex(signature), numberToHex(27 + recid, { size: 1 })]);
}

/** The same signature with the other s: valid mathematics, not a valid signature here. */
export function malleate(signature: Hex): Hex {
  const s = numberToHex(ORDER - BigInt(slice(signature, 32, 64)), { size: 32 });
  const v = slice(signature, 64) === "0x1b" ? "0x1c" : "0x1b";
  return concatHex([slice(signature, 0, 32), s, v]);
}

/** Cut to 64 bytes: not the one form that counts. */
export function truncate(signature: Hex): Hex {
  return slice(signature, 0, size(signature) - 1);
}

/** A digest that nothing was ever asked to sign. */
export function otherDigest(digest: Hex): Hex {
  return keccak256(digest);
}

const parsed = new Map<string, [string, { name: string; type: string }[]]>();

function parseStruct(struct: string): [string, { name: string; type: string }[]] {
  const fields = struct.slice(struct.indexOf("(") + 1, -1).split(",");
  const entry = parsed.get(struct) ?? [nameOf(struct), fields.map(parseField)];
  parsed.set(struct, entry);
  return entry;
}

function parseField(field: string): { name: string; type: string } {
  const [type = "", name = ""] = field.split(" ");
  return { name, type };
}

function nameOf(struct: string): string {
  return struct.slice(0, struct.indexOf("("));
}
