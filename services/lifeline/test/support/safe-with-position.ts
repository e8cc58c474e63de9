import { type Address, encodeFunctionData, erc20Abi, erc4626Abi, type PrivateKeyAccount } from "viem";
import { deploySafe } from "../../../../contracts/deploy/deploy-safe.js";
import { mintTestToken } from "../../../../contracts/deploy/deploy-test-token.js";
import { enableSessionModule } from "../../../../contracts/deploy/enable-session-module.js";
import { execSafeTransaction } from "../../../../contracts/deploy/exec-safe-transaction.js";
import { metavaultRegistryAbi } from "../../../../contracts/generated/metavault-registry.js";
import type { World } from "../../../../deploy/local/world.js";

/** Test tokens a Safe has in the vault. */
export const DEPOSIT = 1_000n;

/** A Safe of `owner` with the module enabled that holds shares of a vault, listed as a session's deposit would list it. */
export async function safeWithPosition({ client, contracts, token, vault }: World, owner: PrivateKeyAccount): Promise<Address> {
  const made = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: BigInt(owner.address) });
  await mintTestToken(client, token, made, DEPOSIT);
  await enableSessionModule(client, { safe: made, sessionModule: contracts.sessionModule, owners: [owner] });
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [vault, DEPOSIT] });
  await execSafeTransaction(client, { safe: made, to: token, data: approve, owners: [owner] });
  const deposit = encodeFunctionData({ abi: erc4626Abi, functionName: "deposit", args: [DEPOSIT, made] });
  await execSafeTransaction(client, { safe: made, to: vault, data: deposit, owners: [owner] });
  const register = encodeFunctionData({ abi: metavaultRegistryAbi, functionName: "register", args: [vault] });
  await execSafeTransaction(client, { safe: made, to: contracts.metavaultRegistry, data: register, owners: [owner] });
  return made;
}
