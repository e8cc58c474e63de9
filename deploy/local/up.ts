import { parseArgs } from "node:util";
import { eventLogOption } from "./event-log-option.js";
import { makeNewcomer } from "./newcomer.js";
import { type Stack, startStack } from "./stack.js";

const { values } = parseArgs({ options: { log: { type: "string", default: "postgres" } } });
const eventLog = eventLogOption(values.log);

let stack: Stack | undefined;
let stopping: Promise<void> | undefined;
const stop = () => {
  if (stopping !== undefined) return;
  console.log("\nstopping ...");
  stopping = stack?.stop() ?? Promise.resolve();
  stopping.finally(() => process.exit(0));
};
process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);

stack = await startStack({ eventLog, progress: (text) => console.log(`  ${text} ...`) });
console.log("  a wallet, a Safe and a login are made ...");
const newcomer = await makeNewcomer(stack);
console.log(`
Interlock is up.

  gateway    ${stack.gatewayUrl}           (API description: ${stack.gatewayUrl}/openapi.json)
  lifeline   ${stack.lifelineUrl}
  chain      ${stack.chain.url}           chain id ${stack.chain.chainId}
  logs       ${stack.logFolder}

A ready-made login, good until you stop: paste this into another terminal.

  export INTERLOCK_URL=${stack.gatewayUrl} INTERLOCK_PROFILE=${newcomer.profileFile}
  alias interlock='node ${process.argv[1]?.replace("deploy/local/up.js", "clients/cli/src/main.js")}'
  interlock status
  interlock grant --account ${newcomer.safe} --policy ${newcomer.policyFile} --preset 24h --sign-with ${newcomer.ownerKeyFile} --sponsor
  interlock confirm SESSION --tx HASH
  interlock tail

Ctrl-C stops everything.`);
