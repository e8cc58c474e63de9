import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { FACT_FILES } from "../../signer-core/process-facts.js";

/** Files signer-core reads at its start, and nothing else but code. */
export interface CoreFiles {
  readonly kekFile: string;
  readonly trustFile: string;
  readonly deploymentFile: string;
}

export interface CoreCommand {
  /** Compiled main.js of signer-core. */
  readonly entry: string;
  readonly socket: string;
  readonly files: CoreFiles;
  /** Production refuses a development attester. */
  readonly production: boolean;
  /** Not a child of the shell: lives on without it, and lets the group of the socket's folder connect. */
  readonly standAlone?: boolean;
  /** Most of its old space; V8's own guess without it. */
  readonly heapMegabytes?: number;
}

/** Where the compiled core stands beside this compiled file. */
export const CORE_ENTRY = fileURLToPath(new URL("../../signer-core/main.js", import.meta.url));

/** node-gyp-build asks whether this exists to tell musl from glibc. */
const LIBC_MARKER = "/etc/alpine-release";

/**
 * Arguments for Node that start the core with no right it does not need: no file writes, no child processes, no workers, reads of code and
 * the three files only, no eval, no prototype changes, no inspector by signal.
 * @throws InterlockError CONFIG_INVALID when there is no compiled core at `entry`
 */
export function coreArguments({ entry, socket, files, production, standAlone = false, heapMegabytes }: CoreCommand): string[] {
  if (!existsSync(entry)) {
    throw new InterlockError("CONFIG_INVALID", `signer-core: ${entry} is not there; compile first (npm run build)`, { details: { entry } });
  }
  const root = packageRoot(entry);
  const packages = join(root, "node_modules");
  // A linked folder is read under both of its names.
  const code = [join(root, "dist"), ...new Set([packages, realpathSync(packages)]), join(root, "package.json")];
  const readable = [...code, LIBC_MARKER, ...Object.values(FACT_FILES), ...Object.values(files)];
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
    ...(heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`]),
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
    ...(standAlone ? ["--stand-alone"] : []),
  ];
}

function packageRoot(from: string): string {
  const folder = dirname(from);
  if (folder === from) throw new InterlockError("CONFIG_INVALID", "signer-core: no package.json above its code");
  return existsSync(join(folder, "package.json")) ? folder : packageRoot(folder);
}
