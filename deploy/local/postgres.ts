import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { runChild, startChild, stopChild } from "./child.js";
import { freePort } from "./free-port.js";
import { postgresBinaries, serverUser } from "./postgres-binaries.js";
import { stoppedOnSignal } from "./stopped-on-signal.js";
import { removeTemporaryFolder, temporaryFolder } from "./temporary-folder.js";

const REVIVE_MS = 200;

/** A private Postgres 18 on loopback, thrown away when stopped. Durability settings stay at their safe defaults. */
export interface LocalPostgres {
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string };
  /** `postgres://` URL of a database, as the superuser unless told otherwise. */
  url(database?: string, user?: string, password?: string): string;
  /** Kills the server at once (SIGKILL), as a power cut would; the data folder stays for `start`. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port; it recovers from its own log first. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a new cluster in a temporary folder and starts it. */
export async function startPostgres(password: string = crypto.randomUUID()): Promise<LocalPostgres> {
  const user = serverUser();
  const binaries = postgresBinaries(user);
  const folder = temporaryFolder("pg");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  const data = join(folder, "data");
  const as = { cwd: folder, env: { ...process.env, LC_ALL: "C" }, ...user };
  await runChild(
    join(binaries.home, "bin", "initdb"),
    ["-D", data, "-U", "postgres", `--pwfile=${passwordFile}`, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions"],
    // It starts a server for each of its steps, which must not go on writing when we are interrupted in between.
    { ...as, detached: true },
  );
  const port = await freePort();
  const url = databaseUrl(port, password);
  const args = [
    "-D",
    data,
    "-p",
    String(port),
    "-h",
    "127.0.0.1",
    "-k",
    folder,
    "-c",
    "max_connections=300",
    "-c",
    "logging_collector=off",
  ];
  const launch = () => startChild(join(binaries.home, "bin", "postgres"), args, { ...as, stdio: "ignore" });
  let server = launch();
  await waitUntilReady(url());
  return {
    port,
    superuser: { user: "postgres", password },
    url,
    kill: () => stopChild(server, "SIGKILL"),
    start: async () => {
      // Backends of a killed server hold its shared memory until they have noticed; the new one ends at once while they do.
      const revive = setInterval(() => {
        if (server.exitCode !== null || server.signalCode !== null) server = launch();
      }, REVIVE_MS);
      server = launch();
      await waitUntilReady(url()).finally(() => clearInterval(revive));
    },
    stop: stoppedOnSignal(async () => {
      await stopChild(server, "SIGINT");
      removeTemporaryFolder(folder);
      binaries.dispose();
    }),
  };
}

/** Makes the URLs of a server on loopback whose superuser has `password`. */
export function databaseUrl(port: number, password: string): LocalPostgres["url"] {
  return (database = "postgres", name = "postgres", secret = password) =>
    `postgres://${encodeURIComponent(name)}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`;
}

/** Resolves once the server at `url` takes a connection. @throws Error when it does not before `deadline` (Unix ms) */
export async function waitUntilReady(url: string, deadline = Date.now() + 60_000): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error("Postgres did not answer within 60 s of its start", { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
