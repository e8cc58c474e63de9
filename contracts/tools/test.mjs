// Runs the Foundry suite with npm's forge; arguments go on to `forge test`. Exits as forge does.
// What needs a prepared file (the oracle's replay) runs only when it is named.
import { forge } from "./forge.mjs";
import { ensureProduction } from "./production.mjs";

const args = process.argv.slice(2);
const chosen = args.includes("--match-path") ? [] : ["--no-match-path", "test/oracle/*"];
ensureProduction();
process.exitCode = forge(["test", ...chosen, ...args]).status;
