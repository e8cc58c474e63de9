import { describe, expect, it } from "vitest";
import { seededNumbers } from "../../../../test/support/seeded-numbers.js";
import { inOrder } from "./in-order.js";
import type { PublishedEvent } from "./published-event.js";

const event = (source: string, sequence: number): PublishedEvent => ({
  bytes: Buffer.from(`${source}${sequence}`),
  id: `${source}${sequence}`,
  source,
  sequence: BigInt(sequence),
  type: "test.v1",
  partitionKey: "cluster",
  leafHash: Buffer.alloc(32),
  hash: `${source}${sequence}`,
  previousHash: undefined,
  chainSignature: undefined,
  headSignature: undefined,
});
const names = (events: readonly PublishedEvent[]) => events.map(({ id }) => id);

describe("events over several partitions", () => {
  it("enter the log as their producer counted them, each producer by itself", () => {
    const { ready, held, next } = inOrder([event("a", 2), event("b", 1), event("a", 1), event("a", 4)], new Map(), []);
    expect(names(ready)).toEqual(["b1", "a1", "a2"]);
    expect(names(held)).toEqual(["a4"]);
    expect(next).toEqual(new Map([["b", 2n], ["a", 3n]])); // biome-ignore format: pairs
  });

  it("enter behind what had waited for them, and let in what waits behind them", () => {
    const { ready, held } = inOrder([event("a", 5)], new Map([["a", 5n]]), [event("a", 6), event("a", 7), event("a", 9)]);
    expect([names(ready), names(held)]).toEqual([["a5", "a6", "a7"], ["a9"]]);
  });

  it("that come after their number was given up enter at once", () => {
    expect(names(inOrder([event("a", 3)], new Map([["a", 9n]]), []).ready)).toEqual(["a3"]);
  });

  it("stand in order whatever way they came, in however many batches", () => {
    const numbers = seededNumbers(7);
    for (let run = 0; run < 200; run++) {
      const all = ["a", "b", "c"].flatMap((source) => Array.from({ length: 12 }, (_, i) => event(source, i + 1)));
      const shuffled = all.map((one) => ({ one, at: numbers(1_000_000) })).sort((x, y) => x.at - y.at);
      let [expected, waiting]: [ReadonlyMap<string, bigint>, readonly PublishedEvent[]] = [new Map(), []];
      const log: PublishedEvent[] = [];
      for (let at = 0; at < shuffled.length; at += 5) {
        const step = inOrder(shuffled.slice(at, at + 5).map(({ one }) => one), expected, waiting); // biome-ignore format: one batch
        log.push(...step.ready);
        [expected, waiting] = [step.next, step.held];
      }
      expect(waiting).toEqual([]);
      for (const source of ["a", "b", "c"]) {
        expect(log.filter((one) => one.source === source).map(({ sequence }) => Number(sequence))).toEqual(
          Array.from({ length: 12 }, (_, i) => i + 1),
        );
      }
    }
  });
});
