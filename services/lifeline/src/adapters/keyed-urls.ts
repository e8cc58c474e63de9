import { readFileSync } from "node:fs";
import { commaList, httpUrl } from "#platform/config/schemas.js";
import type { Logger } from "#platform/logging/logger.js";

/**
 * RPC URLs with credentials from an optional Secret. A file that is absent or malformed costs these URLs and nothing else: the emergency
 * path starts with what it has. The log names the file, never its content.
 */
export function readKeyedUrls(file: string | undefined, logger: Pick<Logger, "warn">): readonly string[] {
  if (file === undefined) return [];
  try {
    return commaList(httpUrl).parse(readFileSync(file, "utf8").trim());
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "must be comma-separated http(s) URLs";
    logger.warn({ file, why }, "keyed RPC URLs are not used");
    return [];
  }
}
