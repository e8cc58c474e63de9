import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metadata, opened } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { IdempotencyStore } from "./idempotency-store.js";

let on: Eventing;
let store: IdempotencyStore;
beforeAll(async () => {
  on = await eventing();
  store = new IdempotencyStore(on.pool, on.schema);
});
afterAll(() => on.close());

const request = () => ({ scope: "agent-1/execute", key: randomUUID(), body: { amount: "10", to: "0x1" } });

describe("a request with an idempotency key", () => {
  it("has its effect once and gets the first result again, whatever the order of the body's fields", async () => {
    const once = request();
    const stream = on.stream();
    const work = () =>
      store.run(once, async (tx) => ({ version: (await on.store.append(stream, 0, [opened()], metadata(), tx)).lastVersion }));
    expect(await work()).toEqual({ result: { version: 1 }, replayed: false });
    const again = await store.run({ ...once, body: { to: "0x1", amount: "10" } }, async () => ({ version: 99 }));
    expect(again).toEqual({ result: { version: 1 }, replayed: true });
  });

  it("is refused with another body, and while the first is running", async () => {
    const once = request();
    const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<{ done: boolean }>()];
    const running = store.run(once, () => {
      begun.resolve();
      return finished.promise;
    });
    await begun.promise;
    const second = store.run(once, async () => ({ done: false }));
    await expect(second).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_IN_FLIGHT" });
    finished.resolve({ done: true });
    await running;
    const reused = store.run({ ...once, body: { amount: "11" } }, async () => ({ done: false }));
    await expect(reused).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  it("leaves nothing behind when its work fails, so that it can be sent again", async () => {
    const once = request();
    const failing = store.run(once, async () => {
      throw new RangeError("no");
    });
    await expect(failing).rejects.toBeInstanceOf(RangeError);
    expect(await store.run(once, async () => ({ done: true }))).toEqual({ result: { done: true }, replayed: false });
  });
});
