import { describe, expect, it } from "vitest";
import { compileCondition } from "./compile-condition.js";
import type { Condition } from "./condition-schema.js";
import { parseFunction } from "./function-signature.js";
import { ACCOUNT, ALICE, BOB } from "./policy-document.builder.js";
import { admittedRecipients } from "./recipients.js";

const signature = parseFunction("transfer(address to,uint256 amount)");

function admitted(condition: Condition): string[] | undefined {
  const compiled = compileCondition(condition, { arguments: signature?.abi.inputs ?? [] }, "where", []);
  if (compiled === undefined) throw new Error("the condition does not compile");
  const recipients = admittedRecipients(compiled, 0, ACCOUNT);
  return recipients && [...recipients].toSorted();
}

const eq = (value: string): Condition => ({ op: "eq", path: "to", value });
const small: Condition = { op: "lte", path: "amount", value: "5" };

describe("the recipients a condition admits", () => {
  it.each<[string, Condition, string[] | undefined]>([
    ["the one it names", eq(ALICE), [ALICE]],
    ["all it lists", { op: "in", path: "to", values: [ALICE, BOB] }, [ALICE, BOB]],
    ["the account itself", { op: "eqAccount", path: "to" }, [ACCOUNT]],
    ["those of either branch", { op: "or", of: [eq(ALICE), eq(BOB)] }, [ALICE, BOB]],
    ["anybody, when one branch does", { op: "or", of: [eq(ALICE), small] }, undefined],
    ["those of the branch that bounds them", { op: "and", of: [small, eq(ALICE)] }, [ALICE]],
    ["those of all branches that bound them", { op: "and", of: [{ op: "in", path: "to", values: [ALICE, BOB] }, eq(BOB)] }, [BOB]],
    ["nobody, when branches contradict", { op: "and", of: [eq(ALICE), eq(BOB)] }, []],
    ["anybody, when another argument is tested", { op: "eq", path: "amount", value: "1" }, undefined],
    ["anybody, when one is excluded", { op: "not", of: eq(ALICE) }, undefined],
  ])("are %s", (_what, condition, expected) => {
    expect(admitted(condition)).toEqual(expected);
  });
});
