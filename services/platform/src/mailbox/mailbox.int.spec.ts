import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metadata, used } from "../../../../test/support/event-data.js";
import { type Eventing, eventing } from "../../../../test/support/eventing.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { Decider } from "./decider.js";
import { Mailbox } from "./mailbox.js";

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

const mailbox = (capacity = 1_000) =>
  new Mailbox({
    store: on.store,
    decider: purse,
    capacity,
    toNew: (change) => (change === "stopped" ? { type: "test.stopped.v1", data: {} } : used(1)),
    fromStored: ({ type }) => (type === "test.stopped.v1" ? "stopped" : "spent"),
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

  it("does not refuse by a state that another replica has changed since", async () => {
    const stream = on.stream();
    const [here, there] = [mailbox(), mailbox()];
    await here.send(stream, "spend", metadata());
    await there.send(stream, "stop", metadata());
    await expect(here.send(stream, "spend", metadata())).rejects.toMatchObject({ code: "DISARMED" });
    expect((await here.send(stream, "stop", metadata())).events).toEqual([]);
  });
});
