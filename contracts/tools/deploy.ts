import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defineChain, isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { readChainArguments } from "../deploy/chain-arguments.js";
import { checkArguments } from "../deploy/check-arguments.js";
import { createDeployClient } from "../deploy/deploy-client.js";
import { deployStack } from "../deploy/deploy-stack.js";
import { planStack } from "../deploy/plan-stack.js";

/**
 * Deploys one chain's installation from its arguments file: `--chain FILE --rpc URL --key-file FILE`. Idempotent. With
 * `--dry-run` it prints the addresses, which follow from the file alone, and needs neither endpoint nor key. Writes
 * contracts/deploy/addresses/<chainId>.json. Every address of the file is asked for on the chain first. The key pays for gas and has no power over what it deploys.
 */
const { values } = parseArgs({
  options: {
    chain: { type: "string" },
    rpc: { type: "string" },
    "key-file": { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
});

const { chainId, ...options } = readChainArguments(required("chain", values.chain));
if (values["dry-run"]) {
  print(planStack(options).addresses);
} else {
  const rpcUrl = required("rpc", values.rpc);
  const key = readFileSync(required("key-file", values["key-file"]), "utf8").trim();
  if (!isHex(key)) throw new Error("--key-file: must hold a private key in hex");
  const native = { name: "Ether", symbol: "ETH", decimals: 18 };
  const chain = defineChain({ id: chainId, name: `chain ${chainId}`, nativeCurrency: native, rpcUrls: { default: { http: [rpcUrl] } } });
  const client = createDeployClient({ rpcUrl, chain, account: privateKeyToAccount(key) });
  const answered = await client.getChainId();
  if (answered !== chainId) throw new Error(`--rpc: answers for chain ${answered}, the arguments are chain ${chainId}'s`);
  await checkArguments(client, options);
  const { deployedFromBlock, ...addresses } = await deployStack({ client, ...options });
  const record = { chainId, deployedFromBlock: Number(deployedFromBlock), ...addresses };
  writeFileSync(join("contracts", "deploy", "addresses", `${chainId}.json`), `${JSON.stringify(record, null, 2)}\n`);
  print(record);
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

function print(record: object): void {
  for (const [name, value] of Object.entries(record)) process.stdout.write(`${name.padEnd(30)}${String(value)}\n`);
}
