import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { CoreClient } from "./core-client.js";
import { CoreConnection } from "./core-connection.js";
import { CoreProcess, type CoreProcessOptions } from "./core-process.js";

/** signer-core as the shell has it: the process it keeps alive and the client that asks it. */
export interface Core {
  readonly client: CoreClient;
  readonly process: CoreProcess;
}

/** Starts signer-core and keeps it running; while it is away the condition SignerDown holds. Waits for nothing. */
export function openCore(runtime: ServiceRuntime, options: Pick<CoreProcessOptions, "files" | "entry" | "uid">): Core {
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
  const connection = new CoreConnection(process.socket, report);
  process.start();
  connection.open();
  runtime.onClosed("signer-core", () => {
    connection.close();
    process.stop();
  });
  return { client: new CoreClient(connection), process };
}
