import { type Address, type Hex, keccak256, stringToBytes } from "viem";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import type { CallStruct, ParsedAction, ParsedIntent } from "./intent.js";
import { parseIntent } from "./parse-intent.js";
import { INTENT_TYPES, moduleDomain } from "./typed-data.js";

/**
 * EIP-712 digest that the session key signs for a wire intent.
 * @throws InterlockError VALIDATION_FAILED when the intent is malformed.
 */
export function intentDigest(intent: Intent): Hex {
  return digestOf(parseIntent(intent));
}

/**
 * EIP-712 digest of a parsed intent (types Exec, ExecBatch, ExecAdapter in the module's domain). Encoded here rather than by viem's
 * `hashTypedData`, which hashes types and domain anew each time and costs five times as much; the tests hold every digest against it.
 */
export function digestOf({ chainId, module, policyId, action, nonce, deadline }: ParsedIntent): Hex {
  const [type, ...fields] = actionWords(action);
  const struct = hash(type, word(policyId), ...fields, uint(nonce), uint(deadline));
  return keccak256(Buffer.concat([PREFIX, domainSeparator(chainId, module), struct]));
}

const PREFIX = Buffer.from("1901", "hex");
const CALL_TYPE = typeHash("Call");
const TYPES = { call: typeHash("Exec"), batch: typeHash("ExecBatch", "Call"), adapter: typeHash("ExecAdapter") };
const DOMAIN_TYPE = text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

/** The type hash, and the fields between `id` and `nonce`. */
function actionWords(action: ParsedAction): [Buffer, ...Buffer[]] {
  switch (action.kind) {
    case "call":
      return [TYPES.call, ...callWords(action.call)];
    case "batch":
      return [TYPES.batch, hash(...action.calls.map((call) => hash(CALL_TYPE, ...callWords(call))))];
    case "adapter":
      return [TYPES.adapter, word(action.adapter), bytes(action.args)];
  }
}

function callWords({ to, value, data }: CallStruct): Buffer[] {
  return [word(to), uint(value), bytes(data)];
}

let lastDomain: { readonly chainId: bigint; readonly module: Address; readonly separator: Buffer } | undefined;

/** A process has one chain and one module nearly always. */
function domainSeparator(chainId: bigint, module: Address): Buffer {
  if (lastDomain?.chainId === chainId && lastDomain.module === module) return lastDomain.separator;
  const { name = "", version = "" } = moduleDomain(chainId, module);
  const separator = hash(DOMAIN_TYPE, text(name), text(version), uint(chainId), word(module));
  lastDomain = { chainId, module, separator };
  return separator;
}

/** EIP-712 encodeType: the struct, then the structs it refers to. */
function typeHash(...names: readonly (keyof typeof INTENT_TYPES)[]): Buffer {
  return text(names.map((name) => `${name}(${INTENT_TYPES[name].map((field) => `${field.type} ${field.name}`).join(",")})`).join(""));
}

function text(value: string): Buffer {
  return Buffer.from(keccak256(stringToBytes(value), "bytes"));
}

function hash(...words: readonly Buffer[]): Buffer {
  return Buffer.from(keccak256(Buffer.concat(words), "bytes"));
}

function bytes(hex: Hex): Buffer {
  return Buffer.from(keccak256(Buffer.from(hex.slice(2), "hex"), "bytes"));
}

/** A value of at most 32 bytes, padded on the left. */
function word(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2).padStart(64, "0"), "hex");
}

function uint(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
