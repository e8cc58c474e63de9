import { createHash } from "node:crypto";

const PREFIX = "ilk-share-";
const CHECK_BYTES = 4;

/** A share as a person keeps it: with a checksum, so that a typing error is seen before it is sent anywhere. */
export function shareText(share: Uint8Array): string {
  const check = createHash("sha256").update(share).digest().subarray(0, CHECK_BYTES);
  return PREFIX + Buffer.concat([share, check]).toString("base64url");
}

/** @throws Error when the text is no share or was mistyped */
export function parseShareText(text: string): Buffer {
  const bytes = text.trim().startsWith(PREFIX) ? Buffer.from(text.trim().slice(PREFIX.length), "base64url") : Buffer.alloc(0);
  const share = bytes.subarray(0, -CHECK_BYTES);
  if (share.length > 0 && shareText(share) === text.trim()) return share;
  throw new Error("this is no share, or it was mistyped (its checksum does not match)");
}
