// Compares deployed code with code built from these sources, byte by byte, immutables left out: --addresses FILE --rpc URL.
// Immutables hold constructor arguments, and those are part of the address, which is checked by deploying with --dry-run.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureProduction, readArtifact } from "./production.mjs";

/** Names in an addresses file, and the contract that stands there. */
const CONTRACTS = {
  sessionModule: "SessionModule",
  policyRegistry: "PolicyRegistry",
  metavaultRegistry: "MetavaultRegistry",
  vaultAdapter: "VaultAdapter",
  gmxAdapter: "GmxAdapter",
  swapAdapter: "SwapAdapter",
  auditAnchor: "AuditAnchor",
};

const { values } = parseArgs({ options: { addresses: { type: "string" }, rpc: { type: "string" } } });
if (values.addresses === undefined || values.rpc === undefined) throw new Error("--addresses FILE and --rpc URL are needed");

const deployed = JSON.parse(readFileSync(values.addresses, "utf8"));
ensureProduction();
for (const [name, contract] of Object.entries(CONTRACTS)) {
  const address = deployed[name];
  if (address === undefined) continue;
  const { object, immutableReferences } = readArtifact(contract).deployedBytecode;
  const same = mask(await codeAt(address), immutableReferences) === mask(object.slice(2), immutableReferences);
  process.stdout.write(`${same ? "equal " : "DIFFERS"}  ${contract.padEnd(18)} ${address}\n`);
  if (!same) process.exitCode = 1;
}

async function codeAt(address) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_getCode", params: [address, "latest"] });
  const answer = await fetch(values.rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (result === undefined) throw new Error(`eth_getCode ${address}: ${error?.message ?? "no result"}`);
  return result.slice(2);
}

/** The code with every immutable's bytes as zeros. */
function mask(hex, references) {
  const digits = [...hex];
  for (const { start, length } of Object.values(references ?? {}).flat()) digits.fill("0", 2 * start, 2 * (start + length));
  return digits.join("");
}
