import type { Address, Hex } from "viem";
import type { Intent } from "#proto/interlock/common/v1/common.js";
import { keccakHex } from "../kernel/keccak-hex.js";
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
  const struct = hash(actionWords(action, word(policyId)) + uint(nonce) + uint(deadline));
  return `0x${hash(`1901${domainSeparator(chainId, module)}${struct}`)}`;
}

/** Hex without 0x. Everything is put together as one text and decoded once: that costs less than many small buffers. */
type Bare = string;

const CALL_TYPE = typeHash("Call");
const TYPES = { call: typeHash("Exec"), batch: typeHash("ExecBatch", "Call"), adapter: typeHash("ExecAdapter") };
const DOMAIN_TYPE = textHash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

/** The struct's type hash, its policy id, and the fields between that and `nonce`. */
function actionWords(action: ParsedAction, policyId: Bare): Bare {
  switch (action.kind) {
    case "call":
      return TYPES.call + policyId + callWords(action.call);
    case "batch":
      return TYPES.batch + policyId + hash(action.calls.map((call) => hash(CALL_TYPE + callWords(call))).join(""));
    case "adapter":
      return TYPES.adapter + policyId + word(action.adapter) + hash(action.args.slice(2));
  }
}

function callWords({ to, value, data }: CallStruct): Bare {
  return word(to) + uint(value) + hash(data.slice(2));
}

let lastDomain: { readonly chainId: bigint; readonly module: Address; readonly separator: Bare } | undefined;

/** A process has one chain and one module nearly always. */
function domainSeparator(chainId: bigint, module: Address): Bare {
  if (lastDomain?.chainId === chainId && lastDomain.module === module) return lastDomain.separator;
  const { name = "", version = "" } = moduleDomain(chainId, module);
  const separator = hash(DOMAIN_TYPE + textHash(name) + textHash(version) + uint(chainId) + word(module));
  lastDomain = { chainId, module, separator };
  return separator;
}

/** EIP-712 encodeType: the struct, then the structs it refers to. */
function typeHash(...names: readonly (keyof typeof INTENT_TYPES)[]): Bare {
  return textHash(names.map((name) => `${name}(${INTENT_TYPES[name].map((field) => `${field.type} ${field.name}`).join(",")})`).join(""));
}

function textHash(value: string): Bare {
  return keccakHex(Buffer.from(value, "utf8"));
}

function hash(bytes: Bare): Bare {
  return keccakHex(Buffer.from(bytes, "hex"));
}

/** A value of at most 32 bytes, padded on the left. */
function word(hex: Hex): Bare {
  return hex.slice(2).padStart(64, "0");
}

function uint(value: bigint): Bare {
  return value.toString(16).padStart(64, "0");
}
