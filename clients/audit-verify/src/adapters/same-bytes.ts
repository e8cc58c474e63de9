import { readChunks } from "./read-chunks.js";

/** True when the file holds exactly `bytes`; reads it piece by piece. */
export async function sameBytes(path: string, bytes: Buffer): Promise<boolean> {
  let at = 0;
  for await (const chunk of readChunks(path)) {
    if (bytes.compare(chunk, 0, chunk.length, at, Math.min(at + chunk.length, bytes.length)) !== 0) return false;
    at += chunk.length;
  }
  return at === bytes.length;
}
