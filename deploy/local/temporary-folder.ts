import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// Its exit handler, which kills what still writes into these folders, has to be registered before ours.
import "./child.js";

const made = new Set<string>();

/** Last resort, as for children: whatever way this process ends, its folders go with it. */
process.once("exit", () => {
  for (const folder of made) remove(folder);
});

/** A new folder of ours below the system's temporary one. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `interlock-${name}-`));
  made.add(folder);
  return folder;
}

/** Removes a folder of `temporaryFolder` with everything in it. */
export function removeTemporaryFolder(folder: string): void {
  remove(folder);
  made.delete(folder);
}

/** A server that was just killed may write for a moment more. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
