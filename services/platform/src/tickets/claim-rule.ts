/** How one claim stands in a ticket. */
export interface ClaimRule {
  /** Pattern of its JSON. It allows no escapes and no blanks: each value has one text. */
  readonly json: string;
  /** The text of a value that is to be written; whether it is one that may be, `json` says. */
  readonly write: (value: unknown) => string;
  /** The rule in a refusal's words. */
  readonly says: string;
}

/** A text as `pattern` says. */
export function textLike(pattern: string, says: string): ClaimRule {
  return { json: `"${pattern}"`, write: asJson, says };
}

/** A text of 1 to `most` characters without quotes, backslashes and control characters. */
export function plainText(most: number): ClaimRule {
  return textLike(`[^"\\\\\\u0000-\\u001f]{1,${most}}`, `must be plain text of 1 to ${most} characters`);
}

/** One of `words` and nothing else. */
export function oneOf(...words: readonly string[]): ClaimRule {
  return textLike(`(?:${words.join("|")})`, `must be ${words.join(" or ")}`);
}

/** A whole number as `pattern` says, which lets through none of 2^53 or more. */
export function wholeNumber(pattern: string, says: string): ClaimRule {
  return { json: pattern, write: asJson, says };
}

/** At most `most` values of `rule`. */
export function listOf({ json, write, says }: ClaimRule, most: number): ClaimRule {
  return {
    json: `\\[(?:${json}(?:,${json}){0,${most - 1}})?\\]`,
    write: (values) => (Array.isArray(values) ? `[${values.map((value) => write(value)).join(",")}]` : "null"),
    says: `must be a list of at most ${most}, each of which ${says}`,
  };
}

function asJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}
