import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Page } from "#proto/interlock/common/v1/common.js";

/** A page as asked for; absent means the first. */
export type PageRequest = Page | null | undefined;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a page begins and how long it is, and how the next one is named. @throws InterlockError CURSOR_INVALID, VALIDATION_FAILED */
export function pageOf(page: PageRequest): { readonly after: string; readonly limit: number; cursorOf(sessionId: string): string } {
  const { cursor = "", limit = 0 } = page ?? {};
  if (limit > MAX_LIMIT) {
    const rule = `must be at most ${MAX_LIMIT}`;
    throw new InterlockError("VALIDATION_FAILED", `limit: ${rule}`, { details: { field: "limit", rule, value: limit } });
  }
  const after = cursor === "" ? "" : Buffer.from(cursor, "base64url").toString("utf8");
  if (after !== "" && !UUID.test(after)) throw new InterlockError("CURSOR_INVALID", "the cursor is not one of ours");
  const cursorOf = (sessionId: string) => Buffer.from(sessionId, "utf8").toString("base64url");
  return { after, limit: limit === 0 ? DEFAULT_LIMIT : limit, cursorOf };
}
