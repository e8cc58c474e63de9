import { describe, expect, it } from "vitest";
import type { UnrecordedStop } from "../../application/stops.js";
import { encodeLine, readLines } from "./spool-lines.js";

const stop = (n: number): UnrecordedStop => ({
  sessionId: `01900000-0000-7000-8000-00000000000${n}`,
  command: { kind: n % 2 === 0 ? "disarm" : "forfeit", reason: "line\nbreak, ünïcode", initiator: "owner", at: 1_700_000_000 + n },
  origin: { actor: { type: "user", id: "owner", authMethod: "siwe" }, correlationId: `c${n}`, partitionKey: "31337:0xaa" },
});

function chain(...stops: readonly UnrecordedStop[]): Buffer {
  let digest = "";
  const lines = stops.map((one) => {
    const line = encodeLine(one, digest);
    digest = line.digest;
    return line.bytes;
  });
  return Buffer.concat(lines);
}

describe("the lines of the stop spool", () => {
  it("give back what was written, in order", () => {
    const bytes = chain(stop(1), stop(2), stop(3));
    expect(readLines(bytes)).toMatchObject({ stops: [stop(1), stop(2), stop(3)], length: bytes.length });
    expect(readLines(Buffer.alloc(0))).toEqual({ stops: [], length: 0, digest: "" });
  });

  it("end before a line that was cut at any byte", () => {
    const [one, both] = [chain(stop(1)), chain(stop(1), stop(2))];
    for (let cut = one.length; cut < both.length; cut += 1) {
      expect(readLines(both.subarray(0, cut))).toMatchObject({ stops: [stop(1)], length: one.length });
    }
  });

  it("end before a line that was changed, taken out of its place or left out", () => {
    const [one, two, three] = [chain(stop(1)), chain(stop(1), stop(2)), chain(stop(1), stop(2), stop(3))];
    const changed = Buffer.from(three);
    changed.writeUInt8(changed.readUInt8(one.length + 80) ^ 1, one.length + 80);
    expect(readLines(changed)).toMatchObject({ stops: [stop(1)], length: one.length });
    const without = Buffer.concat([one, three.subarray(two.length)]);
    expect(readLines(without)).toMatchObject({ stops: [stop(1)], length: one.length });
  });
});
