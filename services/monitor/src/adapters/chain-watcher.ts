import { type Address, createPublicClient, fallback, getAbiItem, http, isAddressEqual, type PublicClient, parseAbi } from "viem";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import type { BlockSpan } from "../domain/block-span.js";
import type { Coordinates, EmergencyClose, Observation, WatchedSession } from "../domain/observation.js";

const safeAbi = parseAbi([
  "event DisabledModule(address indexed module)",
  "event AddedOwner(address indexed owner)",
  "event RemovedOwner(address indexed owner)",
  "event ChangedThreshold(uint256 threshold)",
  "function isModuleEnabled(address module) view returns (bool)",
]);

/** The module's events that end something; it emits one more for each operation, which the node need not send and nobody here decodes. */
const ENDINGS = [
  getAbiItem({ abi: sessionModuleAbi, name: "Disarmed" }),
  getAbiItem({ abi: sessionModuleAbi, name: "EpochBumped" }),
  getAbiItem({ abi: sessionModuleAbi, name: "EmergencyClosed" }),
] as const;

/** What was seen in a span of blocks. */
export interface Sighting {
  readonly observations: readonly Observation[];
  readonly emergencies: readonly EmergencyClose[];
}

interface Located {
  readonly transactionHash: `0x${string}`;
  readonly blockNumber: bigint;
  readonly logIndex: number;
}

const coordinates = ({ transactionHash, blockNumber, logIndex }: Located): Coordinates => ({ transactionHash, blockNumber, logIndex });

/** Reads the chain for everything that ends a session: our module's events, the Safes' own, and the state itself. */
export class ChainWatcher {
  private readonly client: PublicClient;

  constructor(
    rpcUrls: readonly string[],
    private readonly module: Address,
  ) {
    this.client = createPublicClient({ transport: fallback(rpcUrls.map((url) => http(url, { timeout: 5_000, retryCount: 0 }))) });
  }

  /** Number of the newest block. */
  head(): Promise<bigint> {
    return this.client.getBlockNumber({ cacheTime: 0 });
  }

  /** Events of the module and of `accounts` in `span`. */
  async look(span: BlockSpan, accounts: readonly Address[]): Promise<Sighting> {
    const range = { fromBlock: span.from, toBlock: span.to, strict: true } as const;
    const [ours, safes] = await Promise.all([
      this.client.getLogs({ address: this.module, events: ENDINGS, ...range }),
      accounts.length === 0 ? [] : this.client.getContractEvents({ address: [...accounts], abi: safeAbi, ...range }),
    ]);
    const observations: Observation[] = [];
    const emergencies: EmergencyClose[] = [];
    for (const log of ours) {
      const at = coordinates(log);
      if (log.eventName === "Disarmed") {
        observations.push({ kind: "disarmed", account: log.args.safe, policyId: log.args.id, at, detail: `disarmed by ${log.args.by}` });
      } else if (log.eventName === "EpochBumped") {
        observations.push({ kind: "epoch", account: log.args.safe, at, detail: `epoch ${log.args.epoch} by ${log.args.by}` });
      } else if (log.eventName === "EmergencyClosed") {
        emergencies.push({ account: log.args.safe, by: log.args.by, closed: log.args.closed, failed: log.args.failed, at });
      }
    }
    for (const log of safes) {
      const at = coordinates(log);
      if (log.eventName !== "DisabledModule") observations.push({ kind: "owner_changed", account: log.address, at, detail: log.eventName });
      else if (isAddressEqual(log.args.module, this.module)) {
        observations.push({ kind: "module_disabled", account: log.address, at, detail: "the Safe disabled the module" });
      }
    }
    return { observations, emergencies };
  }

  /** Asks the state itself: a delegatecall can take the module away without any event, and an event may have gone unread. */
  async poll(session: WatchedSession): Promise<Observation | undefined> {
    const { account, policyId, epoch } = session;
    const [enabled, status] = await Promise.all([
      this.client.readContract({ address: account, abi: safeAbi, functionName: "isModuleEnabled", args: [this.module] }),
      this.client.readContract({ address: this.module, abi: sessionModuleAbi, functionName: "status", args: [account, policyId] }),
    ]);
    const [armed, revoked, current] = status;
    const armedNow = armed && !revoked && current === epoch;
    if (enabled && armedNow) return undefined;
    const detail = enabled ? "the module no longer holds the session armed" : "the module is not enabled on the Safe";
    return { kind: "poll", account, policyId, detail };
  }
}
