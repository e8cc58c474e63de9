import type { Address, Hex } from "viem";
import type { EventStore } from "#platform/event-store/event-store.js";
import type { CapabilityRegistry } from "#platform/health/capability-registry.js";
import type { Clock } from "#platform/kernel/clock.js";
import type { IdFactory } from "#platform/kernel/ids.js";
import type { Random } from "#platform/kernel/random.js";
import type { Logger } from "#platform/logging/logger.js";
import { ChainReader } from "./adapters/chain/chain-reader.js";
import { createProviders } from "./adapters/chain/providers.js";
import { RelayerKey } from "./adapters/chain/relayer-key.js";
import { RawSender } from "./adapters/chain/sender.js";
import { Simulator } from "./adapters/chain/simulator.js";
import { BlockBook } from "./adapters/pg/block-book.js";
import { ExecutionReader } from "./adapters/pg/execution-reader.js";
import { ExecutionStore } from "./adapters/pg/execution-store.js";
import { IntentNonces } from "./adapters/pg/intent-nonces.js";
import { Leadership } from "./adapters/pg/leadership.js";
import { NonceBook } from "./adapters/pg/nonce-book.js";
import { type RelayFigures, readRelayFigures } from "./adapters/pg/relay-figures.js";
import { SlotReader } from "./adapters/pg/slot-reader.js";
import { WorkTable } from "./adapters/pg/work-table.js";
import { Advancer } from "./application/advancer.js";
import { Broadcaster } from "./application/broadcaster.js";
import { Cancel } from "./application/cancel.js";
import { Finaliser } from "./application/finaliser.js";
import { HeadState } from "./application/head-state.js";
import { HeadWatcher } from "./application/head-watcher.js";
import { Healer } from "./application/healer.js";
import { LeaseWriter } from "./application/lease-writer.js";
import { ListExecutions } from "./application/list-executions.js";
import { LookUp } from "./application/look-up.js";
import type { PermissionsPort } from "./application/permissions-port.js";
import { Receive } from "./application/receive.js";
import { RelayStatus } from "./application/relay-status.js";
import { RevertReasons } from "./application/revert-reasons.js";
import { Settler } from "./application/settler.js";
import { SponsorArm } from "./application/sponsor-arm.js";
import { Tracker } from "./application/tracker.js";
import type { VaultPort } from "./application/vault-port.js";
import { WorkLoop } from "./application/work-loop.js";
import type { ExecutionStatus } from "./domain/execution-status.js";

/** Milliseconds until work of a replica that is gone is taken over: longer than one try of the whole pipeline takes. */
const WORK_LEASE_MS = 8_000;
const WORK_POLL_MS = 200;
/** Settlements at a time: a block of them goes to permissions in a few calls. */
const SETTLERS = 128;
/** Nonces at the head of the line that may be replaced at once. */
const REPLACE_WINDOW = 16n;
const RESEND_BLOCKS = 3n;

export interface RelayOptions {
  readonly store: EventStore;
  readonly permissions: PermissionsPort;
  readonly vault: VaultPort;
  readonly capabilities: CapabilityRegistry;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly random: Random;
  readonly chainId: number;
  readonly module: Address;
  /** Blocks at which an execution counts as confirmed; the block itself is the first. */
  readonly confirmations: number;
  readonly rpcUrls: readonly string[];
  readonly rpcTimeoutMs: number;
  readonly relayerKey: Hex;
  readonly feeCeilingWei: bigint;
  readonly reserveWei: bigint;
  readonly workers: number;
  readonly headPollMs: number;
  readonly stuckBlocks: number;
  /** Told of each execution that came to its end. */
  readonly onFinished: (status: ExecutionStatus) => void;
}

/** Gas of an ordinary execution, with room. */
const ORDINARY_GAS = 300_000n;

/** The parts of a relay that RPCs and the process use. */
export interface Relay {
  readonly receive: Receive;
  readonly cancel: Cancel;
  readonly list: ListExecutions;
  readonly sponsorArm: SponsorArm;
  readonly status: RelayStatus;
  readonly reader: ExecutionReader;
  readonly chain: ChainReader;
  readonly watcher: HeadWatcher;
  /** Whether the relayer can pay for an ordinary execution; undefined while its balance is not known. */
  readonly canPay: () => boolean | undefined;
  /** What is under way now, for metrics. */
  readonly figures: () => Promise<RelayFigures>;
  /** Begins to work; waits for nothing. */
  start(): void;
  /** Takes nothing new on and resolves when what was begun is over. */
  stop(): Promise<void>;
}

/** Wires a relay; touches neither network nor database. */
export function buildRelay(options: RelayOptions): Relay {
  const { store, permissions, vault, capabilities, logger, clock, ids, random } = options;
  const pool = store.pool;
  const providers = createProviders({ urls: options.rpcUrls, timeoutMs: options.rpcTimeoutMs });
  const chain = new ChainReader(providers, (hash) => logger.error({ hash }, "the chain nodes contradict each other about a receipt"));
  const simulator = new Simulator(providers);
  const key = new RelayerKey(options.relayerKey, options.chainId);
  const sender = { chainId: BigInt(options.chainId), address: key.address };
  const confirmations = BigInt(Math.max(1, options.confirmations));
  const head = new HeadState(options.feeCeilingWei, options.reserveWei);
  const book = new NonceBook(sender);
  const slots = new SlotReader(pool, sender);
  const blocks = new BlockBook(sender.chainId, sender.address);
  const executions = new ExecutionStore(store, options.onFinished);
  const reader = new ExecutionReader(pool);
  const work = new WorkTable(pool, WORK_LEASE_MS);
  const base = { chain, book, slots, blocks, executions, head, clock, capabilities, logger };

  const broadcaster = new Broadcaster({ ...base, sender: new RawSender(providers) });
  const writer = new LeaseWriter({ ...base, key, onStored: (stored) => void broadcaster.broadcast(stored) });
  const advancer = new Advancer({ permissions, vault, simulator, executions, work, writer, head, clock, random });
  const settler = new Settler({ permissions, chain, head, work, random, logger, confirmations });
  const advancing = new WorkLoop({
    work,
    tasks: ["advance"],
    concurrency: options.workers,
    pollMs: WORK_POLL_MS,
    handle: (one) => advancer.advance(one),
    logger,
  });
  const settling = new WorkLoop({
    work,
    tasks: ["settle", "report"],
    concurrency: SETTLERS,
    pollMs: WORK_POLL_MS,
    handle: (one) => settler.settle(one),
    logger,
  });

  const reasons = new RevertReasons({ simulator, slots, executions: reader, sender: key.address });
  const finalAtOnce = confirmations === 1n && options.rpcUrls.length === 1;
  const tracker = new Tracker({ ...base, reasons, finalAtOnce });
  const finaliser = new Finaliser({ ...base, confirmations });
  const lookUp = new LookUp({ ...base, tracker });
  const rules = { stuckBlocks: BigInt(options.stuckBlocks), resendBlocks: RESEND_BLOCKS, window: REPLACE_WINDOW };
  const healer = new Healer({ ...base, key, broadcaster, lookUp, rules, feeCeiling: options.feeCeilingWei });
  const leadership = new Leadership(pool, `${options.chainId}:${key.address}`);
  const pollMs = options.headPollMs;
  const watcher = new HeadWatcher({ ...base, pool, leadership, tracker, finaliser, healer, sender: key.address, pollMs });

  const nonces = new IntentNonces(pool);
  return {
    receive: new Receive({ capabilities, permissions, executions, reader, nonces, clock, ids, onReceived: () => advancing.nudge() }),
    cancel: new Cancel({ executions, reader, book, clock, onUnwanted: () => watcher.poke() }),
    list: new ListExecutions({ reader, permissions }),
    sponsorArm: new SponsorArm({ ...base, chainId: sender.chainId, module: options.module, simulator, key, broadcaster }),
    status: new RelayStatus({ pool, book, slots, head, sender: key.address }),
    reader,
    chain,
    watcher,
    canPay: () => (head.balance === undefined ? undefined : head.canPay(ORDINARY_GAS)),
    figures: () => readRelayFigures(pool, sender),
    start: () => {
      watcher.start();
      advancing.start();
      settling.start();
    },
    stop: async () => {
      await Promise.all([advancing.stop(), settling.stop(), watcher.stop()]);
    },
  };
}
