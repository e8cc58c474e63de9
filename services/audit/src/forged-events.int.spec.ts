import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventLog, LogRecord } from "#platform/event-log/event-log.js";
import { announceStart } from "#platform/producer/announce-start.js";
import { chainSigner } from "#platform/transparency-log/producer-chain.js";
import { eventAttributes } from "../../../clients/audit-verify/src/domain/event-attributes.js";
import { ProducerChains } from "../../../clients/audit-verify/src/domain/producer-chain.js";
import { ProducerCounts } from "../../../clients/audit-verify/src/domain/producer-counts.js";
import { SignedProducer } from "../../../test/support/audit/signed-producer.js";
import { type AuditBed, auditBed } from "../../../test/support/audit-bed.js";
import { metadata, opened, used } from "../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../test/support/eventing.js";
import { EntryRepository } from "./adapters/entry-repository.js";
import { ProducerTrust } from "./domain/producer-trust.js";
import { readPublishedEvent } from "./domain/published-event.js";
import { producerKeys } from "./producer-keys.js";

const TOPIC = "session.lifecycle.v1";
const ALICE = "31337:0xaa00000000000000000000000000000000000000";
const BOB = "31337:0xbb00000000000000000000000000000000000000";
const WAIT = { timeout: 60_000, interval: 50 };
const SIGNED = { UNSIGNED_PRODUCERS: "urn:interlock:nobody" };

describe("what enters the log", { timeout: 180_000 }, () => {
  let bed: AuditBed;
  let entries: EntryRepository;
  beforeEach(async () => {
    bed = await auditBed();
    entries = new EntryRepository(bed.pool, new ProducerTrust(producerKeys(bed.trust.trust)));
  });
  afterEach(() => bed.close());

  const producer = (name: "vault" | "relay") => new SignedProducer(`urn:interlock:${name}`, chainSigner(bed.trust.serviceKey(name)));
  const of = async (source: string) => {
    const { rows } = await bed.pool.query<{ line: string }>(
      "SELECT convert_from(event, 'UTF8') AS line FROM audit.entry WHERE source = $1 ORDER BY log_index",
      [source],
    );
    return rows.map(({ line }) => line);
  };
  const lines = (records: readonly LogRecord[]) => records.map(({ value }) => value.toString());
  const waiting = async () => Number((await bed.pool.query("SELECT 1 FROM audit.waiting")).rowCount);
  const told = async (type: string) => (await bed.pool.query("SELECT data FROM audit.event WHERE type = $1", [type])).rows;
  const metrics = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  /** What audit-verify says of a producer's events. */
  const judged = async (source: string) => {
    const chains = new ProducerChains(producerKeys(bed.trust.trust));
    const counts = new ProducerCounts(true);
    for (const [index, line] of (await of(source)).entries()) {
      chains.see(line, index);
      const bytes = Buffer.from(line);
      const attributes = eventAttributes(bytes, 0, bytes.length);
      if (attributes !== undefined) counts.see(attributes, index, 0);
    }
    chains.end();
    return [...chains.findings, ...counts.findings].map(({ kind, index }) => `${kind} ${index}`);
  };

  it("is what its producers signed, over all partitions and a restart", async () => {
    const vault = producer("vault");
    const first = await bed.start(SIGNED);
    const [one, two, three] = vault.batch([{ key: ALICE }, { key: BOB }, { key: "cluster" }]);
    await bed.log.publish(
      TOPIC,
      [one, two].filter((record) => record !== undefined),
    );
    await expect.poll(waiting, WAIT).toBe(2);
    await first.stop();
    await bed.start(SIGNED);
    const last = vault.batch([{ key: BOB }]);
    await bed.log.publish(TOPIC, [...last, ...(three === undefined ? [] : [three])]);
    await expect.poll(() => of(vault.source), WAIT).toHaveLength(4);
    expect(await waiting()).toBe(0);
    expect(await judged(vault.source)).toEqual([]);
  });

  it("is not what somebody else publishes under a producer's next number, however well it is chained", async () => {
    const { healthPort } = await bed.start(SIGNED);
    const vault = producer("vault");
    const real = vault.batch([{ key: ALICE }, { key: BOB }]);
    await bed.log.publish(TOPIC, real);
    await expect.poll(() => of(vault.source), WAIT).toHaveLength(2);
    const { source, sequence, hash } = vault;
    const forger = Object.assign(new SignedProducer(source, chainSigner(bed.trust.serviceKey("relay"))), { sequence, hash });
    await bed.log.publish(TOPIC, forger.batch([{ key: ALICE, data: { forged: true } }]));
    await expect.poll(waiting, WAIT).toBe(1);
    const next = vault.batch([{ key: BOB }, { key: ALICE }]);
    await bed.log.publish(TOPIC, next);
    await expect.poll(() => of(source), WAIT).toEqual(lines([...real, ...next]));
    await expect.poll(() => told("audit.forged.v1"), WAIT).toMatchObject([{ data: { source, forgedSequence: "3" } }]);
    const parked = await bed.pool.query("SELECT payload FROM audit.parked WHERE consumer = 'audit-forged'");
    expect(Buffer.from(parked.rows[0]?.payload.value, "base64").toString()).toContain('"forged":true');
    await expect.poll(() => metrics(healthPort), WAIT).toMatch(/audit_forged_total\{.*source="urn:interlock:vault".*\} 1/);
  });

  it("is nothing of a producer whose key is not pinned, and nothing that waited in vain for a signature", async () => {
    await bed.start(SIGNED);
    const stranger = new SignedProducer("urn:interlock:stranger", chainSigner(bed.trust.serviceKey("relay")));
    await bed.log.publish(TOPIC, stranger.batch([{}]));
    await expect.poll(() => told("audit.forged.v1"), WAIT).toMatchObject([{ data: { source: stranger.source } }]);
    await bed.log.publish(TOPIC, new SignedProducer("urn:interlock:vault", undefined).batch([{}, {}]));
    await expect.poll(waiting, WAIT).toBe(2);
    expect((await entries.giveUp(0)).forged.map(({ source }) => source)).toEqual(["urn:interlock:vault", "urn:interlock:vault"]);
    expect([await of(stranger.source), await of("urn:interlock:vault"), await waiting()]).toEqual([[], [], 0]);
  });

  it("cannot be invented by whoever keeps the log: the producer's own chain says otherwise", async () => {
    await bed.start(SIGNED);
    const vault = producer("vault");
    await bed.log.publish(TOPIC, vault.batch([{}, {}]));
    await expect.poll(() => of(vault.source), WAIT).toHaveLength(2);
    // With the database in hand, past every check of the service.
    const { source, sequence, hash } = vault;
    const [invented] = Object.assign(new SignedProducer(source, undefined), { sequence, hash }).batch([{ data: { invented: true } }]);
    await new EntryRepository(bed.pool).append(invented === undefined ? [] : [readPublishedEvent(invented.value)]);
    await bed.log.publish(TOPIC, [...vault.batch([{}]), ...vault.batch([{}])]);
    await expect.poll(() => of(source), WAIT).toHaveLength(4);
    expect(await judged(source)).toEqual(["MODIFIED 2", "BAD_SIGNATURE 3"]);
    await expect.poll(() => told("audit.conflict.v1"), WAIT).not.toEqual([]);
  });

  describe("of a pod that was replaced", () => {
    let world: Eventing;
    beforeEach(async () => {
      world = await eventing();
    });
    afterEach(() => world.close());
    const source = "urn:interlock:permissions";
    const lossy = (): EventLog => {
      const { log } = bed;
      const lost = { publish: () => Promise.resolve() };
      return { ...lost, subscribe: (o) => log.subscribe(o), read: (o) => log.read(o), ends: (t) => log.ends(t), healthy: () => log.healthy(), close: () => log.close() }; // biome-ignore format: a log
    };
    const run = async (eventLog: EventLog, append: () => Promise<unknown>) => {
      const sequencer = world.sequencer({ eventLog, signChain: chainSigner(bed.trust.serviceKey("permissions")), campaignMs: 50 });
      sequencer.start();
      await append();
      const { rows } = await world.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${world.schema}.event`);
      await expect.poll(() => sequencer.status.published, WAIT).toBe(BigInt(rows[0]?.n ?? -1));
      await sequencer.stop();
    };
    const session = (stream: string) => world.store.append(stream, 0, [opened(), used(1)], metadata());
    const start = () => announceStart({ name: "permissions", ids: { next: () => crypto.randomUUID() } }, world.store)();

    it("shows the tail it lost: its start names the last event, and the log says it is not there", async () => {
      await bed.start(SIGNED);
      await run(bed.log, () => session("before"));
      await expect.poll(() => of(source), WAIT).toHaveLength(2);
      await run(lossy(), () => session("lost"));
      await run(bed.log, start);
      await expect.poll(waiting, WAIT).toBe(1);
      expect(await of(source)).toHaveLength(2);
      expect(await entries.giveUp(0)).toMatchObject({ gaps: [{ source, expected: 3n, found: 5n }], forged: [] });
      expect(await of(source)).toHaveLength(3);
      expect(JSON.parse((await of(source))[2] ?? "{}")).toMatchObject({ type: "producer.started.v1", data: { lastSequence: "4" } });
      expect(await judged(source)).toEqual(["PRODUCER_GAP 2"]);
    });

    it("cannot cover the tail with other events, though its own key signs them", async () => {
      await bed.start(SIGNED);
      await run(bed.log, () => session("before"));
      await run(bed.log, () => session("to be forgotten"));
      await expect.poll(() => of(source), WAIT).toHaveLength(4);
      const kept = await of(source);
      // Its database is set back to before the tail.
      await world.pool.query(`ALTER TABLE ${world.schema}.log_entry DISABLE TRIGGER ALL; ALTER TABLE ${world.schema}.event DISABLE TRIGGER ALL;
        DELETE FROM ${world.schema}.log_entry WHERE position > 2; DELETE FROM ${world.schema}.event WHERE stream = 'to be forgotten';
        UPDATE ${world.schema}.log_head SET position = 2, published = 2, last_hash = (SELECT sha256(bytes) FROM ${world.schema}.log_entry WHERE position = 2)`); // biome-ignore format: one statement
      await run(bed.log, start);
      await expect.poll(() => told("audit.conflict.v1"), WAIT).toMatchObject([{ data: { source, conflictingSequence: "3" } }]);
      expect(await of(source)).toEqual(kept);
    });
  });
});
