import { createHash } from "node:crypto";
import { canonicalJson, type JsonValue } from "#platform/kernel/json.js";

/** SHA-256 (hex) of the canonical form (RFC 8785) of a body: equal for equal requests, however they were written. */
export function fingerprintOf(body: JsonValue): string {
  return createHash("sha256").update(canonicalJson(body)).digest("hex");
}
