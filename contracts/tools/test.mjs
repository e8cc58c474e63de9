// Runs the Foundry suite with npm's forge; arguments go on to `forge test`. Exits as forge does.
import { forge } from "./forge.mjs";
import { ensureProduction } from "./production.mjs";

ensureProduction();
process.exitCode = forge(["test", ...process.argv.slice(2)]).status;
