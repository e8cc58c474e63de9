import { open } from "node:fs/promises";

const CHUNK = 256 * 1024;

/** The bytes of a file, piece by piece, all in one buffer: a piece is over when the next one is asked for. Reading a gigabyte takes no more room than this. */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
