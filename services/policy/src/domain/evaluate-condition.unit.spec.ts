import { describe, expect, it } from "vitest";
import { compileCondition } from "#platform/session-policy/compile-condition.js";
import type { Condition } from "#platform/session-policy/condition-schema.js";
import { parseFunction } from "#platform/session-policy/function-signature.js";
import { ACCOUNT, ALICE, BOB } from "#platform/session-policy/policy-document.builder.js";
import { failedTests } from "./evaluate-condition.js";

const signature = parseFunction("f(uint256 n,int8 i,bool b,bytes4 s,string text,address who,uint256[] ids,(uint256 x,address[] ys) p)");
/** n 10, i -3, b true, s 0xa9059cbb, text "Hi", who the account, ids 1 2 3, p.x 7, p.ys Alice and Bob; as viem decodes them. */
const ARGUMENTS = [10n, -3, true, "0xa9059cbb", "Hi", ACCOUNT.toUpperCase().replace("0X", "0x"), [1n, 2n, 3n], [7n, [ALICE, BOB]]];

function failures(condition: Condition): string[] {
  const compiled = compileCondition(condition, { arguments: signature?.abi.inputs ?? [] }, "where", []);
  if (compiled === undefined) throw new Error("the condition does not compile");
  return [...failedTests(compiled, ARGUMENTS, ACCOUNT)].map(
    ({ path, operator, expected, actual }) => `${path} ${operator} ${expected}: ${actual}`,
  );
}
const test = (op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte", path: string, value: string): Condition => ({ op, path, value });
const yes = test("eq", "n", "10");
const no = test("eq", "n", "11");

describe("a test that holds", () => {
  it.each<[Condition]>([
    [yes],
    [test("eq", "i", "-3")],
    [test("eq", "b", "true")],
    [test("eq", "s", "0xA9059CBB")],
    [test("eq", "text", "Hi")],
    [test("eq", "who", ACCOUNT)],
    [test("eq", "p.x", "7")],
    [test("eq", "p.ys.1", BOB)],
    [test("ne", "n", "11")],
    [test("lt", "n", "11")],
    [test("lt", "i", "-2")],
    [test("lte", "n", "10")],
    [test("gt", "n", "9")],
    [test("gte", "n", "10")],
    [{ op: "in", path: "n", values: ["1", "10"] }],
    [{ op: "bitmask", path: "n", mask: "6", value: "2" }],
    [{ op: "bitmask", path: "s", mask: "0xff000000", value: "0xa9000000" }],
    [{ op: "eqAccount", path: "who" }],
    [{ op: "every", path: "ids", of: test("lte", "", "3") }],
    [{ op: "some", path: "ids", of: test("eq", "", "3") }],
    [{ op: "and", of: [yes, yes] }],
    [{ op: "or", of: [no, yes] }],
    [{ op: "not", of: no }],
  ])("has no failure: %j", (condition) => {
    expect(failures(condition)).toEqual([]);
  });
});

describe("a test that does not hold", () => {
  it.each<[Condition, string[]]>([
    [no, ["n eq 11: 10"]],
    [test("eq", "text", "hi"), ["text eq hi: Hi"]],
    [test("eq", "b", "false"), ["b eq false: true"]],
    [test("ne", "n", "10"), ["n ne 10: 10"]],
    [test("lt", "n", "10"), ["n lt 10: 10"]],
    [test("lte", "n", "9"), ["n lte 9: 10"]],
    [test("gt", "n", "10"), ["n gt 10: 10"]],
    [test("gte", "n", "11"), ["n gte 11: 10"]],
    [{ op: "in", path: "n", values: ["1", "2"] }, ["n in 1, 2: 10"]],
    [{ op: "bitmask", path: "n", mask: "6", value: "4" }, ["n bitmask 0x4 under mask 0x6: 10"]],
    [{ op: "eqAccount", path: "p.ys.0" }, [`p.ys.0 eqAccount ${ACCOUNT}: ${ALICE}`]],
    [test("eq", "ids.3", "1"), ["ids.3 eq 1: nothing"]],
    [{ op: "every", path: "ids", of: test("lt", "", "2") }, ["ids[1] lt 2: 2", "ids[2] lt 2: 3"]],
    [{ op: "some", path: "ids", of: test("eq", "", "4") }, ["ids some one element that passes: none of 3"]],
    [{ op: "and", of: [no, yes, test("lt", "n", "1")] }, ["n eq 11: 10", "n lt 1: 10"]],
    [{ op: "or", of: [no, test("lt", "n", "1")] }, ["n eq 11: 10", "n lt 1: 10"]],
    [{ op: "not", of: yes }, [" not the condition not to hold: it holds"]],
  ])("says where and why: %j", (condition, expected) => {
    expect(failures(condition)).toEqual(expected);
  });
});
