import {
  type Address,
  concatHex,
  createTestClient,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  http,
  keccak256,
  parseAbi,
  parseEventLogs,
  slice,
  toFunctionSelector,
  zeroHash,
} from "viem";
import { entryPoint08Abi, type PackedUserOperation } from "viem/account-abstraction";
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { foundry, mainnet } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalChain, startChain } from "../../deploy/local/anvil.js";
import {
  deployDeterministically,
  deployEntryPoint,
  type EntryPointVersion,
  readAccountAbstraction,
} from "../../test/support/entry-point.js";
import { policyRegistryAbi } from "../generated/policy-registry.js";
import { sessionModuleAbi } from "../generated/session-module.js";
import { testTokenAbi } from "../generated/testing/test-token.js";
import { readChainArguments } from "./chain-arguments.js";
import { createDeployClient, type DeployClient } from "./deploy-client.js";
import { deploySafe } from "./deploy-safe.js";
import { deployStack, type Stack } from "./deploy-stack.js";
import { deployTestToken, mintTestToken } from "./deploy-test-token.js";
import { enableSessionModule } from "./enable-session-module.js";
import { execSafeTransaction } from "./exec-safe-transaction.js";
import type { OnchainPolicy } from "./policy.js";

const PAYEE = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f";
const ACCOUNT = parseAbi([
  "function createAccount(address owner, uint256 salt) returns (address)",
  "function getAddress(address owner, uint256 salt) view returns (address)",
  "function execute(address dest, uint256 value, bytes data)",
]);
/** keccak256 of the published runtime code on chain 1 (0.8 keeps the chain id of its EIP-712 domain in its code). */
const CODE_HASHES = [
  ["0.7", "0x8db5ff695839d655407cc8490bb7a5d82337a86a6b39c3f0258aa6c3b582fc58"],
  ["0.8", "0x44e632a24c6f2600cbd5b5b8b4c2d372359112c8b5774297f5fd0a9e64f11f86"],
] as const;

const keyOwner = privateKeyToAccount(generatePrivateKey());
const safeOwner = privateKeyToAccount(generatePrivateKey());
/** Owns the smart account that carries the intents; is nothing to the Safe. */
const carrier = privateKeyToAccount(generatePrivateKey());
let chain: LocalChain;
let client: DeployClient;
let token: Address;
let safe: Address;
let stack: Stack;
let policy: OnchainPolicy;

beforeAll(async () => {
  chain = await startChain();
  const account = mnemonicToAccount("test test test test test test test test test test test junk");
  client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account });
  token = await deployTestToken(client, { name: "Test USD", symbol: "USDC", decimals: 6 });
  const { gmx: _, swap: __, ...options } = readChainArguments(new URL("./chains/31337.json", import.meta.url).pathname);
  stack = await deployStack({ client, ...options, tokens: [token], vaults: [] });
  safe = await deploySafe({ client, owners: [safeOwner.address], threshold: 1, saltNonce: 1n });
  await enableSessionModule(client, { safe, sessionModule: stack.sessionModule, owners: [safeOwner] });
  await mintTestToken(client, token, safe, 1_000n);
  policy = await armed(keyOwner.address);
});

afterAll(() => chain.stop());

describe("EntryPoint's own code", () => {
  let chainOne: LocalChain;
  beforeAll(async () => {
    chainOne = await startChain({ chainId: mainnet.id });
  });
  afterAll(() => chainOne.stop());

  it.each(CODE_HASHES)("of %s comes from npm to its published address, with its published hash", async (version, hash) => {
    const account = mnemonicToAccount("test test test test test test test test test test test junk");
    const one = createDeployClient({ rpcUrl: chainOne.url, chain: mainnet, account });
    const address = await deployEntryPoint(one, version);
    expect(keccak256((await one.getCode({ address })) ?? "0x")).toBe(hash);
  });
});

describe.each(["0.7", "0.8"] as const)("a user operation through the genuine EntryPoint %s", (version) => {
  let entryPoint: Address;
  let account: Address;
  let initCode: Hex;

  beforeAll(async () => {
    entryPoint = await deployEntryPoint(client, version);
    const factoryCode = concatHex([
      readAccountAbstraction(version, "SimpleAccountFactory"),
      encodeAbiParameters([{ type: "address" }], [entryPoint]),
    ]);
    const factory = await deployDeterministically(client, factoryCode, zeroHash);
    const create = { abi: ACCOUNT, args: [carrier.address, 0n] } as const;
    account = await client.readContract({ address: factory, functionName: "getAddress", ...create });
    initCode = concatHex([factory, encodeFunctionData({ functionName: "createAccount", ...create })]);
  });

  it("carries a key's intent for a stranger's smart account, once, with the effect it has from anybody", async () => {
    const before = await paid();
    const data = await intent(version);
    expect(await submit(data)).toMatchObject({ success: true });
    expect(await paid()).toBe(before + 10n);
    expect(await submit(data)).toMatchObject({ success: false, reason: toFunctionSelector("NonceUsed(uint256)") });
    expect(await paid()).toBe(before + 10n);
  });

  it("gives the smart account that carries it no power of the key, the Safe or an owner", async () => {
    const calls = [
      ["NotKey()", encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args: [policy, payment(), []] })],
      ["NotSafe()", encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [policy] })],
      ["NotAuthorized(address)", encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] })],
      ["NotAuthorized(address)", encodeFunctionData({ abi: sessionModuleAbi, functionName: "emergencyCloseAll", args: [safe] })],
    ] as const;
    for (const [error, data] of calls) expect(await submit(data)).toMatchObject({ success: false, reason: toFunctionSelector(error) });
  });

  it("lets a smart account be the session key itself", async () => {
    const own = await armed(account);
    const before = await paid();
    const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "exec", args: [own, payment(), []] });
    expect(await submit(data)).toMatchObject({ success: true });
    expect(await paid()).toBe(before + 10n);
  });

  it("is itself nobody to module and registry", async () => {
    const test = createTestClient({ mode: "anvil", chain: foundry, transport: http(chain.url) });
    await test.setBalance({ address: entryPoint, value: 10n ** 18n });
    const module = { address: stack.sessionModule, abi: sessionModuleAbi, account: entryPoint } as const;
    await expect(client.simulateContract({ ...module, functionName: "exec", args: [policy, payment(), []] })).rejects.toThrow("NotKey");
    await expect(client.simulateContract({ ...module, functionName: "arm", args: [policy] })).rejects.toThrow("NotSafe");
    await expect(client.simulateContract({ ...module, functionName: "disarmAll", args: [safe] })).rejects.toThrow("NotAuthorized");
    await expect(client.simulateContract({ ...module, functionName: "emergencyCloseAll", args: [safe] })).rejects.toThrow("NotAuthorized");
    const registry = { address: stack.policyRegistry, abi: policyRegistryAbi, account: entryPoint } as const;
    await expect(client.simulateContract({ ...registry, functionName: "pauseProtocol", args: [1] })).rejects.toThrow("NotGuardian");
  });

  /** EntryPoint calls what an operation names as sender, factory or paymaster: none of these words reaches the module as power. */
  it("cannot be made to use the module as account, factory or paymaster", async () => {
    const disarm = encodeFunctionData({ abi: sessionModuleAbi, functionName: "disarmAll", args: [safe] });
    const asAccount = await operation(disarm, { sender: stack.sessionModule, initCode: "0x" });
    const asFactory = await operation("0x", { sender: PAYEE, initCode: concatHex([stack.sessionModule, disarm]) });
    const asPaymaster = await operation(disarm, {
      paymasterAndData: concatHex([stack.sessionModule, packed(500_000n, 500_000n), disarm]),
    });
    for (const op of [asAccount, asFactory, asPaymaster]) {
      const call = { address: entryPoint, abi: entryPoint08Abi, functionName: "handleOps", args: [[op], carrier.address] } as const;
      await expect(client.simulateContract(call)).rejects.toThrow(/FailedOp|reverted/);
    }
    expect(await client.readContract({ address: stack.sessionModule, abi: sessionModuleAbi, functionName: "epochOf", args: [safe] })).toBe(
      0,
    );
  });

  /** A user operation of the carrier's account, signed as its version wants, at a gas price of 0. */
  async function operation(callData: Hex, other: Partial<PackedUserOperation> = {}): Promise<PackedUserOperation> {
    const getNonce = { address: entryPoint, abi: entryPoint08Abi, functionName: "getNonce", args: [account, 0n] } as const;
    const op: PackedUserOperation = {
      sender: account,
      nonce: await client.readContract(getNonce),
      initCode: (await client.getCode({ address: account })) === undefined ? initCode : "0x",
      callData,
      accountGasLimits: packed(1_500_000n, 9_000_000n),
      preVerificationGas: 0n,
      gasFees: packed(0n, 0n),
      paymasterAndData: "0x",
      signature: "0x",
      ...other,
    };
    const hash = await client.readContract({ address: entryPoint, abi: entryPoint08Abi, functionName: "getUserOpHash", args: [op] });
    const signature = version === "0.7" ? carrier.signMessage({ message: { raw: hash } }) : carrier.sign({ hash });
    return { ...op, signature: await signature };
  }

  /** Sends a call of the module through the carrier's account; what became of it, and the selector of the module's refusal. */
  async function submit(data: Hex): Promise<{ success: boolean | undefined; reason: Hex | undefined }> {
    const callData = encodeFunctionData({ abi: ACCOUNT, functionName: "execute", args: [stack.sessionModule, 0n, data] });
    const args = [[await operation(callData)], carrier.address] as const;
    const hash = await client.writeContract({
      address: entryPoint,
      abi: entryPoint08Abi,
      functionName: "handleOps",
      args,
      gas: 15_000_000n,
    });
    const { logs } = await client.waitForTransactionReceipt({ hash });
    const events = parseEventLogs({ abi: entryPoint08Abi, logs });
    const done = events.find((event) => event.eventName === "UserOperationEvent");
    const refused = events.find((event) => event.eventName === "UserOperationRevertReason");
    return { success: done?.args.success, reason: refused && slice(refused.args.revertReason, 0, 4) };
  }
});

const packed = (high: bigint, low: bigint): Hex => encodeAbiParameters([{ type: "uint256" }], [(high << 128n) | low]);

const paid = () => client.readContract({ address: token, abi: testTokenAbi, functionName: "balanceOf", args: [PAYEE] });

function payment() {
  const data = encodeFunctionData({ abi: testTokenAbi, functionName: "transfer", args: [PAYEE, 10n] });
  return { to: token, value: 0n, data };
}

/** `execSigned` of a payment, signed by the session key; each version of EntryPoint uses its own nonce. */
async function intent(version: EntryPointVersion): Promise<Hex> {
  const nonce = version === "0.7" ? 7n : 8n;
  const deadline = policy.validUntil;
  const call = payment();
  const id = keccak256(encodeAbiParameters([policyParameter()], [policy]));
  const signature = await keyOwner.signTypedData({
    domain: { name: "Interlock SessionModule", version: "1", chainId: foundry.id, verifyingContract: stack.sessionModule },
    types: {
      Exec: [
        { name: "id", type: "bytes32" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "data", type: "bytes" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint48" },
      ],
    },
    primaryType: "Exec",
    message: { id, ...call, nonce, deadline },
  });
  const args = [policy, call, [], nonce, deadline, signature] as const;
  return encodeFunctionData({ abi: sessionModuleAbi, functionName: "execSigned", args });
}

function policyParameter() {
  const arm = sessionModuleAbi.find((item) => item.type === "function" && item.name === "arm");
  if (arm?.type !== "function" || arm.name !== "arm") throw new Error("the module's ABI has no arm");
  return arm.inputs[0];
}

/** A session that may pay 10 to the payee, armed by the Safe. */
async function armed(key: Address): Promise<OnchainPolicy> {
  const now = Number((await client.getBlock()).timestamp);
  const session: OnchainPolicy = {
    safe,
    key: getAddress(key),
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
  const data = encodeFunctionData({ abi: sessionModuleAbi, functionName: "arm", args: [session] });
  await execSafeTransaction(client, { safe, to: stack.sessionModule, data, owners: [safeOwner] });
  return session;
}
