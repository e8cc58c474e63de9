import { type Hex, keccak256, stringToBytes } from "viem";
import { canonicalJson } from "../kernel/json.js";
import type { PolicyDocument } from "./schema.js";

/** RFC 8785 text of a parsed document: the bytes that policyHash commits to. Parsing it again gives the same document. */
export function canonicalDocument(document: PolicyDocument): string {
  return canonicalJson(JSON.parse(JSON.stringify(document)));
}

/** keccak256 of the canonical document's UTF-8 bytes: stands in the Arm message, in every decision and on chain. */
export function policyHash(document: PolicyDocument): Hex {
  return keccak256(stringToBytes(canonicalDocument(document)));
}
