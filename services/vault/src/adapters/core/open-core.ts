import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { CoreClient } from "./core-client.js";
import { CoreConnection } from "./core-connection.js";
import { CoreProcess, type CoreProcessOptions } from "./core-process.js";

/** signer-core as the shell has it: the process it keeps alive and the client that asks it. */
export interface Core {
  readonly client: CoreClient;
  readonly process: CoreProcess;
}

export interface OpenCoreOptions extends Pick<CoreProcessOptions, "files" | "entry" | "uid" | "production"> {
  /** Tells a core that has just started what it needs to know before it may be used; tried again until it succeeds. */
  prepare(client: CoreClient): Promise<void>;
}

const PREPARE_AGAIN_MS = 250;

/** Starts signer-core and keeps it running; until it is prepared, and while it is away, the condition SignerDown holds. Waits for nothing. */
export function openCore(runtime: ServiceRuntime, { prepare, ...options }: OpenCoreOptions): Core {
  const restarts = runtime.metrics.counter({
    name: "vault_signer_core_restarts_total",
    help: "Times signer-core ended and was started again",
  });
  const process = new CoreProcess({
    ...options,
    onLine: (line) => runtime.logger.info({ line }, "signer-core"),
    onExit: (restartInMs) => {
      restarts.inc();
      runtime.logger.error({ restartInMs }, "signer-core ended");
    },
  });
  const report = (up: boolean) => runtime.capabilities.reportDependency({ name: "signer-core", condition: "SignerDown", up });
  report(false);
  let timer: NodeJS.Timeout | undefined;
  const connected = async (life: number): Promise<void> => {
    try {
      await prepare(client);
      if (life === lives) report(true);
    } catch (err) {
      runtime.logger.warn({ err }, "signer-core could not be told the limits of its key ring yet");
      if (life === lives) timer = setTimeout(() => void connected(life), PREPARE_AGAIN_MS);
    }
  };
  let lives = 0;
  const connection = new CoreConnection(process.socket, (up) => {
    lives += 1;
    clearTimeout(timer);
    if (up) void connected(lives);
    else report(false);
  });
  const client = new CoreClient(connection);
  process.start();
  connection.open();
  runtime.onClosed("signer-core", () => {
    lives += 1;
    clearTimeout(timer);
    connection.close();
    process.stop();
  });
  return { client, process };
}
