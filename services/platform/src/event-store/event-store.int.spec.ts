import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metadata, opened, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { WrongExpectedVersion } from "./wrong-expected-version.js";

let on: Eventing;
beforeAll(async () => {
  on = await eventing();
});
afterAll(() => on.close());

describe("appending", () => {
  it("gives the events of a stream the versions 1, 2, 3 and reads them back in that order", async () => {
    const stream = on.stream();
    expect((await on.store.append(stream, 0, [opened()], metadata())).lastVersion).toBe(1);
    expect((await on.store.append(stream, 1, [used(1), used(2)], metadata())).lastVersion).toBe(3);
    const events = await on.store.read(stream);
    expect(events.map(({ version, type }) => [version, type])).toEqual([
      [1, "test.opened.v1"],
      [2, "test.used.v1"],
      [3, "test.used.v1"],
    ]);
    expect(await on.store.read(stream, 3)).toHaveLength(1);
  });

  it.each([
    ["behind", 0],
    ["ahead of", 5],
  ])("refuses a version that is %s the stream, and stores nothing", async (_, expected) => {
    const stream = on.stream();
    await on.store.append(stream, 0, [opened()], metadata());
    await expect(on.store.append(stream, expected, [used(1), used(2)], metadata())).rejects.toBeInstanceOf(WrongExpectedVersion);
    expect(await on.store.read(stream)).toHaveLength(1);
  });

  it("lets exactly one of many concurrent writers win a version", async () => {
    const stream = on.stream();
    const tries = await Promise.allSettled(Array.from({ length: 16 }, (_, n) => on.store.append(stream, 0, [used(n)], metadata())));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await on.store.read(stream)).toHaveLength(1);
  });

  it("joins a caller's transaction: what is rolled back was never there", async () => {
    const stream = on.stream();
    const rolledBack = on.store.withTransaction(async (tx) => {
      await on.store.append(stream, 0, [opened()], metadata(), tx);
      throw new RangeError("changed my mind");
    });
    await expect(rolledBack).rejects.toBeInstanceOf(RangeError);
    expect(await on.store.read(stream)).toEqual([]);
  });

  it("adds to several streams at once, or to none when one of them has moved on", async () => {
    const [one, other] = [on.stream(), on.stream()];
    await on.store.append(one, 0, [opened()], metadata());
    const both = (expectedVersion: number) => [
      { stream: one, expectedVersion, events: [used(1), used(2)], metadata: metadata() },
      { stream: other, expectedVersion: 0, events: [opened()], metadata: metadata() },
    ];
    const appended = (expectedVersion: number) => on.store.withTransaction((tx) => on.store.appendEach(both(expectedVersion), tx));
    for (const wrong of [0, 2]) await expect(appended(wrong)).rejects.toBeInstanceOf(WrongExpectedVersion);
    expect(await on.store.read(other)).toEqual([]);
    await appended(1);
    expect((await on.store.read(one)).map(({ version, data }) => [version, data])).toEqual([
      [1, opened().data],
      [2, used(1).data],
      [3, used(2).data],
    ]);
    expect(await on.store.read(other)).toHaveLength(1);
  });

  it.each([
    ["a type without a major version", { type: "test.used", data: {} }],
    ["data of more than 48 KiB", { type: "test.used.v1", data: { text: "x".repeat(50_000) } }],
    ["text with U+0000", { type: "test.used.v1", data: { text: "a\u0000b" } }],
    ["text with half a surrogate pair", { type: "test.used.v1", data: { text: "\ud800" } }],
  ])("refuses %s, naming the rule", async (_, event) => {
    const refused = on.store.append(on.stream(), 0, [event], metadata());
    await expect(refused).rejects.toMatchObject({ code: "VALIDATION_FAILED", details: { rule: expect.any(String) } });
  });

  it("refuses to change or delete a stored event", async () => {
    await on.store.append(on.stream(), 0, [opened()], metadata());
    await expect(on.pool.query(`DELETE FROM ${on.schema}.event`)).rejects.toMatchObject({ code: "23001" });
    await expect(on.pool.query(`UPDATE ${on.schema}.event SET data = '{}'`)).rejects.toMatchObject({ code: "23001" });
  });
});
