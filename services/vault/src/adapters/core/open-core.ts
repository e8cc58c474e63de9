import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { CoreClient } from "./core-client.js";
import { CoreConnection } from "./core-connection.js";
import { CoreProcess } from "./core-process.js";
import type { CoreSource } from "./core-source.js";

/** signer-core as the shell has it. */
export interface Core {
  readonly client: CoreClient;
  /** Path of the socket it is asked through. */
  readonly socket: string;
}

const PREPARE_AGAIN_MS = 250;

/**
 * Starts signer-core and keeps it running, or waits for the one that somebody else runs; until it is prepared, and while it is away, the
 * condition SignerDown holds. Returns at once.
 * @param prepare tells a core that has just come what it needs to know before it may be used; tried again until it succeeds
 */
export function openCore(runtime: ServiceRuntime, source: CoreSource, prepare: (client: CoreClient) => Promise<void>): Core {
  const restarts = runtime.metrics.counter({
    name: "vault_signer_core_restarts_total",
    help: "Times signer-core ended and was started again",
  });
  const ended = (restartInMs?: number) => {
    restarts.inc();
    runtime.logger.error({ restartInMs }, "signer-core ended");
  };
  const onLine = (line: string) => runtime.logger.info({ line }, "signer-core");
  const process = source.run === "child" ? new CoreProcess({ ...source, onLine, onExit: ended }) : source;
  const report = (up: boolean) => runtime.capabilities.reportDependency({ name: "signer-core", condition: "SignerDown", up });
  report(false);
  let timer: NodeJS.Timeout | undefined;
  let [lives, closing] = [0, false];
  const connected = async (life: number): Promise<void> => {
    try {
      await prepare(client);
      if (life === lives) report(true);
    } catch (err) {
      runtime.logger.warn({ err }, "signer-core could not be told the limits of its key ring yet");
      if (life === lives) timer = setTimeout(() => void connected(life), PREPARE_AGAIN_MS);
    }
  };
  const connection = new CoreConnection(process.socket, (up) => {
    lives += 1;
    clearTimeout(timer);
    if (up) return void connected(lives);
    report(false);
    // Of a process that is not its child the shell sees the end of the connection only.
    if (source.run === "elsewhere" && !closing) ended();
  });
  const client = new CoreClient(connection);
  if (process instanceof CoreProcess) process.start();
  connection.open();
  runtime.onClosed("signer-core", () => {
    closing = true;
    lives += 1;
    clearTimeout(timer);
    connection.close();
    if (process instanceof CoreProcess) process.stop();
  });
  return { client, socket: process.socket };
}
