import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startChild, stopChild } from "./child.js";
import { freePort } from "./free-port.js";
import { stoppedOnSignal } from "./stopped-on-signal.js";

const require = createRequire(import.meta.url);

export interface LocalChain {
  readonly url: string;
  readonly chainId: number;
  /** From now on a block every `seconds`, whatever is pending; until then each transaction is mined at once. */
  mineEvery(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ChainOptions {
  /** Seconds between blocks; undefined mines one block per transaction. */
  readonly blockTime?: number;
  readonly chainId?: number;
  readonly port?: number;
  /** Unix seconds of the genesis block; undefined takes the machine's clock. */
  readonly timestamp?: number;
}

/** Starts a development chain node on loopback and waits until it answers. */
export async function startChain(options: ChainOptions = {}): Promise<LocalChain> {
  const port = options.port ?? (await freePort());
  const chainId = options.chainId ?? 31337;
  const args = ["--port", String(port), "--chain-id", String(chainId), "--silent", "--hardfork", "prague"];
  if (options.blockTime !== undefined) args.push("--block-time", String(options.blockTime));
  if (options.timestamp !== undefined) args.push("--timestamp", String(options.timestamp));
  const node = startChild(anvilBinary(), args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilAnswering(url);
  const mineEvery = async (seconds: number) => {
    await rpc(url, "evm_setAutomine", [false]);
    await rpc(url, "evm_setIntervalMining", [seconds]);
  };
  return { url, chainId, mineEvery, stop: stoppedOnSignal(() => stopChild(node)) };
}

/** The platform package's binary; the wrapper package needs an install script that we do not run. */
export function anvilBinary(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`;
  return join(dirname(require.resolve(`${name}/package.json`)), "bin", "anvil");
}

async function waitUntilAnswering(url: string, deadline = Date.now() + 30_000): Promise<void> {
  for (;;) {
    try {
      await rpc(url, "eth_chainId", []);
      return;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error("the chain node did not answer within 30 s of its start", { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function rpc(url: string, method: string, params: readonly unknown[]): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const said: unknown = await answer.json();
  if (typeof said === "object" && said !== null && "error" in said) throw new Error(`${method}: ${JSON.stringify(said.error)}`);
}
