import { describe, expect, it } from "vitest";
import { goldenEvent } from "../../../../test/support/golden-events.js";
import { fold } from "./evolve.js";
import type { ExecutionEvent } from "./execution-event.js";
import type { ExecutionStatus } from "./execution-status.js";

type Type = ExecutionEvent["type"];

const golden = (type: Type): ExecutionEvent => ({ type, data: goldenEvent(type).stored }) as ExecutionEvent;

const RECEIVED = ["execution.received.v1"] as const;
const SIGNED = [...RECEIVED, "execution.authorized.v1", "execution.signed.v1"] as const;
const BROADCAST = [...SIGNED, "execution.broadcast.v1"] as const;
const MINED = [...BROADCAST, "execution.mined.v1"] as const;

/** What comes before an event of each type, and what the execution is after it. */
const STORIES: Readonly<Record<Type, readonly [before: readonly Type[], after: ExecutionStatus]>> = {
  "execution.received.v1": [[], "RECEIVED"],
  "execution.denied.v1": [RECEIVED, "DENIED"],
  "execution.authorized.v1": [RECEIVED, "AUTHORIZED"],
  "execution.simulation_failed.v1": [[...RECEIVED, "execution.authorized.v1"], "SIM_FAILED"],
  "execution.signed.v1": [[...RECEIVED, "execution.authorized.v1"], "SIGNED"],
  "execution.broadcast.v1": [SIGNED, "BROADCAST"],
  "execution.replaced.v1": [BROADCAST, "REPLACED"],
  "execution.mined.v1": [BROADCAST, "MINED"],
  "execution.reorged.v1": [MINED, "REORGED"],
  "execution.confirmed.v1": [MINED, "CONFIRMED"],
  "execution.reverted.v1": [MINED, "REVERTED"],
  "execution.cancelling.v1": [BROADCAST, "CANCELLING"],
  "execution.cancelled.v1": [[...BROADCAST, "execution.cancelling.v1"], "CANCELLED"],
  "execution.expired.v1": [BROADCAST, "EXPIRED"],
  "execution.held.v1": [RECEIVED, "HELD"],
};

describe("relay and the golden events", () => {
  const types = Object.keys(STORIES) as Type[];

  it.each(types)("%s still brings its execution where it brought it", (type) => {
    const [before, after] = STORIES[type];
    const state = fold([...before, type].map(golden));
    expect(state?.status).toBe(after);
    expect(state?.transitions).toHaveLength(before.length + 1);
  });

  it("keeps the nonce and every attempt of a whole execution", () => {
    const state = fold(
      [...BROADCAST, "execution.replaced.v1", "execution.mined.v1", "execution.confirmed.v1"].map((type) => golden(type as Type)),
    );
    const { sender, nonce, transactionHash } = goldenEvent("execution.signed.v1").stored;
    expect(state?.lease).toEqual({ sender, nonce });
    expect(state?.attempts.map((attempt) => attempt.transactionHash)).toEqual([
      transactionHash,
      goldenEvent("execution.replaced.v1").stored.transactionHash,
    ]);
  });
});
