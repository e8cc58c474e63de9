import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InterlockError } from "#platform/errors/interlock-error.js";

/** Files signer-core reads at its start, and nothing else but code. */
export interface CoreFiles {
  readonly kekFile: string;
  readonly trustFile: string;
  readonly deploymentFile: string;
}

/** Where the compiled core stands beside this compiled file. */
export const CORE_ENTRY = fileURLToPath(new URL("../../signer-core/main.js", import.meta.url));

/** node-gyp-build asks whether this exists to tell musl from glibc. */
const LIBC_MARKER = "/etc/alpine-release";

/**
 * Arguments for Node that start the core with no right it does not need: no file writes, no child processes, no workers, reads of code and
 * the three files only, no eval, no prototype changes, no inspector by signal.
 * @param entry compiled main.js of signer-core
 * @throws InterlockError CONFIG_INVALID when there is no compiled core at `entry`
 */
export function coreArguments(entry: string, socket: string, files: CoreFiles, production: boolean): string[] {
  if (!existsSync(entry)) {
    throw new InterlockError("CONFIG_INVALID", `signer-core: ${entry} is not there; compile first (npm run build)`, { details: { entry } });
  }
  const root = packageRoot(entry);
  const packages = join(root, "node_modules");
  // A linked folder is read under both of its names.
  const code = [join(root, "dist"), ...new Set([packages, realpathSync(packages)]), join(root, "package.json")];
  const readable = [...code, LIBC_MARKER, ...Object.values(files)];
  return [
    "--permission",
    "--allow-addons",
    ...readable.map((path) => `--allow-fs-read=${path}`),
    "--frozen-intrinsics",
    "--disallow-code-generation-from-strings",
    "--disable-proto=delete",
    "--disable-sigusr1",
    "--expose-gc",
    "--no-warnings",
    entry,
    "--socket",
    socket,
    "--kek-file",
    files.kekFile,
    "--trust-file",
    files.trustFile,
    "--deployment-file",
    files.deploymentFile,
    "--mode",
    production ? "production" : "development",
  ];
}

function packageRoot(from: string): string {
  const folder = dirname(from);
  if (folder === from) throw new InterlockError("CONFIG_INVALID", "signer-core: no package.json above its code");
  return existsSync(join(folder, "package.json")) ? folder : packageRoot(folder);
}
