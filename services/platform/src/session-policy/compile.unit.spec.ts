import {
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  parseAbi,
  slice,
  zeroAddress,
  zeroHash,
} from "viem";
import { describe, expect, it } from "vitest";
import { policyHash } from "./canonical.js";
import { compilePolicy } from "./compile.js";
import {
  ACCOUNT,
  ALICE,
  BOB,
  depositRule,
  KEY,
  NOT_BEFORE,
  PROTOCOLS,
  policyDocument,
  transferRule,
  USDC,
  VAULT,
  VAULT_ADAPTER,
} from "./policy-document.builder.js";
import { leafHash } from "./scope-tree.js";

const options = { key: getAddress(KEY), epoch: 3, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS };
const erc20 = parseAbi(["function transfer(address,uint256)"]);
const transferTo = (to: typeof ALICE | typeof BOB) => ({
  kind: "call" as const,
  call: { to: getAddress(USDC), value: 0n, data: encodeFunctionData({ abi: erc20, functionName: "transfer", args: [to, 5n] }) },
});

describe("compiling a policy", () => {
  it("gives the struct the owners arm, field by field", () => {
    const document = policyDocument();
    expect(compilePolicy(document, options).policy).toEqual({
      safe: ACCOUNT,
      key: getAddress(KEY),
      validAfter: NOT_BEFORE,
      validUntil: NOT_BEFORE + 30 * 86_400,
      rateWindow: 86_400,
      maxOps: 10,
      budgetWindow: 86_400,
      epoch: 3,
      rulesBefore: NOT_BEFORE,
      protocolMask: 2n,
      scopeRoot: leafHash({ target: USDC, selector: "0xa9059cbb", recipient: ALICE }),
      maxSlippageBps: 0,
      policyHash: policyHash(document),
      limits: [{ token: USDC, perOp: 500_000_000n, perPeriod: 2_000_000_000n }],
    });
  });

  it("hands the price bound to the chain", () => {
    expect(compilePolicy(policyDocument({ maxSlippageBps: 250 }), options).policy.maxSlippageBps).toBe(250);
  });

  it("sets one bit per protocol used", () => {
    expect(compilePolicy(policyDocument({ rules: [transferRule(), depositRule()] }), options).policy.protocolMask).toBe(0b110n);
  });

  it("needs no proof for a policy of one leaf", () => {
    expect(compilePolicy(policyDocument(), options).proofFor(transferTo(ALICE))).toEqual([[]]);
  });

  it("proves each recipient of a rule, and nothing for anybody else", () => {
    const where = { op: "in", path: "to", values: [ALICE, ACCOUNT] };
    const compiled = compilePolicy(policyDocument({ rules: [transferRule({ where })] }), options);
    const other = leafHash({ target: USDC, selector: "0xa9059cbb", recipient: ACCOUNT });
    expect(compiled.proofFor(transferTo(ALICE))).toEqual([[other]]);
    expect(compiled.proofFor(transferTo(BOB))).toEqual([[]]);
  });

  it("gives a batch one proof per call", () => {
    const compiled = compilePolicy(policyDocument(), options);
    const { call } = transferTo(ALICE);
    expect(compiled.proofFor({ kind: "batch", calls: [call, call, call] })).toEqual([[], [], []]);
  });

  it("proves each call by its own rule: target and function, adapter operations too", () => {
    const approve = {
      id: "allow",
      protocol: "erc20",
      target: USDC,
      fn: "approve(address spender,uint256 amount)",
      where: { op: "eq", path: "spender", value: ALICE },
      spends: [{ token: USDC, path: "amount", kind: "approve" }],
    };
    const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(uint256 amount)" };
    const compiled = compilePolicy(policyDocument({ rules: [transferRule(), approve, depositRule(), poke] }), options);
    const abi = parseAbi([
      "function transfer(address,uint256)",
      "function approve(address,uint256)",
      "function deposit(address,uint256)",
      "function poke(uint256)",
    ]);
    const call = (to: string, data: Hex) => ({ to: getAddress(to), value: 0n, data });
    const calls = [
      call(USDC, encodeFunctionData({ abi, functionName: "transfer", args: [ALICE, 1n] })),
      call(USDC, encodeFunctionData({ abi, functionName: "approve", args: [ALICE, 1n] })),
      call(VAULT, encodeFunctionData({ abi, functionName: "poke", args: [1n] })),
    ];
    const args = encodeFunctionData({ abi, functionName: "deposit", args: [VAULT, 1n] });
    const [adapter = []] = compiled.proofFor({ kind: "adapter", adapter: getAddress(VAULT_ADAPTER), args });
    const proofs = [...compiled.proofFor({ kind: "batch", calls }), adapter];
    const leaves = [
      { target: USDC, selector: "0xa9059cbb", recipient: ALICE },
      { target: USDC, selector: "0x095ea7b3", recipient: ALICE },
      { target: VAULT, selector: "0x32145f90", recipient: zeroAddress },
      { target: VAULT_ADAPTER, selector: "0x47e7ef24", recipient: VAULT },
    ] as const;
    // What the module does: hash the leaf up its proof and compare with the root the owners signed.
    const up = (leaf: Hex, proof: readonly Hex[]) =>
      proof.reduce((node, other) => keccak256(node < other ? concatHex([node, other]) : concatHex([other, node])), leaf);
    for (const [i, proof] of proofs.entries()) {
      const leaf = leaves[i];
      if (leaf === undefined) throw new Error("one leaf per proof");
      expect(up(leafHash(leaf), proof), `call ${i}`).toBe(compiled.policy.scopeRoot);
    }
  });

  it("proves nothing for calldata that is cut, for a word that is no address, and for a function on another target", () => {
    const where = { op: "in", path: "to", values: [ALICE, ACCOUNT] };
    const compiled = compilePolicy(policyDocument({ rules: [transferRule({ where })] }), options);
    const { call } = transferTo(ALICE);
    const of = (data: Hex, to: string = USDC) => compiled.proofFor({ kind: "call", call: { ...call, to: getAddress(to), data } });
    expect(of(call.data)[0]).toHaveLength(1);
    expect(of(slice(call.data, 0, 35))).toEqual([[]]);
    expect(of("0xa9059cbb")).toEqual([[]]);
    expect(of(`0x${call.data.slice(2, 10)}01${call.data.slice(12)}`)).toEqual([[]]);
    expect(of(call.data, VAULT)).toEqual([[]]);
  });

  it("has a leaf with recipient 0 for a function without recipient", () => {
    const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(uint256 amount)" };
    const { leaves } = compilePolicy(policyDocument({ rules: [poke] }), options);
    expect(leaves.map(({ recipient }) => recipient)).toEqual([zeroAddress]);
  });

  it("pins the registry's rules unless the document follows it", () => {
    expect(compilePolicy(policyDocument({ follow: true }), options).policy.rulesBefore).toBe(2 ** 40 - 1);
  });

  it("keeps a budget window above 0 when there are no budgets", () => {
    const poke = { id: "poke", protocol: "other", target: VAULT, fn: "poke(uint256 amount)" };
    expect(compilePolicy(policyDocument({ rules: [poke], budgets: [] }), options).policy.budgetWindow).toBe(86_400);
  });

  it("refuses a protocol the deployment does not have, naming the rule", () => {
    expect(() => compilePolicy(policyDocument(), { ...options, protocols: { erc4626: 2 } })).toThrow(
      "rules[0].protocol: must be one of erc4626",
    );
  });
});

describe("a scope leaf", () => {
  it("is keccak256(abi.encode(target, selector, recipient))", () => {
    const encoded = encodeAbiParameters([{ type: "address" }, { type: "bytes4" }, { type: "address" }], [USDC, "0xa9059cbb", ALICE]);
    expect(leafHash({ target: USDC, selector: "0xa9059cbb", recipient: ALICE })).toBe(keccak256(encoded));
    expect(encoded.length).toBe(2 + 2 * 96);
    expect(zeroHash).not.toBe(keccak256(encoded));
  });
});
