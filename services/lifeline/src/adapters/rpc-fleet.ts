import {
  type Address,
  BaseError,
  createPublicClient,
  type Hex,
  http,
  type PublicClient,
  RpcRequestError,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
} from "viem";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { emergencyAbi, safeOwnerAbi } from "../domain/emergency-abi.js";

export interface RpcHealth {
  readonly host: string;
  readonly up: boolean;
  readonly head?: string;
}

/** Where a transaction stands. `unknown`: no endpoint has heard of it. */
export interface Standing {
  readonly state: "unknown" | "pending" | "mined" | "failed";
  readonly blockNumber?: string;
}

/** Every RPC endpoint there is, asked all at once: the first answer serves a read, a transaction goes to each of them. */
export class RpcFleet {
  private readonly clients: readonly { readonly host: string; readonly client: PublicClient }[];

  constructor(urls: readonly string[], timeoutMs = 2_500) {
    this.clients = urls.map((url) => ({
      host: new URL(url).host,
      client: createPublicClient({ transport: http(url, { timeout: timeoutMs, retryCount: 0 }) }),
    }));
  }

  /** The account's epoch on the module. */
  epochOf(module: Address, account: Address): Promise<number> {
    return this.first((client) => client.readContract({ address: module, abi: emergencyAbi, functionName: "epochOf", args: [account] }));
  }

  /** The addresses that own the Safe now. */
  ownersOf(account: Address): Promise<readonly Address[]> {
    return this.first((client) => client.readContract({ address: account, abi: safeOwnerAbi, functionName: "getOwners" }));
  }

  /** What a sender needs to know to build a transaction: nonce, fees in wei and gas. */
  async feesFor(sender: Address, call: { readonly to: Address; readonly data: Hex; readonly value: bigint }) {
    const [nonce, fees, gas] = await Promise.all([
      this.first((client) => client.getTransactionCount({ address: sender, blockTag: "pending" })),
      this.first((client) => client.estimateFeesPerGas()),
      this.first((client) => client.estimateGas({ account: sender, ...call })),
    ]);
    return { nonce, gas, maxFeePerGas: fees.maxFeePerGas * 2n, maxPriorityFeePerGas: fees.maxPriorityFeePerGas };
  }

  /** Runs the call without sending it; resolves when it would succeed. */
  async simulate(call: { readonly account: Address; readonly to: Address; readonly data: Hex; readonly value: bigint }): Promise<void> {
    await this.first((client) => client.call(call));
  }

  /** Wei of an account. */
  balanceOf(account: Address): Promise<bigint> {
    return this.first((client) => client.getBalance({ address: account }));
  }

  /** Chain ids of all endpoints that answer. @throws InterlockError DEPENDENCY_UNAVAILABLE when none does */
  async chainIds(): Promise<readonly number[]> {
    const answers = await Promise.allSettled(this.clients.map(({ client }) => client.getChainId()));
    const ids = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    if (ids.length === 0) throw unavailable(undefined);
    return ids;
  }

  /** Where a transaction stands: one endpoint that has mined it is enough to say so. */
  async standingOf(hash: Hex): Promise<Standing> {
    const answers = await Promise.allSettled(this.clients.map(({ client }) => standingAt(client, hash)));
    const told = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const best =
      told.find(({ state }) => state === "mined" || state === "failed") ?? told.find(({ state }) => state === "pending") ?? told[0];
    if (best === undefined) throw unavailable(answers.find((answer) => answer.status === "rejected")?.reason);
    return best;
  }

  /** Hands the bytes to every endpoint; one acceptance is enough. Returns the hash and who took it. */
  async broadcast(raw: Hex, hash: Hex): Promise<{ readonly hash: Hex; readonly accepted: readonly string[] }> {
    const answers = await Promise.allSettled(this.clients.map(({ client }) => client.sendRawTransaction({ serializedTransaction: raw })));
    const accepted = this.clients.filter((_, index) => answers[index]?.status === "fulfilled").map(({ host }) => host);
    if (accepted.length > 0) return { hash, accepted };
    // An endpoint that had it already refuses the second copy; then it is known under its hash.
    const known = await Promise.allSettled(this.clients.map(({ client }) => client.getTransaction({ hash })));
    const holders = this.clients.filter((_, index) => known[index]?.status === "fulfilled").map(({ host }) => host);
    if (holders.length > 0) return { hash, accepted: holders };
    throw notAccepted(answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : [])));
  }

  /** Which endpoints answer, with their block height. */
  async health(): Promise<readonly RpcHealth[]> {
    return Promise.all(
      this.clients.map(async ({ host, client }) => {
        try {
          return { host, up: true, head: String(await client.getBlockNumber({ cacheTime: 0 })) };
        } catch {
          return { host, up: false };
        }
      }),
    );
  }

  private async first<T>(ask: (client: PublicClient) => Promise<T>): Promise<T> {
    try {
      return await Promise.any(this.clients.map(({ client }) => ask(client)));
    } catch (error) {
      throw error instanceof AggregateError ? firstCause(error.errors) : error;
    }
  }
}

async function standingAt(client: PublicClient, hash: Hex): Promise<Standing> {
  try {
    const { status, blockNumber } = await client.getTransactionReceipt({ hash });
    return { state: status === "success" ? "mined" : "failed", blockNumber: String(blockNumber) };
  } catch (error) {
    if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
  }
  try {
    await client.getTransaction({ hash });
    return { state: "pending" };
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return { state: "unknown" };
    throw error;
  }
}

/** A node that answered and refused knows why; only where none answered the nodes are away. */
function notAccepted(reasons: readonly unknown[]): InterlockError {
  const refusal = reasons.find((reason) => reason instanceof BaseError && reason.walk((one) => one instanceof RpcRequestError) !== null);
  if (!(refusal instanceof BaseError)) return unavailable(reasons[0]);
  return new InterlockError("SIMULATION_FAILED", `the chain's nodes refuse the transaction: ${refusal.details || refusal.shortMessage}`, {
    cause: refusal,
  });
}

/** A revert is the chain's answer; anything else means that no endpoint answered. */
function firstCause(errors: readonly unknown[]): unknown {
  const revert = errors.find((error) => error instanceof Error && "walk" in error && isRevert(error));
  return revert ?? unavailable(errors[0]);
}

function isRevert(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (
      ["ExecutionRevertedError", "ContractFunctionRevertedError", "ContractFunctionZeroDataError", "CallExecutionError"].includes(at.name)
    ) {
      if (at.name !== "CallExecutionError") return true;
    }
    if ("code" in at && at.code === 3) return true;
  }
  return false;
}

function unavailable(cause: unknown): InterlockError {
  return new InterlockError(
    "DEPENDENCY_UNAVAILABLE",
    "no chain RPC answered; the calldata of GET /emergency/calldata works from any wallet",
    {
      details: { condition: "RpcDegraded" },
      cause,
    },
  );
}
