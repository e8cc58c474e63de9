import { describe, expect, it } from "vitest";
import { metavaultRegistryAbi } from "../../../../contracts/generated/metavault-registry.js";
import { policyRegistryAbi } from "../../../../contracts/generated/policy-registry.js";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { vaultAdapterAbi } from "../../../../contracts/generated/vault-adapter.js";
import { isErrorCode } from "./error-table.js";
import { codeOfSelectorName, knowsSelectorName } from "./selector-codes.js";

const abis = [...sessionModuleAbi, ...policyRegistryAbi, ...vaultAdapterAbi, ...metavaultRegistryAbi];
const names = [...new Set(abis.filter((item) => item.type === "error").map((item) => item.name))].sort();

describe("a custom error of our contracts", () => {
  it("is found in the ABI, so that this suite cannot pass over nothing", () => {
    expect(names.length).toBeGreaterThan(40);
  });

  it.each(names)("%s has a reason code of its own", (name) => {
    expect(knowsSelectorName(name)).toBe(true);
    expect(isErrorCode(codeOfSelectorName(name))).toBe(true);
  });
});

describe("an error that is not ours", () => {
  it.each(["SomebodyElsesError", "constructor", "toString", ""])("is a failed simulation: %s", (name) => {
    expect(knowsSelectorName(name)).toBe(false);
    expect(codeOfSelectorName(name)).toBe("SIMULATION_FAILED");
  });
});
