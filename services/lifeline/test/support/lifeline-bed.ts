import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, erc20Abi, type PrivateKeyAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createLogger } from "#platform/logging/logger.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import { type LocalChain, startChain } from "../../../../deploy/local/anvil.js";
import { freePort } from "../../../../deploy/local/free-port.js";
import { buildWorld, fund, type World, writeDeploymentFile } from "../../../../deploy/local/world.js";
import { emergencyAbi } from "../../src/domain/emergency-abi.js";
import { service } from "../../src/service.js";

/** A chain with the contracts on it, and lifelines in this process. */
export class LifelineBed {
  private readonly running: RunningService[] = [];

  private constructor(
    readonly chain: LocalChain,
    readonly world: World,
    readonly folder: string,
  ) {}

  static async open(): Promise<LifelineBed> {
    const chain = await startChain();
    const world = await buildWorld(chain.url);
    const folder = mkdtempSync(join(tmpdir(), "lifeline-bed-"));
    writeDeploymentFile(join(folder, "deployment.json"), world, 1);
    return new LifelineBed(chain, world, folder);
  }

  /** Starts a lifeline and gives its URL and metrics' URL. */
  async start(
    extra: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly url: string; readonly healthUrl: string; readonly startedInMs: number }> {
    const port = await freePort();
    const deployment = join(this.folder, "deployment.json");
    const env = { HTTP_LISTEN: `127.0.0.1:${port}`, HEALTH_PORT: "0", RPC_URLS: this.chain.url, DEPLOYMENT_FILE: deployment, ...extra };
    const began = performance.now();
    const started = await startService(service, { env, logger: createLogger({ service: "lifeline", level: "silent" }) });
    const startedInMs = performance.now() - began;
    this.running.push(started);
    return { url: `http://127.0.0.1:${port}`, healthUrl: `http://127.0.0.1:${started.healthPort}`, startedInMs };
  }

  /** A file in the bed's own folder. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** A new wallet with one unit of the chain's currency, or with nothing. */
  async wallet(ether = "1"): Promise<PrivateKeyAccount> {
    const wallet = privateKeyToAccount(generatePrivateKey());
    if (ether !== "0") await fund(this.world, wallet.address, ether);
    return wallet;
  }

  /** What the emergency path changes of a Safe: tokens brought home, and the epoch that ends sessions. */
  async stateOf(safe: Address): Promise<{ readonly home: bigint; readonly epoch: number }> {
    const { client, token, contracts } = this.world;
    const [home, epoch] = await Promise.all([
      client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [safe] }),
      client.readContract({ address: contracts.sessionModule, abi: emergencyAbi, functionName: "epochOf", args: [safe] }),
    ]);
    return { home, epoch };
  }

  async close(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.stop()));
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
