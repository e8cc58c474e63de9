import { randomBytes } from "node:crypto";

/** A key ring as its file has it; `keys` are base64 of 32 bytes, by version. */
export interface RingText {
  readonly active: number;
  readonly keys: Readonly<Record<string, string>>;
}

/** The ring with one more version of random bytes, active from now on; the versions before it stay. */
export function withNextVersion({ keys }: RingText): RingText {
  const active = Math.max(0, ...Object.keys(keys).map(Number)) + 1;
  return { active, keys: { ...keys, [active]: randomBytes(32).toString("base64") } };
}
