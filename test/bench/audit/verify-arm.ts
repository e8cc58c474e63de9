import { run } from "../../../clients/audit-verify/src/run.js";
import { logSigner } from "../../support/audit/made-log.js";

// One full verification in a process of its own; says what it cost. Exit 3 is right: nobody but the log has seen this one.
const [folder = ""] = process.argv.slice(2);
const before = process.cpuUsage();
const exit = await run([folder, "--key", logSigner.verifier.text, "--quiet"], {
  out: () => undefined,
  err: console.error,
  interactive: false,
});
if (exit !== 3) throw new Error(`the verifier ended with ${exit}`);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, rssMib: process.resourceUsage().maxRSS / 1024 }));
