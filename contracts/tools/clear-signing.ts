import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { getAddress } from "viem";
import { completeDescriptors } from "../clear-signing/complete-descriptors.js";
import { readChainArguments } from "../deploy/chain-arguments.js";
import { planStack } from "../deploy/plan-stack.js";

/**
 * Writes the ERC-7730 descriptors of a chain's session module into a folder: what goes to the registry of descriptors, and what `erc7730 lint` (PyPI,
 * Apache-2.0, Python 3.12) checks. The address is the planned one of the chain's arguments, or the one given.
 * usage: node dist/contracts/tools/clear-signing.js --chain contracts/deploy/chains/ID.json --out DIR [--address 0x...]
 */
const { values } = parseArgs({
  options: {
    chain: { type: "string" },
    address: { type: "string" },
    out: { type: "string" },
  },
});
if (values.chain === undefined || values.out === undefined) throw new Error("--chain FILE and --out DIR are needed");
const { chainId, ...options } = readChainArguments(values.chain);
const planned = planStack(options).addresses.sessionModule;
const address = values.address === undefined ? planned : getAddress(values.address);
const folder = new URL("../../../contracts/clear-signing/", import.meta.url);
mkdirSync(values.out, { recursive: true });
for (const [name, descriptor] of Object.entries(completeDescriptors(folder, { chainId, address }))) {
  writeFileSync(join(values.out, name), `${JSON.stringify(descriptor, null, 2)}\n`);
}
