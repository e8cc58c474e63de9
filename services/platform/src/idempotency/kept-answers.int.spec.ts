import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { KeptAnswers } from "./kept-answers.js";
import { KEPT_DAYS, keyRetention } from "./key-retention.js";

let on: Eventing;
let answers: KeptAnswers;
beforeAll(async () => {
  on = await eventing();
  answers = new KeptAnswers(on.pool, on.schema);
});
afterAll(() => on.close());

const request = () => ({ scope: "agent-1/execute", key: randomUUID(), body: { amount: "10", to: "0x1" } });
const aged = (key: string, age: string) =>
  on.pool.query(`UPDATE ${on.schema}.idempotency SET created_at = now() - $2::interval WHERE key = $1`, [key, age]);

describe("a request with an idempotency key", () => {
  it("has its effect once and gets the first answer again, whatever the order of the body's fields", async () => {
    const once = request();
    expect(await answers.once(once, async () => ({ version: 1 }))).toEqual({ version: 1 });
    const again = await answers.once({ ...once, body: { to: "0x1", amount: "10" } }, async () => ({ version: 99 }));
    expect(again).toEqual({ version: 1 });
  });

  it("is refused with another body, and while the first is running", async () => {
    const once = request();
    const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<{ done: boolean }>()];
    const running = answers.once(once, () => {
      begun.resolve();
      return finished.promise;
    });
    await begun.promise;
    const second = answers.once(once, async () => ({ done: false }));
    await expect(second).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_IN_FLIGHT" });
    finished.resolve({ done: true });
    await running;
    const reused = answers.once({ ...once, body: { amount: "11" } }, async () => ({ done: false }));
    await expect(reused).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  it("leaves nothing behind when its work fails, so that it can be sent again", async () => {
    const once = request();
    const failing = answers.once(once, async () => {
      throw new RangeError("no");
    });
    await expect(failing).rejects.toBeInstanceOf(RangeError);
    expect(await answers.once(once, async () => ({ done: true }))).toEqual({ done: true });
  });

  it("may be made again by one caller, not by two, once the process that began it is gone for a minute", async () => {
    const once = request();
    const lost = Promise.withResolvers<{ by: string }>();
    const crashed = answers.once(once, () => lost.promise);
    await vi.waitFor(async () => expect((await aged(once.key, "61 seconds")).rowCount).toBe(1));
    const second = Promise.withResolvers<{ by: string }>();
    const outcomes = ["a", "b"].map(() => answers.once(once, () => second.promise).catch((error: unknown) => error));
    const first = await Promise.race(outcomes);
    expect(first).toMatchObject({ code: "IDEMPOTENCY_KEY_IN_FLIGHT" });
    second.resolve({ by: "second" });
    expect(await Promise.all(outcomes)).toContainEqual({ by: "second" });
    lost.resolve({ by: "first" });
    await crashed;
    expect(await answers.once(once, async () => ({ by: "third" }))).toEqual({ by: "second" });
  });

  it("stays in flight when an attempt that was given up fails after its successor began", async () => {
    const once = request();
    const lost = Promise.withResolvers<{ by: string }>();
    const crashed = answers.once(once, () => lost.promise);
    await vi.waitFor(async () => expect((await aged(once.key, "61 seconds")).rowCount).toBe(1));
    const [begun, second] = [Promise.withResolvers<void>(), Promise.withResolvers<{ by: string }>()];
    const successor = answers.once(once, () => {
      begun.resolve();
      return second.promise;
    });
    await begun.promise;
    lost.reject(new RangeError("too late"));
    await expect(crashed).rejects.toBeInstanceOf(RangeError);
    await expect(answers.once(once, async () => ({ by: "third" }))).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_IN_FLIGHT" });
    second.resolve({ by: "second" });
    expect(await successor).toEqual({ by: "second" });
  });
});

describe("kept answers", () => {
  it("are forgotten after their time in short statements, and not before", async () => {
    const [old, young] = [Array.from({ length: 7 }, request), Array.from({ length: 3 }, request)];
    for (const one of [...old, ...young]) await answers.once(one, async () => ({ version: 1 }));
    for (const { key } of old) await aged(key, `${KEPT_DAYS} days 1 minute`);
    for (const { key } of young) await aged(key, `${KEPT_DAYS - 1} days`);
    const deleted: number[] = [];
    const forgetBefore = async (time: Date, limit: number) => {
      deleted.push(await answers.forgetBefore(time, limit));
      return deleted.at(-1) ?? 0;
    };
    const retention = keyRetention({ clock: { now: () => new Date() }, forgetBefore, onError: () => undefined, batch: 3 });
    retention.start();
    await vi.waitFor(() => expect(deleted).toEqual([3, 3, 1]));
    await retention.stop();
    for (const one of young) expect(await answers.once(one, async () => ({ version: 2 }))).toEqual({ version: 1 });
    for (const one of old) expect(await answers.once(one, async () => ({ version: 2 }))).toEqual({ version: 2 });
  });
});
