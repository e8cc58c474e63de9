import { describe, expect, it } from "vitest";
import { CONDITIONS, type Condition } from "../health/condition.js";
import {
  allows,
  cellsOf,
  conditionsOfLevel,
  deniedBy,
  LADDER_CAPABILITIES,
  LEVELS,
  levelOf,
  modeOf,
  refusing,
  widensAuthority,
} from "./ladder.js";

/** All 2^7 sets of conditions. */
const SETS: readonly ReadonlySet<Condition>[] = Array.from(
  { length: 2 ** CONDITIONS.length },
  (_, bits) => new Set(CONDITIONS.filter((_condition, index) => bits & (1 << index))),
);
const holding = (...conditions: Condition[]) => new Set(conditions);

describe("the degradation ladder", () => {
  it("allows everything while nothing is down", () => {
    expect(LADDER_CAPABILITIES.filter((name) => !allows(name, holding()))).toEqual([]);
  });

  it("never allows with more conditions what a part of them refused, over all 128 sets", () => {
    const broken = SETS.flatMap((set) =>
      CONDITIONS.flatMap((more) =>
        LADDER_CAPABILITIES.filter((name) => !allows(name, set) && allows(name, new Set([...set, more]))).map((name) => [
          name,
          [...set],
          more,
        ]),
      ),
    );
    expect(broken).toEqual([]);
  });

  it("keeps the emergency close and DISARM in every one of them", () => {
    for (const set of SETS) expect([allows("emergencyClose", set), allows("disarm", set)]).toEqual([true, true]);
  });

  it("refuses what widens power where the database, the signer, the chain or the cluster is away", () => {
    const closed = CONDITIONS.filter((condition) => ["DbDown", "SignerDown", "RpcDegraded", "ClusterLost"].includes(condition));
    for (const name of LADDER_CAPABILITIES.filter(widensAuthority)) expect(deniedBy(name)).toEqual(expect.arrayContaining(closed));
  });

  it.each([
    ["KafkaDown", "useOpen", "outbox-capped"],
    ["DbDown", "disarm", "chain-and-spool"],
    ["PaymasterEmpty", "emergencyClose", "raw"],
    ["RpcDegraded", "emergencyClose", "calldata"],
    ["ClusterLost", "disarm", "outside"],
  ] as const)("while %s, serves %s as %s", (condition, capability, mode) => expect(modeOf(capability, holding(condition))).toBe(mode));

  it("takes the worst of what single rows and a row of both say", () => {
    expect(modeOf("auditExport", holding("SignerDown"))).toBe("live");
    expect(modeOf("auditExport", holding("KafkaDown"))).toBe("stale");
    expect(modeOf("auditExport", holding("DbDown", "KafkaDown"))).toBe("down");
  });

  it("has the level of the highest rung", () => {
    expect(levelOf(holding())).toBe("L0");
    expect(levelOf(holding("UiDown", "DbDown"))).toBe("L3");
    expect(levelOf(holding("KafkaDown", "ClusterLost"))).toBe("L6");
  });

  it("has one condition for every level but the first, and that level for the condition", () => {
    expect(conditionsOfLevel("L0")).toEqual([]);
    for (const level of LEVELS.slice(1)) {
      const conditions = conditionsOfLevel(level);
      expect([level, conditions.length, levelOf(new Set(conditions))]).toEqual([level, 1, level]);
    }
  });

  it("refuses the cells whose feature does not exist yet", () => {
    expect(modeOf("list", holding("DbDown"))).toBe("absent");
    expect(allows("list", holding("DbDown"))).toBe(false);
    expect(refusing("list", holding("DbDown", "KafkaDown"))).toEqual(["DbDown"]);
  });

  it("says how everything is served", () => {
    expect(cellsOf(holding("RpcDegraded"))).toMatchObject({
      emergencyClose: "calldata",
      useOpen: "deny",
      login: "cached",
      monitoring: "blind",
    });
  });
});
