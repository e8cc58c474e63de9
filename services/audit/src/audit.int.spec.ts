import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogRecord } from "#platform/event-log/event-log.js";
import { leafHash } from "#platform/transparency-log/hash.js";
import { type AuditBed, auditBed } from "../../../test/support/audit-bed.js";
import { EntryRepository } from "./adapters/entry-repository.js";
import { Reading } from "./application/reading.js";

const TOPIC = "session.lifecycle.v1";
const ALICE = "31337:0xaa00000000000000000000000000000000000000";
const BOB = "31337:0xbb00000000000000000000000000000000000000";
const WAIT = { timeout: 90_000 };

/** An event of the imaginary service `test`. */
function event(sequence: number, key = ALICE, more: object = {}): LogRecord {
  const attributes = {
    specversion: "1.0",
    id: `event-${sequence}`,
    source: "urn:interlock:test",
    type: "session.armed.v1",
    sequence: String(sequence).padStart(20, "0"),
    partitionkey: key,
    data: { account: key, ...more },
  };
  return { key, value: Buffer.from(JSON.stringify(attributes)), headers: {} };
}
const garbage = (key: string): LogRecord => ({ key, value: Buffer.from("no event at all"), headers: {} });

describe("the audit stream", { timeout: 180_000 }, () => {
  let bed: AuditBed;
  let entries: EntryRepository;
  beforeEach(async () => {
    bed = await auditBed();
    entries = new EntryRepository(bed.pool);
  });
  afterEach(() => bed.close());

  /** Ids of the imaginary service's events in the order of the stream; the audit service's own are left out. */
  const stored = async () => (await entries.read(0n, 1_000)).map(({ bytes }) => idOf(bytes)).filter((id) => id.startsWith("event-"));
  const sent = async () => (await bed.published()).map(({ value }) => idOf(value)).filter((id) => id.startsWith("event-"));
  const metrics = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

  it("takes what was published, bytes unchanged, and sends it on in its order with its positions", async () => {
    await bed.start();
    const events = Array.from({ length: 20 }, (_, i) => event(i + 1, i % 2 === 0 ? ALICE : BOB));
    await bed.log.publish(TOPIC, events);
    await expect.poll(sent, WAIT).toHaveLength(20);
    await expect.poll(stored, WAIT).toHaveLength(20);
    const [out, kept] = [await bed.published(), await entries.read(0n, 1_000)];
    expect(out.map(({ value }) => value)).toEqual(kept.slice(0, out.length).map(({ bytes }) => bytes));
    expect(out.map(({ headers }) => headers.logindex)).toEqual(out.map((_, i) => String(i)));
    expect(await sent()).toEqual(await stored());
    for (const { value } of events) expect(out.some((one) => one.value.equals(value))).toBe(true);
  });

  it("puts what comes over several partitions into the order its producer counted, also over a restart", async () => {
    const first = await bed.start();
    await bed.log.publish(TOPIC, [event(4, BOB), event(2, BOB)]);
    await bed.log.publish(TOPIC, [event(5, ALICE)]);
    const waiting = async () => (await bed.pool.query("SELECT 1 FROM audit.waiting")).rowCount;
    await expect.poll(waiting, WAIT).toBe(3);
    expect(await stored()).toEqual([]);
    await first.stop();
    await bed.start();
    await bed.log.publish(TOPIC, [event(1, ALICE), event(2, BOB)]);
    await expect.poll(stored, WAIT).toEqual(["event-1", "event-2"]);
    await bed.log.publish(TOPIC, [event(3, ALICE)]);
    await expect.poll(stored, WAIT).toEqual([1, 2, 3, 4, 5].map((n) => `event-${n}`));
    expect(await waiting()).toBe(0);
  });

  it("goes on without an event that never comes once it has waited long enough, and takes it when it comes after all", async () => {
    await bed.start();
    await bed.log.publish(TOPIC, [event(1), event(3), event(4)]);
    await expect.poll(stored, WAIT).toEqual(["event-1"]);
    await expect.poll(() => entries.longestWait(), WAIT).toBeGreaterThan(0);
    expect(await entries.giveUp(60_000)).toMatchObject({ gaps: [] });
    expect(await entries.giveUp(0)).toMatchObject({ gaps: [{ source: "urn:interlock:test", expected: 2n, found: 3n }] });
    await bed.log.publish(TOPIC, [event(2)]);
    await expect.poll(stored, WAIT).toEqual(["event-1", "event-3", "event-4", "event-2"]);
  });

  it("takes other bytes under a number that waits for a conflict too", async () => {
    await bed.start();
    await bed.log.publish(TOPIC, [event(2)]);
    await bed.log.publish(TOPIC, [event(2, ALICE, { rewritten: true }), event(1)]);
    await expect.poll(stored, WAIT).toEqual(["event-1", "event-2"]);
    const told = async () => (await bed.pool.query("SELECT data FROM audit.event WHERE type = 'audit.conflict.v1'")).rows;
    await expect.poll(told, WAIT).toMatchObject([{ data: { conflictingSequence: "2" } }]);
  });

  it("takes an event that comes twice once", async () => {
    await bed.start();
    await bed.log.publish(TOPIC, [event(1), event(2)]);
    await bed.log.publish(TOPIC, [event(1), event(2), event(3)]);
    await expect.poll(stored, WAIT).toContain("event-3");
    expect(await stored()).toEqual(["event-1", "event-2", "event-3"]);
  });

  it("keeps the first bytes under a source and sequence, and raises an alarm about others", async () => {
    const { healthPort } = await bed.start();
    await bed.log.publish(TOPIC, [event(1)]);
    await expect.poll(stored, WAIT).toEqual(["event-1"]);
    await bed.log.publish(TOPIC, [event(1, ALICE, { rewritten: true }), event(2)]);
    await expect.poll(stored, WAIT).toEqual(["event-1", "event-2"]);
    expect((await entries.read(0n, 1_000)).some(({ bytes }) => bytes.equals(event(1).value))).toBe(true);
    const conflicts = await bed.pool.query<{ data: object }>("SELECT data FROM audit.event WHERE type = 'audit.conflict.v1'");
    expect(conflicts.rows.map(({ data }) => data)).toMatchObject([{ source: "urn:interlock:test", conflictingSequence: "1" }]);
    expect(await metrics(healthPort)).toMatch(/audit_conflicts_total\{.*source="urn:interlock:test".*\} 1/);
  });

  it("parks and counts a record that is no event, and nothing waits behind it, not even under its own key", async () => {
    const { healthPort } = await bed.start();
    await bed.log.publish(TOPIC, [event(1), garbage(ALICE), event(2), event(3, BOB)]);
    await expect.poll(stored, WAIT).toHaveLength(3);
    const parked = await bed.pool.query<{ value: string }>("SELECT payload->>'value' AS value FROM audit.parked WHERE consumer = 'audit'");
    expect(parked.rows.map(({ value }) => Buffer.from(value, "base64").toString())).toEqual(["no event at all"]);
    expect(await metrics(healthPort)).toMatch(/audit_poison_total\{.*topic="session.lifecycle.v1".*\} 1/);
    await bed.log.publish(TOPIC, [event(4)]);
    await expect.poll(stored, WAIT).toHaveLength(4);
  });

  it("goes on after a restart where it stopped, with nothing lost, doubled or sent twice", async () => {
    const first = await bed.start();
    await bed.log.publish(TOPIC, [event(1), event(2)]);
    await expect.poll(sent, WAIT).toHaveLength(2);
    await first.stop();
    await bed.log.publish(TOPIC, [event(3), event(4)]);
    await bed.start();
    await expect.poll(sent, WAIT).toEqual(["event-1", "event-2", "event-3", "event-4"]);
    const positions = (await bed.published()).map(({ headers }) => headers.logindex);
    expect(positions).toEqual(positions.map((_, i) => String(i)));
  });

  it("shows a reader its own events and of all others the position and the hash", async () => {
    await bed.start();
    await bed.log.publish(TOPIC, [event(1, ALICE), event(2, BOB)]);
    await expect.poll(stored, WAIT).toHaveLength(2);
    const reading = new Reading(entries);
    const seenBy = async (accounts: readonly string[], kind: "owner" | "operator") => {
      const { entries: page } = await reading.page({ kind, sub: "0xcc", accounts }, 0n, 500);
      return page.filter(({ withheld }) => !withheld).map(({ bytes }) => idOf(bytes));
    };
    expect(await seenBy([ALICE], "owner")).toEqual(["event-1"]);
    expect(await seenBy([], "owner")).toEqual([]);
    expect(await seenBy([], "operator")).toEqual(expect.arrayContaining(["event-1", "event-2"]));
    const { entries: page } = await reading.page({ kind: "owner", sub: "0xcc", accounts: [ALICE] }, 0n, 500);
    expect(page.map(({ logIndex }) => logIndex)).toEqual(page.map((_, i) => BigInt(i)));
    expect(page.every(({ leafHash: hash, bytes }) => hash.equals(leafHash(bytes)))).toBe(true);
  });
});

function idOf(bytes: Buffer): string {
  const event: unknown = JSON.parse(bytes.toString());
  return typeof event === "object" && event !== null && "id" in event ? String(event.id) : "";
}
