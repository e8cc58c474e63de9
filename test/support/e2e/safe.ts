import type { Address, PrivateKeyAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { deploySafe } from "../../../contracts/deploy/deploy-safe.js";
import { mintTestToken } from "../../../contracts/deploy/deploy-test-token.js";
import { enableSessionModule } from "../../../contracts/deploy/enable-session-module.js";
import type { Stack } from "../../../deploy/local/stack.js";

/** One unit of the stack's test token. */
export const USDC = 1_000_000n;

export interface OwnedSafe {
  readonly address: Address;
  readonly owners: readonly [PrivateKeyAccount, ...PrivateKeyAccount[]];
}

/** A fresh wallet. */
export const newWallet = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());

/** A genuine Safe with the session module enabled and 10,000 of the test token; fresh owners. */
export async function newSafe(
  { world }: Pick<Stack, "world">,
  options: { readonly owners?: number; readonly threshold?: number } = {},
): Promise<OwnedSafe> {
  const { owners: count = 1, threshold = 1 } = options;
  const owners: OwnedSafe["owners"] = [newWallet(), ...Array.from({ length: count - 1 }, newWallet)];
  const addresses = owners.map(({ address }) => address);
  const { client, contracts, token } = world;
  const address = await deploySafe({ client, owners: addresses, threshold, saltNonce: BigInt(addresses[0] ?? 0) });
  await mintTestToken(client, token, address, 10_000n * USDC);
  await enableSessionModule(client, { safe: address, sessionModule: contracts.sessionModule, owners: owners.slice(0, threshold) });
  return { address, owners };
}
