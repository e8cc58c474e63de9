import { encodeFunctionData, getAddress, parseAbi } from "viem";
import type { CallStruct, ParsedAction } from "#platform/intent/intent.js";
import { UNUSED } from "#platform/limits/limits-state.js";
import { compilePolicy } from "#platform/session-policy/compile.js";
import { policyId } from "#platform/session-policy/onchain-policy.js";
import { inspectDocument } from "#platform/session-policy/parse.js";
import { ALICE, draftDocument, KEY, MODULE, NOT_BEFORE, PROTOCOLS, USDC } from "#platform/session-policy/policy-document.builder.js";
import { compileDocument } from "./compiled-document.js";
import type { Question } from "./question.js";

const ERC20 = parseAbi(["function transfer(address,uint256)", "function approve(address,uint256)"]);

/** Calldata of transfer or approve. */
export function erc20(functionName: "transfer" | "approve", to: `0x${string}`, amount: bigint): `0x${string}` {
  return encodeFunctionData({ abi: ERC20, functionName, args: [to, amount] });
}

/** A call of USDC: by default, 5 units to Alice. */
export function call(over: Partial<CallStruct> = {}): CallStruct {
  return { to: getAddress(USDC), value: 0n, data: erc20("transfer", ALICE, 5n), ...over };
}

/** An allowed question: 5 units of USDC to Alice at the session's first second; `document` and `action` change what is asked. */
export function question(over: Partial<Question> = {}, document: Readonly<Record<string, unknown>> = {}, action?: ParsedAction): Question {
  const inspected = inspectDocument(JSON.stringify(draftDocument(document)));
  if (!inspected.ok) throw new Error(`the builder's document does not parse: ${JSON.stringify(inspected.problems)}`);
  const options = { key: getAddress(KEY), epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS };
  const { policy } = compilePolicy(inspected.document, options);
  const at = BigInt(NOT_BEFORE);
  return {
    compiled: compileDocument(inspected.document, inspected.rules),
    policy,
    intent: {
      chainId: 31_337n,
      module: getAddress(MODULE),
      policyId: policyId(policy),
      action: action ?? { kind: "call", call: call() },
      nonce: 0n,
      deadline: at + 100n,
    },
    usage: UNUSED,
    conditions: [],
    at,
    ...over,
  };
}
