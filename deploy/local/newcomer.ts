import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Address } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { deploySafe } from "../../contracts/deploy/deploy-safe.js";
import { mintTestToken } from "../../contracts/deploy/deploy-test-token.js";
import { enableSessionModule } from "../../contracts/deploy/enable-session-module.js";
import { Cli } from "./demo/cli.js";
import { paymentsPolicy } from "./demo/policies.js";
import type { Stack } from "./stack.js";
import { fund } from "./world.js";

/** Somebody who can start at once: a funded owner with a Safe, signed in, and a policy to try. */
export interface Newcomer {
  readonly owner: Address;
  readonly ownerKeyFile: string;
  readonly profileFile: string;
  readonly safe: Address;
  readonly policyFile: string;
}

/** Makes a wallet, a Safe with the module enabled and 10,000 test USDC, signs the owner in and writes an example policy. */
export async function makeNewcomer(stack: Stack): Promise<Newcomer> {
  const { world, folder, gatewayUrl } = stack;
  const { client, contracts, token, recipients } = world;
  const secret = generatePrivateKey();
  const owner = privateKeyToAccount(secret);
  const ownerKeyFile = join(folder, "owner.hex");
  writeFileSync(ownerKeyFile, secret, { mode: 0o600 });
  await fund(world, owner.address, "10");
  const safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: BigInt(Date.now()) });
  await enableSessionModule(client, { safe, sessionModule: contracts.sessionModule, owners: [owner] });
  await mintTestToken(client, token, safe, 10_000_000_000n);
  const cli = new Cli(gatewayUrl, folder, "owner");
  await cli.must("login", "--key-file", ownerKeyFile, "--account", safe);
  const policyFile = join(folder, "example.policy.json");
  const [payee] = recipients;
  if (payee === undefined) throw new Error("the registry knows no recipient");
  writeFileSync(policyFile, JSON.stringify(paymentsPolicy(token, payee), undefined, 2));
  return { owner: owner.address, ownerKeyFile, profileFile: cli.profileFile, safe, policyFile };
}
