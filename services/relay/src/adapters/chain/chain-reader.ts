import { type Address, type Hex, numberToHex, type PublicClient } from "viem";
import { z } from "zod";
import { sessionModuleAbi } from "../../../../../contracts/generated/session-module.js";
import type { Providers } from "./providers.js";
import { chainAway } from "./rpc-failure.js";

/** A block with the hashes of its transactions; `time` in Unix seconds, `baseFee` in wei. */
export interface Block {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  readonly time: bigint;
  readonly baseFee: bigint;
  readonly transactions: readonly string[];
}

/** What a receipt says. */
export interface Outcome {
  readonly hash: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly success: boolean;
}

const receipt = z.object({
  transactionHash: z.string(),
  blockNumber: z.string().transform((text) => BigInt(text)),
  blockHash: z.string(),
  status: z.string(),
});

/**
 * Reads the chain through the failing-over client. Every method throws DEPENDENCY_UNAVAILABLE when no node answers. What decides about
 * budgets, a receipt, is asked of every node: one that has none lags, but two that contradict each other are as good as no answer.
 */
export class ChainReader {
  /** @param contradicted told of a transaction whose receipts the nodes do not agree on */
  constructor(
    private readonly providers: Providers,
    private readonly contradicted: (hash: string) => void = () => {},
  ) {}

  /** The chain id the nodes say they are on. */
  chainId(): Promise<number> {
    return away(this.providers.reads.getChainId());
  }

  /** A block by number or the newest; undefined when the chain does not have it. */
  async block(at: bigint | "latest"): Promise<Block | undefined> {
    const raw = await away(
      this.providers.reads.request({ method: "eth_getBlockByNumber", params: [at === "latest" ? at : numberToHex(at), false] }),
    );
    if (raw === null || raw.hash === null || raw.number === null) return undefined;
    const transactions = raw.transactions.map((transaction) => (typeof transaction === "string" ? transaction : transaction.hash));
    const { hash, parentHash } = raw;
    return {
      number: BigInt(raw.number),
      hash,
      parentHash,
      time: BigInt(raw.timestamp),
      baseFee: BigInt(raw.baseFeePerGas ?? 0),
      transactions,
    };
  }

  /** The hash each configured node has at a height; undefined for one that has none or does not answer. */
  hashesAt(height: bigint): Promise<(string | undefined)[]> {
    return Promise.all(
      this.providers.each.map((client) =>
        client.request({ method: "eth_getBlockByNumber", params: [numberToHex(height), false] }).then(
          (block) => block?.hash ?? undefined,
          () => undefined,
        ),
      ),
    );
  }

  /** Outcomes of `hashes`, all in the block at `height`: one call per node where it can list a block's receipts. */
  async outcomesIn(height: bigint, hashes: readonly string[]): Promise<Outcome[]> {
    if (hashes.length > 2) {
      const lists = await Promise.all(this.providers.each.map((client) => this.#blockReceipts(client, height)));
      const known = lists.filter((list) => list !== undefined);
      if (known.length > 0) {
        const of = (hash: string) => known.flatMap((list) => list.filter((one) => one.hash === hash));
        return hashes.map((hash) => this.#agreed(hash, of(hash))).filter((one) => one !== undefined);
      }
    }
    const outcomes = await Promise.all(hashes.map((hash) => this.outcome(hash)));
    return outcomes.filter((one) => one !== undefined);
  }

  /** Outcome of a transaction; undefined when it is not mined, or the nodes contradict each other about it. */
  async outcome(hash: string): Promise<Outcome | undefined> {
    const answers = await this.#receipts(hash);
    return this.#agreed(
      hash,
      answers.filter((one) => one !== null && one !== undefined),
    );
  }

  /** True when every configured node answers, and none has a receipt of `hash`. */
  async nowhere(hash: string): Promise<boolean> {
    return (await this.#receipts(hash)).every((answer) => answer === null);
  }

  /** Transactions the sender has had mined, at the newest block. Never used to choose a nonce. */
  transactionCount(sender: Address): Promise<bigint> {
    return away(this.providers.reads.getTransactionCount({ address: sender, blockTag: "latest" }).then(BigInt));
  }

  /** Balance in wei. */
  balance(address: Address): Promise<bigint> {
    return away(this.providers.reads.getBalance({ address }));
  }

  /** What nodes suggest as a tip, in wei per gas. */
  priorityFee(): Promise<bigint> {
    return away(this.providers.reads.request({ method: "eth_maxPriorityFeePerGas" }).then((fee) => BigInt(fee)));
  }

  /** True when the intent's nonce was used at `height`, by whatever transaction. */
  nonceUsed(module: Address, safe: Address, policyId: Hex, nonce: bigint, height: bigint): Promise<boolean> {
    const args = [safe, policyId, nonce] as const;
    return away(
      this.providers.reads.readContract({ address: module, abi: sessionModuleAbi, functionName: "nonceUsed", args, blockNumber: height }),
    );
  }

  /** Each node's answer: null when it has no receipt, undefined when it does not answer. @throws when none answers */
  async #receipts(hash: string): Promise<readonly (Outcome | null | undefined)[]> {
    const params: [Hex] = [asHash(hash)];
    const asked = this.providers.each.map((client) => client.request({ method: "eth_getTransactionReceipt", params }));
    // The first failure speaks for all when nobody answers.
    await away(Promise.any(asked).catch((error: unknown) => Promise.reject(error instanceof AggregateError ? error.errors[0] : error)));
    return Promise.all(
      asked.map((one) =>
        one.then(
          (raw) => (raw === null ? null : toOutcome(receipt.parse(raw))),
          () => undefined,
        ),
      ),
    );
  }

  #agreed(hash: string, outcomes: readonly Outcome[]): Outcome | undefined {
    const [first] = outcomes;
    if (first === undefined) return undefined;
    if (outcomes.every(({ blockHash, success }) => blockHash === first.blockHash && success === first.success)) return first;
    this.contradicted(hash);
    return undefined;
  }

  async #blockReceipts(client: PublicClient, height: bigint): Promise<Outcome[] | undefined> {
    const schema = z.array(receipt);
    // Not every node has this method: the single receipts are asked for then.
    const request: Promise<unknown> = client.request<{
      Method: "eth_getBlockReceipts";
      Parameters: [Hex];
      ReturnType: unknown;
    }>({ method: "eth_getBlockReceipts", params: [numberToHex(height)] });
    const parsed = schema.safeParse(await request.catch(() => undefined));
    return parsed.success ? parsed.data.map(toOutcome) : undefined;
  }
}

function toOutcome(raw: z.infer<typeof receipt>): Outcome {
  return { hash: raw.transactionHash, blockNumber: raw.blockNumber, blockHash: raw.blockHash, success: BigInt(raw.status) === 1n };
}

async function away<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw chainAway(cause);
  }
}

function asHash(hash: string): Hex {
  return `0x${hash.slice(2)}`;
}
