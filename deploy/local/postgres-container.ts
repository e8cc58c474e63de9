import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GenericContainer } from "testcontainers";
import { POSTGRES_IMAGE } from "./docker.js";
import { freePort } from "./free-port.js";
import { databaseUrl, type LocalPostgres, waitUntilReady } from "./postgres.js";

const run = promisify(execFile);
const POSTGRES_PORT = 5432;

/** The official Postgres 18 in Docker. Its port is fixed before the start, so that it stays the same over `kill` and `start`. */
export async function startPostgresContainer(password: string = crypto.randomUUID()): Promise<LocalPostgres> {
  const port = await freePort();
  const container = await new GenericContainer(POSTGRES_IMAGE)
    .withExposedPorts({ container: POSTGRES_PORT, host: port })
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withCommand(["postgres", "-c", "max_connections=300"])
    .withStartupTimeout(120_000)
    .start();
  const url = databaseUrl(port, password);
  await waitUntilReady(url());
  return {
    port,
    superuser: { user: "postgres", password },
    url,
    // Not through testcontainers, which takes a container that it stopped once for removed.
    kill: async () => {
      await run("docker", ["kill", container.getId()]);
    },
    start: async () => {
      await run("docker", ["start", container.getId()]);
      await waitUntilReady(url());
    },
    stop: async () => {
      await container.stop();
    },
  };
}
