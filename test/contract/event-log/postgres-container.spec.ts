import { dockerHas, POSTGRES_IMAGE } from "../../../deploy/local/docker.js";
import { startPostgresContainer } from "../../../deploy/local/postgres-container.js";
import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { eventingOn } from "../../support/eventing.js";
import { NO_DOCKER, skipLoudly } from "../../support/skip-loudly.js";
import { describeEventLog } from "./event-log-contract.js";

if (await dockerHas(POSTGRES_IMAGE)) {
  describeEventLog(
    "Postgres 18 in Docker",
    async (on) => ({
      open: () => new PostgresEventLog({ pool: on.pool, random: systemRandom, leaseMs: 1_000, pollMs: 50 }),
      remote: { kind: "postgres", url: on.url },
      stop: async () => {},
    }),
    startInContainer,
  );
} else {
  skipLoudly("docker", "runs the event log's contract against Postgres 18 in Docker", NO_DOCKER);
}

async function startInContainer() {
  const server = await startPostgresContainer();
  return eventingOn({ url: server.url(), drop: () => server.stop() });
}
