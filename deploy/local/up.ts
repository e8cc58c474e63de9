import { parseArgs } from "node:util";
import { startStack } from "./stack.js";

const { values } = parseArgs({ options: { log: { type: "string", default: "postgres" }, help: { type: "boolean", default: false } } });
if (values.help || (values.log !== "postgres" && values.log !== "kafka")) {
  console.log("usage: npm run up [-- --log postgres|kafka]\n\nKeeps the whole stack running on this machine until Ctrl-C.");
  process.exit(values.help ? 0 : 2);
}

const stack = await startStack({ eventLog: values.log, progress: (text) => console.log(`  ${text} ...`) });
let stopping: Promise<void> | undefined;
const stop = () => {
  stopping ??= stack.stop();
  stopping.then(() => process.exit(0));
};
process.once("SIGINT", stop).once("SIGTERM", stop);
