import { Command } from "commander";
import { registerAgent } from "./commands/agent.js";
import { registerConfirm } from "./commands/confirm.js";
import { registerDisarm } from "./commands/disarm.js";
import { registerExec } from "./commands/exec.js";
import { registerGrant } from "./commands/grant.js";
import { registerList } from "./commands/list.js";
import { registerLogin } from "./commands/login.js";
import { registerStatus } from "./commands/status.js";
import { registerTail } from "./commands/tail.js";
import { exitCodeOf } from "./exit-codes.js";
import { ProblemError } from "./problem.js";

const program = new Command("interlock")
  .description("Grant, use, watch and stop session keys.")
  .option("--url <url>", "the gateway", process.env.INTERLOCK_URL ?? "http://127.0.0.1:8080")
  .option("--profile <file>", "where the login is kept (or INTERLOCK_PROFILE)")
  .option("--json", "print results as JSON", false)
  .addHelpText("after", "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 unavailable, 5 not signed in.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

for (const register of [
  registerLogin,
  registerGrant,
  registerConfirm,
  registerAgent,
  registerExec,
  registerList,
  registerTail,
  registerDisarm,
  registerStatus,
]) {
  register(program);
}

try {
  await program.parseAsync();
} catch (error) {
  if (program.opts<{ json: boolean }>().json && error instanceof ProblemError) console.log(JSON.stringify(error.problem));
  console.error(`interlock: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exitCodeOf(error);
}
