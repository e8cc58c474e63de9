import { createSecretKey } from "node:crypto";
import type { CoreContext } from "../core-context.js";
import { fromHex } from "../envelope/aead.js";
import { isCommitted } from "../envelope/commitment.js";
import { wipe } from "../envelope/secret.js";
import type { RequestOf, ResultOf } from "../protocol/operations.js";

/**
 * Wraps data keys anew under the active version; the session keys stay encrypted. A row that does not authenticate is left as it is
 * (`null`): rewrapping must not turn a forgery into something that opens.
 */
export async function rewrap({ rows }: RequestOf<"rewrap">, { keks }: CoreContext): Promise<ResultOf<"rewrap">> {
  const rewrapped: ResultOf<"rewrap">["rows"] = [];
  for (const row of rows) {
    const dek = await keks.unwrap(row, row);
    try {
      const authentic = dek !== undefined && isCommitted(createSecretKey(dek), fromHex(row.commitment));
      rewrapped.push(authentic ? await keks.wrap(dek, row) : null);
    } finally {
      wipe(dek);
    }
  }
  return { rows: rewrapped };
}
