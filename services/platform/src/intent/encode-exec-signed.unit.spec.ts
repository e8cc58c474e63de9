import { decodeFunctionData, getAddress, toFunctionSelector } from "viem";
import { describe, expect, it } from "vitest";
import { sessionModuleAbi } from "../../../../contracts/generated/session-module.js";
import { compilePolicy } from "../session-policy/compile.js";
import { KEY, MODULE, NOT_BEFORE, PROTOCOLS, policyDocument, USDC } from "../session-policy/policy-document.builder.js";
import { encodeExecSigned } from "./encode-exec-signed.js";
import type { ParsedAction } from "./intent.js";
import { MODULE_EXEC_ABI } from "./module-abi.js";

const { policy } = compilePolicy(policyDocument(), { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS });
const call = { to: getAddress(USDC), value: 1n, data: "0xa9059cbb" } as const;
const intent = (action: ParsedAction) =>
  ({ chainId: 1n, module: MODULE, policyId: `0x${"11".repeat(32)}`, action, nonce: 7n, deadline: 99n }) as const;
const signature = `0x${"22".repeat(65)}` as const;

describe("calldata for the module", () => {
  it.each([
    ["execSigned", { kind: "call", call }, [["0x"]]],
    ["execBatchSigned", { kind: "batch", calls: [call, call] }, [["0x"], ["0x"]]],
    ["execAdapterSigned", { kind: "adapter", adapter: call.to, args: "0x01" }, [["0x"]]],
  ] as const)("is that of %s, as the contract's own ABI reads it", (name, action, proofs) => {
    const data = encodeExecSigned(
      policy,
      intent(action),
      proofs.map(() => []),
      signature,
    );
    const decoded = decodeFunctionData({ abi: sessionModuleAbi, data });
    expect(decoded.functionName).toBe(name);
    expect(decoded.args?.slice(-3)).toEqual([7n, 99, signature]);
  });

  it("wants one proof per call", () => {
    expect(() => encodeExecSigned(policy, intent({ kind: "batch", calls: [call, call] }), [[]], signature)).toThrow("proofs: must be 2");
    expect(() => encodeExecSigned(policy, intent({ kind: "call", call }), [], signature)).toThrow("proofs: must be 1");
  });
});

it("knows the module's functions by the selectors of the generated ABI", () => {
  const generated = new Set(sessionModuleAbi.filter((item) => item.type === "function").map((item) => toFunctionSelector(item)));
  for (const item of MODULE_EXEC_ABI) expect(generated).toContain(toFunctionSelector(item));
});
