import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metadata, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { Decider } from "./decider.js";
import { Mailbox, type MailboxOptions } from "./mailbox.js";

/** Ten units to spend, until stopped. */
interface Purse {
  readonly left: number;
  readonly stopped: boolean;
}
type Command = "spend" | "stop";
type Change = "spent" | "stopped";

const purse: Decider<Purse, Command, Change> = {
  initial: { left: 10, stopped: false },
  decide: (state, command) => {
    if (command === "stop") return state.stopped ? [] : ["stopped"];
    if (state.stopped) throw new InterlockError("DISARMED", "stopped");
    if (state.left === 0) throw new InterlockError("BUDGET_EXCEEDED", "nothing left");
    return ["spent"];
  },
  evolve: (state, change) => (change === "stopped" ? { ...state, stopped: true } : { ...state, left: state.left - 1 }),
};

let on: Eventing;
beforeAll(async () => {
  on = await eventing();
});
afterAll(() => on.close());

const mailbox = (capacity = 1_000, append?: MailboxOptions<Purse, Command, Change>["append"]) =>
  new Mailbox<Purse, Command, Change>({
    store: on.store,
    decider: purse,
    capacity,
    toNew: (change) => (change === "stopped" ? { type: "test.stopped.v1", data: {} } : used(1)),
    fromStored: ({ type }) => (type === "test.stopped.v1" ? "stopped" : type === "test.used.v1" ? "spent" : undefined),
    ...(append === undefined ? {} : { append }),
  });

describe("a hot stream", () => {
  it("lets exactly ten of a hundred concurrent commands through, over two replicas", async () => {
    const stream = on.stream();
    const replicas = [mailbox(), mailbox()];
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => replicas[n % 2]?.send(stream, "spend", metadata()) ?? Promise.reject(new RangeError())),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    for (const answer of answers) if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "BUDGET_EXCEEDED" });
    expect(await on.store.read(stream)).toHaveLength(10);
  });

  it("lets a stop overtake all that wait", async () => {
    const stream = on.stream();
    const box = mailbox();
    const spends = Array.from({ length: 8 }, () => box.send(stream, "spend", metadata()));
    const stop = box.send(stream, "stop", metadata(), { urgent: true });
    const answers = await Promise.allSettled([...spends, stop]);
    // The first was under way already.
    expect((await on.store.read(stream)).map(({ type }) => type)).toEqual(["test.used.v1", "test.stopped.v1"]);
    expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(7);
  });

  it("refuses what does not fit its queue, but never a stop", async () => {
    const stream = on.stream();
    const box = mailbox(2);
    const spends = Array.from({ length: 6 }, () => box.send(stream, "spend", metadata()));
    const stop = box.send(stream, "stop", metadata(), { urgent: true });
    const refused = (await Promise.allSettled(spends)).filter(
      (answer) => answer.status === "rejected" && answer.reason.code === "RESOURCE_EXHAUSTED",
    );
    expect(refused).toHaveLength(3);
    expect((await stop).events).toEqual(["stopped"]);
  });

  it("carries events of a type it does not know, and counts their versions", async () => {
    const stream = on.stream();
    await on.store.append(stream, 0, [{ type: "test.unheard.v1", data: {} }], metadata());
    expect(await mailbox().send(stream, "spend", metadata())).toMatchObject({ version: 2, state: { left: 9 } });
  });

  it("shows the stream as it is now, and as it was seen last while the store is away", async () => {
    const stream = on.stream();
    const [here, there] = [mailbox(), mailbox()];
    expect(here.lastSeen(stream)).toBeUndefined();
    await here.send(stream, "spend", metadata());
    await there.send(stream, "spend", metadata());
    expect(here.lastSeen(stream)).toMatchObject({ version: 1 });
    const [first, second] = await Promise.all([here.load(stream), here.load(stream)]);
    expect([first.version, second.version]).toEqual([2, 2]);
    expect(here.lastSeen(stream)).toMatchObject({ version: 2, state: { left: 8 } });
  });

  it("writes what belongs to a group in the append's transaction, or none of it", async () => {
    const stream = on.stream();
    await on.pool.query(`CREATE TABLE ${on.schema}.purse (stream text PRIMARY KEY, left_over integer NOT NULL CHECK (left_over > 8))`);
    const box = mailbox(1_000, async ({ stream, expectedVersion, entries, after }) => {
      await on.store.withTransaction(async (tx) => {
        await on.store.appendGroup(stream, expectedVersion, entries, tx);
        const text = `INSERT INTO ${on.schema}.purse AS p VALUES ($1, $2) ON CONFLICT (stream) DO UPDATE SET left_over = excluded.left_over`;
        await tx.query(text, [stream, after.state.left]);
      });
    });
    await box.send(stream, "spend", metadata());
    await expect(box.send(stream, "spend", metadata())).rejects.toMatchObject({ code: "23514" });
    expect(await on.store.read(stream)).toHaveLength(1);
    expect(box.lastSeen(stream)).toMatchObject({ version: 1 });
  });

  it("does not refuse by a state that another replica has changed since", async () => {
    const stream = on.stream();
    const [here, there] = [mailbox(), mailbox()];
    await here.send(stream, "spend", metadata());
    await there.send(stream, "stop", metadata());
    await expect(here.send(stream, "spend", metadata())).rejects.toMatchObject({ code: "DISARMED" });
    expect((await here.send(stream, "stop", metadata())).events).toEqual([]);
  });
});
