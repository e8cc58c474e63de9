import { describe, expect, it } from "vitest";
import { compileCondition } from "./compile-condition.js";
import type { Condition } from "./condition-schema.js";
import { argumentWord, parseFunction } from "./function-signature.js";
import type { DocumentProblem } from "./problem.js";

const signature = parseFunction(
  "f(uint8 n,int16 i,bool b,bytes4 s,bytes blob,string text,address who,uint256[] ids,(uint256 x,address y) p,(uint256 z)[2] q)",
);

function problemsOf(condition: Condition): string[] {
  const problems: DocumentProblem[] = [];
  const compiled = compileCondition(condition, { arguments: signature?.abi.inputs ?? [] }, "where", problems);
  if ((compiled === undefined) !== problems.length > 0) throw new Error("a condition compiles exactly when it has no problem");
  return problems.map(({ path, rule }) => `${path}: ${rule}`);
}
const eq = (path: string, value: string): Condition => ({ op: "eq", path, value });

describe("a condition compiles when", () => {
  it.each<[string, Condition]>([
    ["an integer is the type's largest", eq("n", "255")],
    ["an integer is in hex", eq("n", "0xff")],
    ["a signed integer is the type's smallest", eq("i", "-32768")],
    ["a boolean is true", eq("b", "true")],
    ["fixed bytes have their length", eq("s", "0xA9059cbb")],
    ["bytes are whole", eq("blob", "0x")],
    ["text is any", eq("text", "0xAB")],
    ["it looks into a tuple", eq("p.x", "1")],
    ["it looks into an array of fixed length", eq("q.1.z", "1")],
    ["it looks into an array of any length", eq("ids.7", "1")],
    ["it tests elements", { op: "every", path: "ids", of: { op: "lt", path: "", value: "9" } }],
    ["it tests fields of elements", { op: "some", path: "q", of: eq("z", "1") }],
    ["it masks fixed bytes", { op: "bitmask", path: "s", mask: "0xff000000", value: "0xa9000000" }],
    ["it masks an integer", { op: "bitmask", path: "n", mask: "3", value: "1" }],
  ])("%s", (_why, condition) => {
    expect(problemsOf(condition)).toEqual([]);
  });
});

describe("a condition is refused when", () => {
  it.each<[string, Condition, string]>([
    ["an integer is too large", eq("n", "256"), "where.value: must be a value of type uint8"],
    ["an unsigned integer is negative", eq("n", "-1"), "where.value: must be a value of type uint8"],
    ["a signed integer is too small", eq("i", "-32769"), "where.value: must be a value of type int16"],
    ["an integer is text", eq("n", "one"), "where.value: must be a value of type uint8"],
    ["a zero is negative", eq("i", "-0"), "where.value: must be"],
    ["a boolean is a number", eq("b", "1"), "where.value: must be a value of type bool"],
    ["fixed bytes are short", eq("s", "0xa9"), "where.value: must be a value of type bytes4"],
    ["bytes are half", eq("blob", "0xa"), "where.value: must be a value of type bytes"],
    ["an address is none", eq("who", "0x1"), "where.value: must be a value of type address"],
    ["an array is compared as a whole", eq("ids", "1"), "where.value: must be a value of type uint256[]"],
    ["there is no such argument", eq("m", "1"), "where.path: must name an argument"],
    ["there is no such field", eq("p.w", "1"), "where.path: must name an argument"],
    ["a scalar is looked into", eq("n.0", "1"), "where.path: must name an argument"],
    ["an index is beyond a fixed length", eq("q.2.z", "1"), "where.path: must name an argument"],
    ["an index is no number", eq("ids.x", "1"), "where.path: must name an argument"],
    ["nothing is named outside every and some", eq("", "1"), "where.path: must name an argument"],
    ["an order is asked of a boolean", { op: "lt", path: "b", value: "true" }, "where.value: lt needs an integer"],
    ["a list holds another type", { op: "in", path: "n", values: ["1", "x"] }, "where.values[1]: must be a value of type uint8"],
    ["a mask is put on text", { op: "bitmask", path: "text", mask: "1", value: "1" }, "where.mask: bitmask needs"],
    ["a masked value is no value", { op: "bitmask", path: "n", mask: "1", value: "x" }, "where.value: must be a value of type uint8"],
    [
      "a masked value has bits outside the mask",
      { op: "bitmask", path: "n", mask: "1", value: "2" },
      "where.value: must not have bits outside",
    ],
    ["every is asked of a scalar", { op: "every", path: "n", of: eq("", "1") }, "where.path: every needs an array"],
    ["eqAccount is asked of a number", { op: "eqAccount", path: "n" }, "where.path: eqAccount needs an address"],
    ["a branch is wrong", { op: "and", of: [eq("n", "1"), eq("n", "x")] }, "where.of[1].value: must be"],
    ["what is negated is wrong", { op: "not", of: eq("n", "x") }, "where.of.value: must be"],
  ])("%s", (_why, condition, problem) => {
    expect(problemsOf(condition)).toHaveLength(1);
    expect(problemsOf(condition)[0]).toContain(problem);
  });
});

describe("an argument's word", () => {
  it("counts the words of static tuples and arrays, and one for what is dynamic", () => {
    const words = signature?.abi.inputs.map(({ name = "" }) => argumentWord(signature, name));
    expect(words).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
    expect(signature?.exactLength).toBeUndefined();
    expect(parseFunction("g((uint256 x,address y) p,uint8[3] q)")?.exactLength).toBe(4 + 32 * 5);
  });
});
