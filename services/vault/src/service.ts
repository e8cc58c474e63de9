import { ping } from "#platform/database/ping.js";
import { createPool } from "#platform/database/pool.js";
import { deniedBy } from "#platform/degradation/ladder.js";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { EventStore } from "#platform/event-store/event-store.js";
import { openProducer } from "#platform/producer/open-producer.js";
import type { ServiceSpec } from "#platform/runtime/service-spec.js";
import type { CoreClient } from "./adapters/core/core-client.js";
import { coreSource } from "./adapters/core/core-source.js";
import { openCore } from "./adapters/core/open-core.js";
import { peerCheck } from "./adapters/core/peer-check.js";
import { KekRepository } from "./adapters/postgres/kek-repository.js";
import { KeyRepository } from "./adapters/postgres/key-repository.js";
import { LedgerRepository } from "./adapters/postgres/ledger-repository.js";
import { RewrapRepository } from "./adapters/postgres/rewrap-repository.js";
import { vaultModule } from "./app.module.js";
import { DisarmKey } from "./application/disarm-key.js";
import { findLostEvents } from "./application/find-lost-events.js";
import { GenerateKey } from "./application/generate-key.js";
import { KekAdmin } from "./application/kek-admin.js";
import { parseKeyRef } from "./application/parse-key-ref.js";
import { PendingFences } from "./application/pending-fences.js";
import { quarantineLost } from "./application/quarantine-lost.js";
import { reconcileGenerations } from "./application/reconcile-generations.js";
import { Refusals } from "./application/refusals.js";
import { repeat } from "./application/repeat.js";
import { requireKey } from "./application/require-key.js";
import { RewrapJob } from "./application/rewrap-job.js";
import { SealFloor } from "./application/seal-floor.js";
import { SignIntent } from "./application/sign-intent.js";
import { syncKekLimits } from "./application/sync-kek-limits.js";
import { configDefinition } from "./config.js";
import { FloorBook } from "./domain/sealing/floor-book.js";

/** Connections of the disarm lane: its own, so that a flood of Signs never makes a DISARM wait for one. */
const DISARM_CONNECTIONS = 3;

/** The vault's shell: what runs and what it needs. */
export const service: ServiceSpec<typeof configDefinition> = {
  name: "vault",
  config: configDefinition,
  capabilities: {
    "vault.generate": { downWhen: deniedBy("arm"), needs: ["generations", "kek"] },
    "vault.sign": { downWhen: deniedBy("useOpen"), needs: ["generations", "kek"] },
    "vault.disarm": { downWhen: [] },
    // What permissions and relay ask after: whether there is anything to sign with, whatever conditions are held here.
    signer: { downWhen: [], needs: ["signer-core", "kek"] },
  },
  grpc: { packages: ["interlock.vault.v1"] },
  module: (runtime) => {
    const { config, logger, clock, ids, metrics, capabilities } = runtime;
    const { pool, store, sequencer, log } = openProducer(runtime, config);
    const keks = new KekRepository(pool);
    const rewraps = new RewrapRepository(pool);
    const { client: core, socket } = openCore(runtime, coreSource(config), async (client) => {
      await syncKekLimits(client, keks);
      await checkKek(client);
    });
    runtime.watch({
      name: "generations",
      check: () => ping(pool, "SELECT FROM vault.event LIMIT 1"),
      onUp: async () => {
        const quarantined = await reconcileGenerations(pool);
        if (quarantined > 0) logger.error({ quarantined }, "ALARM: keys older than their event streams were quarantined");
        const lost = await findLostEvents(log, pool);
        if (lost.length === 0) return;
        const keys = await quarantineLost(pool, lost);
        logger.error({ events: lost.length, keys }, "ALARM: the database is older than the published log; nothing is signed or made");
        throw new InterlockError("CONDITION", `the database is older than the published log by ${lost.length} events`);
      },
    });

    const checkKek = async (client: CoreClient) => {
      const { sealed, versions } = await client.call("kekStatus", {});
      const reason = sealed === null ? undefined : `sealed: ${sealed.have} of ${sealed.need} shares`;
      capabilities.reportDependency({
        name: "kek",
        up: reason === undefined && versions.length > 0,
        ...(reason === undefined ? {} : { reason }),
      });
    };
    repeat(runtime, "key ring", 2_000, async () => {
      await syncKekLimits(core, keks);
      await checkKek(core);
    });
    const remaining = metrics.gauge({ name: "vault_rewrap_remaining", help: "Keys that the running rewrap has not wrapped anew yet" });
    const rewrap = new RewrapJob({ keks, rewraps, store, core, remaining, worker: ids.next(), monotonic: () => performance.now() });
    repeat(runtime, "rewrap", 1_000, () => rewrap.round(1_000));

    const disarmPool = createPool({ url: config.databaseUrl, applicationName: "vault disarm", max: DISARM_CONNECTIONS });
    runtime.onClosed("disarm lane", () => disarmPool.end());
    const disarmStore = new EventStore(disarmPool, { schema: runtime.name, clock, ids });
    disarmStore.onCommit(() => sequencer.wake());

    const keys = new KeyRepository(pool);
    const ledger = new LedgerRepository();
    const fences = new PendingFences();
    const refusals = new Refusals(keys, store, metrics, logger);
    repeat(runtime, "pending fences", 500, async () => void (await fences.retryAll()));
    repeat(runtime, "expired tickets", 60_000, async () => void (await ledger.forgetTickets(pool, clock.now())));
    return vaultModule({
      generate: new GenerateKey(keys, store, core, clock, ids),
      seal: new SealFloor(keys, store, core, refusals),
      sign: new SignIntent({ keys, ledger, store, core, clock, floors: new FloorBook(), fences, refusals, capabilities }),
      disarm: new DisarmKey(new KeyRepository(disarmPool), disarmStore, clock, fences),
      keks: new KekAdmin({ keks, rewraps, store, core, clock, ids, peerCheck: () => peerCheck(socket) }, () => checkKek(core)),
      find: async (keyRef) => requireKey(await keys.find(parseKeyRef(keyRef)), keyRef),
    });
  },
};
