// Runs the Foundry suite with npm's forge. Without arguments: everything, on the genuine Safe 1.4.1 and again on 1.5.0.
// Arguments go on to `forge test` (one run; INTERLOCK_SAFE chooses the Safe). Fails as forge does, and when an invariant run was vacuous.
import { countersEnvironment, reportCounters, takeCounters } from "./counters.mjs";
import { forge } from "./forge.mjs";
import { ensureProduction } from "./production.mjs";

const args = process.argv.slice(2);
// What needs a prepared file (the oracle's replay) runs only when it is named.
const chosen = args.some((arg) => arg.endsWith("match-path")) ? args : ["--no-match-path", "test/oracle/*", ...args];
const safes = args.length === 0 ? ["1.4.1", "1.5.0"] : [process.env.INTERLOCK_SAFE ?? "1.4.1"];

ensureProduction();
for (const safe of safes) {
  process.stdout.write(`Safe ${safe}\n`);
  const { status } = forge(["test", ...chosen], { environment: { ...countersEnvironment, INTERLOCK_SAFE: safe } });
  const shown = reportCounters(takeCounters());
  if (status !== 0 || !shown) process.exitCode = 1;
}
