import { describe, expect, it } from "vitest";
import { type PublishedEvent, readPublishedEvent } from "../domain/published-event.js";
import { GatheredIntake } from "./gathered-intake.js";

const event = (n: number) =>
  readPublishedEvent(
    Buffer.from(
      JSON.stringify({
        specversion: "1.0",
        id: `${n}`,
        source: "s",
        type: "t.v1",
        sequence: String(n).padStart(20, "0"),
        partitionkey: "k",
      }),
    ),
  );
const many = (count: number) => Array.from({ length: count }, (_, n) => event(n + 1));

/** Refused of what had waited before: nobody's of those who come now. */
const waited = event(99);

function scene(fails: readonly number[] = []) {
  const calls: number[] = [];
  const open: (() => void)[] = [];
  const append = async (events: readonly PublishedEvent[]) => {
    const call = calls.push(events.length);
    await new Promise<void>((resolve) => open.push(resolve));
    if (fails.includes(call)) throw new Error(`call ${call}`);
    return { conflicts: [], forged: [...events.filter(({ sequence }) => sequence === 3n), ...(call === 2 ? [waited] : [])] };
  };
  const next = async () => {
    await expect.poll(() => open.length).toBeGreaterThan(0);
    open.shift()?.();
  };
  return { intake: new GatheredIntake({ append }), calls, next };
}

describe("what several partitions bring at once", () => {
  it("goes in together while the one before is written, and each is told what was refused of its own", async () => {
    const { intake, calls, next } = scene();
    const first = intake.append(many(2));
    await expect.poll(() => calls).toEqual([2]);
    const all = [first, intake.append(many(3)), intake.append(many(4))];
    await next();
    await next();
    const told = await Promise.all(all);
    expect(calls).toEqual([2, 7]);
    expect(told.map(({ forged }) => forged.length)).toEqual([0, 2, 1]);
    expect(told[1]?.forged.at(-1)).toBe(waited);
  });

  it("is not more than a transaction should be, but never nothing", async () => {
    const { intake, calls, next } = scene();
    const all = [1, 2_000, 2_000, 4_000].map((count) => intake.append(many(count)));
    for (let n = 0; n < 3; n++) await next();
    await Promise.all(all);
    expect(calls).toEqual([2_001, 2_000, 4_000]);
  });

  it("fails together, so that each is delivered again, and goes on", async () => {
    const { intake, calls, next } = scene([2]);
    const first = intake.append(many(1));
    await expect.poll(() => calls).toEqual([1]);
    const [second, third] = [intake.append(many(1)), intake.append(many(1))];
    await next();
    await next();
    await expect(first).resolves.toBeDefined();
    await expect(second).rejects.toThrow("call 2");
    await expect(third).rejects.toThrow("call 2");
    const fourth = intake.append(many(1));
    await next();
    await expect(fourth).resolves.toBeDefined();
  });
});
