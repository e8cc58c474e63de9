import { createSecretKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import { wipe } from "../envelope/secret.js";

/** Versions of one key-encryption key. As KeyObjects, whose bytes are outside the JavaScript heap. */
export interface KekRing {
  readonly active: number;
  readonly keys: ReadonlyMap<number, KeyObject>;
}

const KEK_BYTES = 32;
const version = z.int().min(1).max(1_000_000);
const ringSchema = z.strictObject({
  active: version,
  keys: z.record(z.string().regex(/^[1-9][0-9]{0,6}$/, "must be a version number"), z.base64("must be base64")),
});

/**
 * The ring in the text of a KEK_FILE: `{"active":1,"keys":{"1":"<base64 of 32 bytes>"}}`.
 * @throws InterlockError CONFIG_INVALID naming the rule, never a key
 */
export function parseKekRing(text: string): KekRing {
  const { provider: _provider, ...ring } = parseJsonObject(text) ?? {};
  const parsed = ringSchema.safeParse(ring);
  if (!parsed.success) throw wrong(parsed.error.issues[0]?.path.join(".") || "must be JSON with active and keys");
  const keys = new Map<number, KeyObject>();
  for (const [name, encoded] of Object.entries(parsed.data.keys)) keys.set(Number(name), importKek(name, encoded));
  if (!keys.has(parsed.data.active)) throw wrong("active must be one of keys");
  return { active: parsed.data.active, keys };
}

function importKek(name: string, encoded: string): KeyObject {
  const bytes = Buffer.from(encoded, "base64");
  try {
    if (bytes.length !== KEK_BYTES) throw wrong(`keys.${name} must be ${KEK_BYTES} bytes`);
    return createSecretKey(bytes);
  } finally {
    wipe(bytes);
  }
}

function wrong(rule: string): InterlockError {
  return new InterlockError("CONFIG_INVALID", `KEK_FILE: ${rule}`, { details: { variable: "KEK_FILE", rule } });
}
