import {
  type Address,
  createPublicClient,
  fallback,
  getAbiItem,
  type Hex,
  http,
  type Log,
  type PublicClient,
  parseEventLogs,
  TransactionReceiptNotFoundError,
} from "viem";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import type { BlockSpan } from "../domain/block-span.js";
import type { ChainFact } from "../domain/reconcile/chain-fact.js";

const FACTS = [
  getAbiItem({ abi: sessionModuleAbi, name: "Used" }),
  getAbiItem({ abi: sessionModuleAbi, name: "Armed" }),
  getAbiItem({ abi: sessionModuleAbi, name: "Disarmed" }),
  getAbiItem({ abi: sessionModuleAbi, name: "EpochBumped" }),
  getAbiItem({ abi: sessionModuleAbi, name: "EmergencyClosed" }),
] as const;

/** Where a transaction is, and what our module said in it. */
export interface SeenTransaction {
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly facts: readonly ChainFact[];
}

function toFacts(logs: Log[]): ChainFact[] {
  return parseEventLogs({ abi: FACTS, logs, strict: true }).flatMap((log): ChainFact[] => {
    const { blockHash, blockNumber, logIndex, transactionHash } = log;
    if (blockHash === null || blockNumber === null || logIndex === null || transactionHash === null) return [];
    const at = { blockHash, blockNumber, logIndex, transactionHash };
    switch (log.eventName) {
      case "Used":
        return [{ kind: "use", account: log.args.safe, policyId: log.args.id, at }];
      case "Armed":
        return [{ kind: "arm", account: log.args.safe, policyId: log.args.id, key: log.args.key, at }];
      case "Disarmed":
        return [{ kind: "disarm", account: log.args.safe, policyId: log.args.id, at }];
      case "EpochBumped":
        return [{ kind: "epoch", account: log.args.safe, at }];
      default:
        return [{ kind: "emergency", account: log.args.safe, at }];
    }
  });
}

/** Everything our module says on the chain, for comparison with the log. */
export class ModuleFacts {
  private readonly client: PublicClient;

  constructor(
    rpcUrls: readonly string[],
    private readonly module: Address,
  ) {
    this.client = createPublicClient({ transport: fallback(rpcUrls.map((url) => http(url, { timeout: 5_000, retryCount: 0 }))) });
  }

  head(): Promise<bigint> {
    return this.client.getBlockNumber({ cacheTime: 0 });
  }

  async blockHash(blockNumber: bigint): Promise<Hex> {
    return (await this.client.getBlock({ blockNumber })).hash;
  }

  async read({ from, to }: BlockSpan): Promise<readonly ChainFact[]> {
    return toFacts(await this.client.getLogs({ address: this.module, events: FACTS, fromBlock: from, toBlock: to }));
  }

  /** The transaction as the chain has it now; undefined when it is in no block. */
  async transaction(hash: Hex): Promise<SeenTransaction | undefined> {
    try {
      const { blockHash, blockNumber, logs } = await this.client.getTransactionReceipt({ hash });
      const ours = logs.filter(({ address }) => address.toLowerCase() === this.module.toLowerCase());
      return { blockHash, blockNumber, facts: toFacts(ours) };
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw error;
    }
  }
}
