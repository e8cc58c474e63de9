import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DurableFiles } from "../application/durable-files.js";

async function syncOne(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files below `root` on a real disk. */
export function nodeFiles(root: string): DurableFiles {
  return {
    read: async (path) => {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    write: async (path, bytes) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      const handle = await open(join(root, path), "w");
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    rename: (from, to) => rename(join(root, from), join(root, to)),
    syncFolder: async (path) => {
      for (let folder = dirname(path); ; folder = dirname(folder)) {
        await syncOne(join(root, folder));
        if (folder === "." || folder === "/") return;
      }
    },
  };
}
