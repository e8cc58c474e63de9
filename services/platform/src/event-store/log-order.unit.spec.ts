import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LogCandidate, logOrder } from "./log-order.js";

const candidate = (stream: string, version: number, xid: number, predecessorSequenced = version === 1): LogCandidate => ({
  stream,
  version,
  xid: BigInt(xid),
  predecessorSequenced,
});

describe("the order on the log", () => {
  it("follows the transactions between streams and the versions inside a stream", () => {
    const { ready, held } = logOrder([candidate("a", 2, 10), candidate("b", 1, 11), candidate("a", 1, 12)]);
    expect(ready.map(({ stream, version }) => `${stream}${version}`)).toEqual(["a1", "b1", "a2"]);
    expect(held).toEqual([]);
  });

  it("holds back a version whose predecessor is missing, and all that follow it", () => {
    const { ready, held } = logOrder([candidate("a", 2, 10), candidate("a", 3, 11), candidate("b", 1, 12)]);
    expect(ready.map(({ stream }) => stream)).toEqual(["b"]);
    expect(held.map(({ version }) => version)).toEqual([2, 3]);
  });

  it("goes on from a predecessor that has its position already", () => {
    const { ready } = logOrder([candidate("a", 7, 10, true), candidate("a", 8, 11)]);
    expect(ready.map(({ version }) => version)).toEqual([7, 8]);
  });

  it("never inverts a stream and never loses an event, whatever the transactions' order", () => {
    const streams = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 9 })), {
      selector: ([stream, version]) => `${stream}${version}`,
    });
    fc.assert(
      fc.property(streams, (events) => {
        const given = events.map(([stream, version], xid) => candidate(stream, version, xid));
        const { ready, held } = logOrder(given);
        expect(new Set([...ready, ...held])).toEqual(new Set(given));
        const last = new Map<string, number>();
        for (const { stream, version } of ready) {
          expect(version).toBe((last.get(stream) ?? 0) + 1);
          last.set(stream, version);
        }
        for (const { stream, version } of held) expect(version).toBeGreaterThan((last.get(stream) ?? 0) + 1);
      }),
    );
  });
});
