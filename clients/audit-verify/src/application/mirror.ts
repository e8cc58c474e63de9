import { LogError } from "#platform/transparency-log/log-error.js";

/** A log in the layout of C2SP tlog-tiles, somewhere: a folder or a server. Paths are relative: `checkpoint`, `tile/...`. */
export interface Mirror {
  /** @throws LogError MISSING when there is no such resource */
  read(path: string): Promise<Buffer>;
}

/** The error of a resource that is not there. */
export const missing = (path: string) => new LogError("MISSING", `${path} is missing`);
