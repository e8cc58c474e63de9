import { readFileSync } from "node:fs";
import { type Hex, isHex } from "viem";
import type { Logger } from "#platform/logging/logger.js";

/**
 * The key that pays, from the optional Secret. A file that is absent or malformed costs the sponsor and nothing else: owners send by
 * themselves. The log names the file, never its content.
 */
export function readSponsorKey(file: string | undefined, logger: Pick<Logger, "warn">): Hex | undefined {
  if (file === undefined) return undefined;
  try {
    const text = readFileSync(file, "utf8").trim();
    if (isHex(text) && text.length === 66) return text;
    logger.warn({ file, why: "must be 32 bytes in 0x hex" }, "nobody sponsors");
  } catch (error) {
    logger.warn({ file, why: error instanceof Error && "code" in error ? String(error.code) : "unreadable" }, "nobody sponsors");
  }
  return undefined;
}
