import { writeFileSync } from "node:fs";
import { type Address, bytesToHex, type Hex, parseEther } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { createDeployClient, type DeployClient } from "../../contracts/deploy/deploy-client.js";
import { type Doubles, deployDoubles } from "../../contracts/deploy/deploy-doubles.js";
import { type Stack as Contracts, deployStack } from "../../contracts/deploy/deploy-stack.js";
import { deployTestToken } from "../../contracts/deploy/deploy-test-token.js";
import { deployTestVault } from "../../contracts/deploy/deploy-test-vault.js";
import { PROTOCOL_ERC20, PROTOCOL_ERC4626, PROTOCOL_GMX, PROTOCOL_SWAP } from "../../contracts/deploy/protocols.js";

/** The development node's own public phrase: its accounts are funded on every such node, and worth nothing anywhere else. */
const DEVELOPMENT_PHRASE = "test test test test test test test test test test test junk";

/** What stands on the development chain before the first session: the contracts, a token, a vault, somebody to pay. */
export interface World {
  readonly client: DeployClient;
  readonly contracts: Contracts;
  readonly token: Address;
  readonly vault: Address;
  /** Whom the registry lets sessions pay. */
  readonly recipients: readonly Address[];
  /** Markets that stand for GMX and a swap router; absent in a world that somebody else deployed. */
  readonly doubles?: Doubles;
}

/** The first accounts of the development phrase, by index; 0 deploys, the others are anybody's. */
export function developmentAccount(index: number) {
  return mnemonicToAccount(DEVELOPMENT_PHRASE, { addressIndex: index });
}

/** The private key of such an account. */
export function developmentKey(index: number): Hex {
  const { privateKey } = developmentAccount(index).getHdKey();
  if (!privateKey) throw new Error("an account of the development phrase has a private key");
  return bytesToHex(privateKey);
}

/** Who deploys on a development chain, and pays for whatever tests need there. */
export function developmentClient(rpcUrl: string): DeployClient {
  return createDeployClient({ rpcUrl, chain: foundry, account: developmentAccount(0) });
}

/** Puts everything on a fresh development chain; `minedEvery` seconds pass between blocks. */
export async function buildWorld(rpcUrl: string): Promise<World> {
  const deployer = developmentAccount(0);
  const client = developmentClient(rpcUrl);
  const recipients = [developmentAccount(8).address, developmentAccount(9).address];
  const token = await deployTestToken(client, { name: "Test USD", symbol: "USDC", decimals: 6 });
  const vault = await deployTestVault(client, { asset: token, name: "Test USD vault", symbol: "vUSDC" });
  const doubles = await deployDoubles(client, token);
  const contracts = await deployStack({
    client,
    gmx: doubles.gmx,
    swap: doubles.swap,
    guardian: deployer.address,
    governor: deployer.address,
    delay: 0,
    tokens: [token],
    recipients,
    vaults: [vault],
  });
  return { client, contracts, token, vault, recipients, doubles };
}

/** What services are told about the contracts: the content of the deployment file. */
export function deploymentOf({ contracts, client }: World, confirmations: number) {
  return {
    chainId: client.chain.id,
    module: contracts.sessionModule,
    registry: contracts.policyRegistry,
    metavaults: contracts.metavaultRegistry,
    adapters: { vault: contracts.vaultAdapter },
    protocols: { erc20: PROTOCOL_ERC20, erc4626: PROTOCOL_ERC4626, gmx: PROTOCOL_GMX, swap: PROTOCOL_SWAP },
    confirmations,
  };
}

/** Writes the file that tells services where the contracts are. */
export function writeDeploymentFile(path: string, world: World, confirmations: number): void {
  writeFileSync(path, JSON.stringify(deploymentOf(world, confirmations), undefined, 2));
}

/** Gives an account native currency, in whole units. */
export async function fund(world: World, to: Address, ether: string): Promise<void> {
  const hash = await world.client.sendTransaction({ to, value: parseEther(ether) });
  await world.client.waitForTransactionReceipt({ hash });
}
