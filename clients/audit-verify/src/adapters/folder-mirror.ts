import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Mirror, missing } from "../application/mirror.js";

/** A mirror on disk. */
export function folderMirror(folder: string): Mirror {
  return {
    read: async (path) => {
      try {
        return await readFile(join(folder, path));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") throw missing(path);
        throw error;
      }
    },
  };
}
