import { describe, expect, test } from "vitest";
import { AT, authorize, BLOCK_A, broadcasted, cancel, finalise, history, mine, replace } from "./execution.builder.js";
import type { ExecutionCommand } from "./execution-command.js";
import { settlementOf } from "./settlement.js";

const settlements = (...commands: readonly ExecutionCommand[]) => history(...commands).events.flatMap((event) => settlementOf(event) ?? []);
const NOW = (outcome: string) => ({ outcome, when: "now" });
const LATER = (outcome: string) => ({ outcome, when: "after-deadline" });

describe("what permissions is told", () => {
  test("a mined execution commits once, and confirming it says nothing more", () => {
    expect(settlements(...broadcasted, mine("0x1"), finalise("0x1"))).toEqual([NOW("committed")]);
  });

  test("a reorganisation takes the commit back, mining again repeats it", () => {
    const back = { do: "reorg", at: AT, blockHash: BLOCK_A.blockHash } as const;
    expect(settlements(...broadcasted, mine("0x1"), back, mine("0x1"))).toEqual([NOW("committed"), NOW("reorged"), NOW("committed")]);
    expect(settlements(...broadcasted, mine("0x1", BLOCK_A, false), back)).toEqual([]);
  });

  test("a signature that is out holds its reservation until its deadline has passed", () => {
    expect(settlements(...broadcasted, mine("0x1", BLOCK_A, false), finalise("0x1"))).toEqual([LATER("reverted")]);
    expect(settlements(...broadcasted, replace("0x2", "void"), finalise("0x2"))).toEqual([LATER("expired")]);
    expect(settlements(...broadcasted, cancel, replace("0x2", "void"), finalise("0x2"))).toEqual([LATER("cancelled")]);
    expect(settlements(authorize, cancel)).toEqual([LATER("cancelled")]);
    expect(settlements(authorize, { do: "failSimulation", at: AT, reasons: [], signed: true })).toEqual([LATER("expired")]);
    expect(settlements({ do: "expire", at: AT, reasons: [] })).toEqual([LATER("expired")]);
  });

  test("without a signature it is given back at once, and without a reservation there is nothing to give back", () => {
    const deny = { do: "deny" as const, at: AT, reasons: [], decisionId: "" };
    expect(settlements({ ...deny, reserved: true })).toEqual([NOW("unsigned")]);
    expect(settlements({ ...deny, reserved: false })).toEqual([]);
    expect(settlements(cancel)).toEqual([NOW("unsigned")]);
    expect(settlements({ do: "failSimulation", at: AT, reasons: [], signed: false })).toEqual([NOW("unsigned")]);
  });
});
