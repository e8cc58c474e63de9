import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Auditor } from "./entry.js";

const index = z.number().int().nonnegative();
const account = z.string().regex(/^[1-9][0-9]{0,19}:0x[0-9a-f]{40}$/, "must be chainId:0xaddress, lower case");

const schema = z.array(
  z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be a lower-case name"),
    /** SHA-256 of the bearer token, hex: the list can be read without giving access away. */
    tokenHash: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
    accounts: z.union([z.literal("*"), z.array(account).max(1_000)]),
    from: index.optional(),
    to: index.optional(),
  }),
);

/** Everybody outside who may read the log, found by their token. */
export class AuditorList {
  private constructor(private readonly list: readonly { readonly hash: Buffer; readonly auditor: Auditor }[]) {}

  /** @returns undefined when `text` is no such list; the reason is left out, it could quote a secret */
  static parse(text: string): AuditorList | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success || new Set(parsed.data.map(({ name }) => name)).size !== parsed.data.length) return undefined;
    const list = parsed.data.map(({ name, tokenHash, accounts, from, to }) => ({
      hash: Buffer.from(tokenHash, "hex"),
      auditor: {
        kind: "auditor" as const,
        sub: name,
        accounts,
        from: from === undefined ? undefined : BigInt(from),
        to: to === undefined ? undefined : BigInt(to),
      },
    }));
    return new AuditorList(list);
  }

  /** Whose token it is. Compares with everybody's, each in constant time. */
  find(token: string): Auditor | undefined {
    const hash = createHash("sha256").update(token).digest();
    let found: Auditor | undefined;
    for (const one of this.list) if (timingSafeEqual(one.hash, hash)) found = one.auditor;
    return found;
  }
}
