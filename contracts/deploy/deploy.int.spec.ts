import { fileURLToPath } from "node:url";
import { type Address, encodeFunctionData, keccak256, zeroAddress, zeroHash } from "viem";
import { generatePrivateKey, mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalChain, startChain } from "../../deploy/local/anvil.js";
import { sessionModuleAbi } from "../generated/session-module.js";
import { testTokenAbi } from "../generated/testing/test-token.js";
import { readChainArguments } from "./chain-arguments.js";
import { createDeployClient, type DeployClient } from "./deploy-client.js";
import { deployDoubles } from "./deploy-doubles.js";
import { deploySafe } from "./deploy-safe.js";
import { deployStack, type Stack } from "./deploy-stack.js";
import { deployTestToken, mintTestToken } from "./deploy-test-token.js";
import { deployTestVault } from "./deploy-test-vault.js";
import { enableSessionModule } from "./enable-session-module.js";
import { execSafeTransaction } from "./exec-safe-transaction.js";
import { encodeMigration } from "./migrate-session-module.js";
import { planStack } from "./plan-stack.js";
import type { OnchainPolicy } from "./policy.js";
import { safeAbi } from "./safe-abi.js";
import { readSafeArtifact } from "./safe-artifact.js";
import { SAFE_1_4_1 } from "./safe-contracts.js";
import { deployThroughFactory, ensureSingletonFactory } from "./singleton-factory.js";

const ARGUMENTS = fileURLToPath(new URL("./chains/31337.json", import.meta.url));
/** Module list's end in a Safe. */
const SENTINEL = "0x0000000000000000000000000000000000000001";
const PAYEE = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f";
/** Where Safe's singletons stand on every chain that has them, and the hash of their published runtime code. */
const SINGLETONS = [
  ["1.4.1", SAFE_1_4_1.safeSingleton, "0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4"],
  ["1.5.0", "0xFf51A5898e281Db6DfC7855790607438dF2ca44b", "0xdda019cbd7c867a533a2a86e5c53434fdc50b13122b5a5ddb4a8df61b31c20f2"],
] as const;

let chain: LocalChain;
let client: DeployClient;
let token: Address;
let stack: Stack;

beforeAll(async () => {
  chain = await startChain();
  const account = mnemonicToAccount("test test test test test test test test test test test junk");
  client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account });
  token = await deployTestToken(client, { name: "Test USD", symbol: "USDC", decimals: 6 });
  await deployTestVault(client, { asset: token, name: "Test USD vault", symbol: "vUSDC" });
  await deployDoubles(client, token);
  stack = await deployStack({ client, ...readChainArguments(ARGUMENTS) });
});

afterAll(() => chain.stop());

describe("an installation from its arguments file", () => {
  it("stands where the file alone says", async () => {
    const planned = planStack(readChainArguments(ARGUMENTS)).addresses;
    expect(stack).toMatchObject(planned);
    for (const address of Object.values(planned)) expect(await client.getCode({ address })).toBeDefined();
  });

  it("is left alone by a second run", async () => {
    const before = await client.getBlockNumber();
    const { deployedFromBlock: _, ...again } = await deployStack({ client, ...readChainArguments(ARGUMENTS) });
    expect(stack).toMatchObject(again);
    expect(await client.getBlockNumber()).toBe(before);
  });

  it("moves with every argument", () => {
    const options = readChainArguments(ARGUMENTS);
    const other = planStack({ ...options, delay: options.delay + 1 }).addresses;
    expect(other.policyRegistry).not.toBe(stack.policyRegistry);
    expect(other.sessionModule).not.toBe(stack.sessionModule);
    expect(other.vaultAdapter).toBe(stack.vaultAdapter);
  });
});

describe("Safe's own code", () => {
  it.each(SINGLETONS)("of %s comes from npm to its published address, with its published hash", async (version, published, hash) => {
    await ensureSingletonFactory(client);
    const address = await deployThroughFactory(client, readSafeArtifact("Safe", version).bytecode);
    expect(address).toBe(published);
    expect(keccak256((await client.getCode({ address })) ?? "0x")).toBe(hash);
  });
});

describe("moving to a successor module", () => {
  let owner: PrivateKeyAccount;
  let key: DeployClient;
  let safe: Address;
  let successor: Address;

  beforeAll(async () => {
    owner = privateKeyToAccount(generatePrivateKey());
    const keyAccount = privateKeyToAccount(generatePrivateKey());
    key = createDeployClient({ rpcUrl: chain.url, chain: foundry, account: keyAccount });
    safe = await deploySafe({ client, owners: [owner.address], threshold: 1, saltNonce: 7n });
    await enableSessionModule(client, { safe, sessionModule: stack.sessionModule, owners: [owner] });
    await mintTestToken(client, token, safe, 1_000n);
    for (const to of [keyAccount.address, owner.address]) {
      await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ to, value: 10n ** 18n }) });
    }
    const { gmx: _, ...withoutGmx } = readChainArguments(ARGUMENTS);
    successor = (await deployStack({ client, ...withoutGmx })).sessionModule;
  });

  it("happens in one transaction: sessions work on the successor and nowhere else", async () => {
    const policy = await paymentPolicy();
    const arm = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] });
    await execSafeTransaction(client, { safe, to: stack.sessionModule, data: arm, owners: [owner] });
    await pay(stack.sessionModule, policy);
    const plan = {
      safe,
      from: stack.sessionModule,
      to: successor,
      previousModule: SENTINEL,
      guardian: zeroAddress,
      anyOwnerClose: false,
    } as const;
    const data = encodeMigration({ ...plan, policies: [policy] });
    await execSafeTransaction(client, { safe, to: SAFE_1_4_1.multiSendCallOnly, data, operation: 1, owners: [owner] });
    expect(await isEnabled(stack.sessionModule)).toBe(false);
    expect(await isEnabled(successor)).toBe(true);
    await expect(pay(stack.sessionModule, policy)).rejects.toThrow("ModuleNotEnabled");
    await pay(successor, policy);
    const paid = await client.readContract({ address: token, abi: testTokenAbi, functionName: "balanceOf", args: [PAYEE] });
    expect(paid).toBe(20n);
  });

  const isEnabled = (module: Address) =>
    client.readContract({ address: safe, abi: safeAbi, functionName: "isModuleEnabled", args: [module] });

  async function paymentPolicy(): Promise<OnchainPolicy> {
    const now = Number((await client.getBlock()).timestamp);
    return {
      safe,
      key: key.account.address,
      validAfter: now,
      validUntil: now + 86_400,
      rateWindow: 3_600,
      maxOps: 10,
      budgetWindow: 3_600,
      epoch: 0,
      rulesBefore: now,
      protocolMask: 2n,
      scopeRoot: zeroHash,
      maxSlippageBps: 0,
      policyHash: zeroHash,
      limits: [{ token, perOp: 100n, perPeriod: 100n }],
    };
  }

  async function pay(module: Address, policy: OnchainPolicy): Promise<void> {
    const data = encodeFunctionData({ abi: testTokenAbi, functionName: "transfer", args: [PAYEE, 10n] });
    const call = {
      address: module,
      abi: sessionModuleAbi,
      functionName: "exec",
      args: [policy, { to: token, value: 0n, data }, []],
    } as const;
    await key.simulateContract({ ...call, account: key.account });
    await key.waitForTransactionReceipt({ hash: await key.writeContract(call) });
  }
});
