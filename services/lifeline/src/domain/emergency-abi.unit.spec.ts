import { type Abi, toFunctionSelector, toFunctionSignature } from "viem";
import { describe, expect, it } from "vitest";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { emergencyAbi } from "./emergency-abi.js";

const described = (abi: Abi) =>
  abi.flatMap((item) =>
    item.type === "function" ? [`${toFunctionSelector(item)} ${toFunctionSignature(item)} ${item.stateMutability}`] : [],
  );

describe("the ABI that lifeline carries", () => {
  it("says of every function what the contract's own ABI says", () => {
    expect(described(sessionModuleAbi)).toEqual(expect.arrayContaining(described(emergencyAbi)));
  });
});
