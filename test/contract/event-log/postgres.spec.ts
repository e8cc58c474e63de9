import { PostgresEventLog } from "../../../services/platform/src/event-log/postgres/postgres-event-log.js";
import { systemRandom } from "../../../services/platform/src/kernel/random.js";
import { describeEventLog } from "./event-log-contract.js";

describeEventLog("Postgres", async (on) => ({
  open: () => new PostgresEventLog({ pool: on.pool, random: systemRandom, leaseMs: 1_000, pollMs: 50 }),
  remote: { kind: "postgres", url: on.url },
  stop: async () => {},
}));
