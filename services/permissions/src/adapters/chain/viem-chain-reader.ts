import {
  type Address,
  BaseError,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  createPublicClient,
  decodeFunctionData,
  fallback,
  type Hex,
  http,
  type PublicClient,
  parseEventLogs,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  toFunctionSelector,
} from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { safeAbi } from "../../../../../contracts/deploy/safe-abi.js";
import { sessionModuleAbi } from "../../../../../contracts/generated/session-module.js";
import type { AccountFacts, ArmedLog, ArmTransaction, ChainReader, Standing } from "../../application/chain-reader.js";

export interface ViemChainReaderOptions {
  /** JSON-RPC URLs in order of preference. */
  readonly rpcUrls: readonly string[];
  readonly module: Address;
  /** Milliseconds one request may take; defaults to 3,000. */
  readonly timeoutMs?: number;
}

/** Reads the chain through viem with fail-over between the RPCs. A node that does not answer is an error, never a "no". */
export class ViemChainReader implements ChainReader {
  readonly #client: PublicClient;
  readonly #module: Address;

  constructor({ rpcUrls, module, timeoutMs = 3_000 }: ViemChainReaderOptions) {
    const transports = rpcUrls.map((url) => http(url, { timeout: timeoutMs, retryCount: 0 }));
    this.#client = createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime: 0 });
    this.#module = module;
  }

  /** Resolves when an RPC answers for the chain it should be; for the dependency watch. */
  async ping(chainId: number): Promise<void> {
    const seen = await reading(() => this.#client.getChainId());
    if (seen !== chainId) throw new InterlockError("CHAIN_MISMATCH", `the RPC is of chain ${seen}, not ${chainId}`);
  }

  account(safe: Address): Promise<AccountFacts> {
    return reading(async () => {
      const blockNumber = await this.#client.getBlockNumber();
      const call = { address: safe, abi: safeAbi, blockNumber } as const;
      const [owners, threshold, nonce, moduleEnabled, epoch] = await Promise.all([
        this.ofSafe(safe, () => this.#client.readContract({ ...call, functionName: "getOwners" })),
        this.ofSafe(safe, () => this.#client.readContract({ ...call, functionName: "getThreshold" })),
        this.ofSafe(safe, () => this.#client.readContract({ ...call, functionName: "nonce" })),
        this.ofSafe(safe, () => this.#client.readContract({ ...call, functionName: "isModuleEnabled", args: [this.#module] })),
        this.#client.readContract({ address: this.#module, abi: sessionModuleAbi, functionName: "epochOf", args: [safe], blockNumber }),
      ]);
      return { owners, threshold: Number(threshold), nonce, moduleEnabled, epoch };
    });
  }

  standing(safe: Address, policyId: Hex, confirmations: number): Promise<Standing> {
    return reading(async () => {
      const head = await this.#client.getBlockNumber();
      const depth = BigInt(Math.max(confirmations, 1) - 1);
      const blockNumber = head > depth ? head - depth : 0n;
      const module = { address: this.#module, abi: sessionModuleAbi, blockNumber } as const;
      const account = { address: safe, abi: safeAbi, blockNumber } as const;
      const [[armed, revoked, epoch], moduleEnabled] = await Promise.all([
        this.#client.readContract({ ...module, functionName: "status", args: [safe, policyId] }),
        this.#client.readContract({ ...account, functionName: "isModuleEnabled", args: [this.#module] }),
      ]);
      return { armed, revoked, epoch, moduleEnabled, blockNumber };
    });
  }

  armTransaction(hash: Hex): Promise<ArmTransaction | undefined> {
    return reading(async () => {
      const receipt = await this.receipt(hash);
      if (receipt === undefined) return undefined;
      const { blockNumber, blockHash } = receipt;
      const [head, block, transaction] = await Promise.all([
        this.#client.getBlockNumber(),
        this.#client.getBlock({ blockNumber }),
        this.#client.getTransaction({ hash }),
      ]);
      // A receipt of a block that is no longer on the chain proves nothing.
      if (block.hash !== blockHash) return undefined;
      return {
        succeeded: receipt.status === "success",
        blockNumber,
        blockHash,
        confirmations: Number(head - blockNumber) + 1,
        armed: this.armedLogs(receipt),
        signatures: this.isModule(transaction.to) ? signaturesIn(transaction.input) : undefined,
      };
    });
  }

  private async receipt(hash: Hex): Promise<TransactionReceipt | undefined> {
    try {
      return await this.#client.getTransactionReceipt({ hash });
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw error;
    }
  }

  private armedLogs({ logs }: TransactionReceipt): ArmedLog[] {
    const ours = logs.filter(({ address }) => this.isModule(address));
    const armed = parseEventLogs({ abi: sessionModuleAbi, eventName: "Armed", logs: ours, strict: true });
    return armed.map(({ args: { safe, key, id, policy }, logIndex }) => ({ safe, key, policyId: id, policy, logIndex }));
  }

  private isModule(address: Address | null): boolean {
    return address?.toLowerCase() === this.#module.toLowerCase();
  }

  private async ofSafe<T>(safe: Address, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!answersNo(error)) throw error;
      throw new InterlockError("UNSUPPORTED_ACCOUNT", "the account is not a Safe; only Safe accounts are supported", {
        details: { account: safe },
        cause: error,
      });
    }
  }
}

const ARM_WITH_SIG = toFunctionSelector(
  sessionModuleAbi.find((entry) => entry.type === "function" && entry.name === "armWithSig") ?? "armWithSig()",
);

/** Signatures in the calldata of a direct armWithSig call. */
function signaturesIn(input: Hex): Hex | undefined {
  if (!input.startsWith(ARM_WITH_SIG)) return undefined;
  const { functionName, args } = decodeFunctionData({ abi: sessionModuleAbi, data: input });
  return functionName === "armWithSig" ? args[3] : undefined;
}

/** True when the chain answered that the address does not have such a function; false when nobody answered. */
function answersNo(error: unknown): boolean {
  if (!(error instanceof ContractFunctionExecutionError)) return false;
  const no = (cause: unknown) => cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError;
  return error.walk(no) !== null;
}

async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause;
    // viem's own message quotes the URL, which may carry a credential.
    const what = cause instanceof BaseError ? cause.name : "unknown";
    throw new InterlockError("DEPENDENCY_UNAVAILABLE", "the chain cannot be read now", { details: { dependency: "rpc", what }, cause });
  }
}
