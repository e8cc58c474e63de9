import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { eventLogOption } from "../event-log-option.js";
import { writeResultFile } from "../results/result-file.js";
import { type Stack, startStack } from "../stack.js";
import { behindOurBack } from "./chapters/behind-our-back.js";
import { bypass } from "./chapters/bypass.js";
import { emergency } from "./chapters/emergency.js";
import { following } from "./chapters/following.js";
import { grant } from "./chapters/grant.js";
import { outsider } from "./chapters/outsider.js";
import { setting } from "./chapters/setting.js";
import { stop } from "./chapters/stop.js";
import { trading } from "./chapters/trading.js";
import { use } from "./chapters/use.js";
import { Cli } from "./cli.js";
import { Narrator } from "./narrator.js";
import type { Story } from "./story.js";

const { values } = parseArgs({
  options: {
    log: { type: "string", default: "postgres" },
    json: { type: "string" },
    "keep-logs": { type: "string" },
  },
});
const eventLog = eventLogOption(values.log);

function newStory(stack: Stack, narrator: Narrator): Story {
  const secret = generatePrivateKey();
  const ownerKeyFile = join(stack.folder, "owner.hex");
  writeFileSync(ownerKeyFile, secret, { mode: 0o600 });
  return {
    stack,
    narrator,
    owner: privateKeyToAccount(secret),
    ownerKeyFile,
    ownerCli: new Cli(stack.gatewayUrl, stack.folder, "owner"),
    agentCli: new Cli(stack.gatewayUrl, stack.folder, "agent"),
    safe: zeroAddress,
    outsider: undefined,
    payments: undefined,
    paid: 0n,
  };
}

const narrator = new Narrator();
let stack: Stack | undefined;
let stopping: Promise<void> | undefined;
const tidy = () => (stopping ??= stack?.stop() ?? Promise.resolve());
let interrupted = false;
// Not once: an impatient second Ctrl-C must not cut the tidying short.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interrupted = true;
    tidy().finally(() => process.exit(130));
  });
}

let failed = false;
try {
  narrator.chapter("The stack");
  await narrator.step("stack", "Nine services, a real Postgres, a real chain node and the genuine Safe start", async () => {
    stack = await startStack({ eventLog, progress: (text) => narrator.say(`${text} ...`) });
    return { seen: `gateway ${stack.gatewayUrl}, lifeline ${stack.lifelineUrl}, event log on ${eventLog}` };
  });
  if (stack === undefined) throw new Error("there is no stack");
  const story = newStory(stack, narrator);
  for (const chapter of [setting, grant, use, bypass, stop, behindOurBack, trading, following, outsider, emergency]) await chapter(story);
} catch (error) {
  // Steps fail because what they use is being stopped; the handler ends the process.
  if (interrupted) await new Promise(() => {});
  failed = true;
  console.error(`\nThis step did not hold: ${error instanceof Error ? error.message : String(error)}`);
  if (stack !== undefined) console.error(`The services' logs were in ${stack.logFolder}; --keep-logs FOLDER keeps them.`);
}
if (stack !== undefined && values["keep-logs"] !== undefined) stack.keepLogs(values["keep-logs"]);
await tidy();
narrator.summary();
if (values.json !== undefined) writeResultFile(values.json, { suite: "demo", rows: narrator.rows() });
process.exit(failed ? 1 : 0);
