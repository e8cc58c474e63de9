import { loadConfig } from "#platform/config/load-config.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { becomeCore } from "./adapters/core/become-core.js";
import { CORE_ENTRY } from "./adapters/core/core-command.js";
import { configDefinition } from "./config.js";

// What signer-core's own container runs: reads the variables of the vault that are about the core, and becomes it.
const { signerCoreSocket, signerCoreEntry, kekFile, trustFile, deploymentFile, custodyMode } = configDefinition;
const config = loadConfig({ signerCoreSocket, signerCoreEntry, kekFile, trustFile, deploymentFile, custodyMode });

/** What NODE_OPTIONS says of the heap holds for the core too, which gets no environment. */
const heap = /--max-old-space-size=(\d+)/.exec(process.env.NODE_OPTIONS ?? "")?.[1];

becomeCore({
  entry: config.signerCoreEntry ?? CORE_ENTRY,
  socket: required("SIGNER_CORE_SOCKET", config.signerCoreSocket),
  files: {
    kekFile: required("KEK_FILE", config.kekFile),
    trustFile: config.trustFile,
    deploymentFile: config.deploymentFile,
  },
  production: config.custodyMode === "production",
  ...(heap === undefined ? {} : { heapMegabytes: Number(heap) }),
});

function required(variable: string, value: string | undefined): string {
  if (value === undefined) throw new InterlockError("CONFIG_INVALID", `${variable}: is required`, { details: { variable } });
  return value;
}
