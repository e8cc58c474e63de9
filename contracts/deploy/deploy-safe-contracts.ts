import type { Address } from "viem";
import type { DeployClient } from "./deploy-client.js";
import { readSafeArtifact } from "./safe-artifact.js";
import { SAFE_1_4_1, type SafeContracts } from "./safe-contracts.js";
import { deployThroughFactory, ensureSingletonFactory } from "./singleton-factory.js";

const SOURCES: Readonly<Record<keyof SafeContracts, string>> = {
  safeSingleton: "Safe",
  safeProxyFactory: "proxies/SafeProxyFactory",
  compatibilityFallbackHandler: "handler/CompatibilityFallbackHandler",
  multiSend: "libraries/MultiSend",
  multiSendCallOnly: "libraries/MultiSendCallOnly",
  signMessageLib: "libraries/SignMessageLib",
};

/**
 * The genuine Safe 1.4.1 at its canonical addresses. Idempotent.
 * @throws Error when an address or the code at it is not the published one
 */
export async function deploySafeContracts(client: DeployClient): Promise<SafeContracts> {
  await ensureSingletonFactory(client);
  for (const name of Object.keys(SOURCES).filter(isSafeContract)) await deployGenuine(client, SOURCES[name], SAFE_1_4_1[name]);
  return SAFE_1_4_1;
}

async function deployGenuine(client: DeployClient, source: string, canonical: Address): Promise<void> {
  const { bytecode, deployedBytecode } = readSafeArtifact(source);
  const address = await deployThroughFactory(client, bytecode);
  if (address !== canonical) throw new Error(`${source} of Safe 1.4.1 came to ${address}, published at ${canonical}`);
  const code = await client.getCode({ address });
  if (code === undefined || !sameCode(code, deployedBytecode))
    throw new Error(`${source} at ${address} is not the published Safe 1.4.1 code`);
}

/** MultiSend keeps its own address as an immutable, which the artifact leaves as zero bytes. */
function sameCode(code: string, artifact: string): boolean {
  return code.length === artifact.length && [...artifact].every((digit, at) => digit === "0" || digit === code[at]);
}

function isSafeContract(name: string): name is keyof SafeContracts {
  return name in SOURCES;
}
