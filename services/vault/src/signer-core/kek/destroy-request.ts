import { z } from "zod";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { canonicalJson, parseJsonObject } from "#platform/kernel/json.js";

/** A request to destroy a version is good for an hour: enough for a second operator, too little to lie around. */
export const DESTROY_REQUEST_SECONDS = 3_600;

const schema = z.strictObject({
  action: z.literal("kek.destroy"),
  requestId: z.uuid(),
  provider: z.string(),
  version: z.int().min(1).max(1_000_000),
  /** Living keys that needed the version when the request was made. */
  orphans: z.int().min(0),
  /** Unix seconds. */
  expiresAt: z.int(),
});

export type DestroyRequest = z.infer<typeof schema>;

/** The one text of a request; operators sign its bytes. */
export function destroyRequestText(request: DestroyRequest): string {
  return canonicalJson(request);
}

/**
 * @param now Unix seconds
 * @throws InterlockError VALIDATION_FAILED, EXPIRED
 */
export function parseDestroyRequest(text: string, now: number): DestroyRequest {
  const parsed = schema.safeParse(parseJsonObject(text));
  if (!parsed.success || destroyRequestText(parsed.data) !== text) {
    throw new InterlockError("VALIDATION_FAILED", "request: must be the canonical text that PrepareDestroy gave", {
      details: { field: "request", rule: "canonical" },
    });
  }
  const { expiresAt } = parsed.data;
  if (expiresAt <= now || expiresAt > now + DESTROY_REQUEST_SECONDS) {
    throw new InterlockError("EXPIRED", "request: is not (any more) good now", {
      details: { field: "request.expiresAt", value: expiresAt },
    });
  }
  return parsed.data;
}
