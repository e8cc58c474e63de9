import type { ConfigDefinition } from "../config/variable.js";
import { InterlockError } from "../errors/interlock-error.js";
import { createLogger } from "../logging/logger.js";
import type { ServiceSpec } from "./service-spec.js";
import { startService } from "./start-service.js";

/** Runs a service for the life of the process: the whole of a main.ts. Ends with 0 after SIGTERM or SIGINT, with 1 when it cannot start. */
export async function runService<Definition extends ConfigDefinition>(spec: ServiceSpec<Definition>): Promise<void> {
  const running = await startService(spec).catch((error: unknown) => {
    const logger = createLogger({ service: spec.name, level: "info" });
    const wrongConfig = error instanceof InterlockError && error.code === "CONFIG_INVALID";
    logger.fatal(wrongConfig ? { code: error.code, details: error.details } : { err: error }, wrongConfig ? error.message : "cannot start");
    logger.flush();
    process.exit(1);
  });
  const { logger, metrics } = running.runtime;
  metrics.collectProcess();

  const end = (code: number): void => {
    logger.flush();
    process.exit(code);
  };
  const stop = (signal: string): void => {
    logger.info({ signal }, "stopping");
    running.stop().then(
      () => end(0),
      (err: unknown) => {
        logger.error({ err }, "the stop failed");
        end(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);

  // A rejection nobody waits for is a mistake of ours, not a reason to drop everybody's calls: it is counted, and an alarm stands on the counter.
  const rejections = metrics.counter({ name: "unhandled_rejections_total", help: "Promises that were rejected with nobody waiting" });
  process.on("unhandledRejection", (err) => {
    rejections.inc();
    logger.error({ err }, "unhandled rejection");
  });
  process.on("uncaughtException", (err) => {
    logger.fatal({ err }, "uncaught exception");
    end(1);
  });
}
