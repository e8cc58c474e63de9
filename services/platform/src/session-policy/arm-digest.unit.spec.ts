import { encodeAbiParameters, type Hex, keccak256, stringToBytes } from "viem";
import { describe, expect, it } from "vitest";
import { armDigest } from "./arm-digest.js";
import { compilePolicy } from "./compile.js";
import { deriveFloor } from "./floor.js";
import { floorOperation } from "./floor-operation.js";
import { policyId } from "./onchain-policy.js";
import { ALICE, KEY, MODULE, NOT_BEFORE, PROTOCOLS, policyDocument, USDC } from "./policy-document.builder.js";

const options = { key: KEY, epoch: 0, rulesBefore: NOT_BEFORE, protocols: PROTOCOLS } as const;
const document = policyDocument();
const { policy } = compilePolicy(document, options);
const arm = { chainId: 31337n, module: MODULE, policy, armNonce: 7n, deadline: 1_800_000_100n } as const;
const hashed = (text: string): Hex => keccak256(stringToBytes(text));

/** EIP-712 by hand: keccak256(0x1901 . domainSeparator . hashStruct). */
function byHand(): Hex {
  const b32 = { type: "bytes32" } as const;
  const domainType = hashed("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  const domain = keccak256(
    encodeAbiParameters(
      [b32, b32, b32, { type: "uint256" }, { type: "address" }],
      [domainType, hashed("Interlock SessionModule"), hashed("1"), 31337n, MODULE],
    ),
  );
  const type = hashed("Arm(bytes32 id,bytes32 policyHash,address key,uint40 validUntil,uint256 armNonce,uint48 deadline)");
  const struct = keccak256(
    encodeAbiParameters(
      [b32, b32, b32, { type: "address" }, { type: "uint40" }, { type: "uint256" }, { type: "uint48" }],
      [type, policyId(policy), policy.policyHash, KEY, policy.validUntil, 7n, 1_800_000_100],
    ),
  );
  return keccak256(`0x1901${domain.slice(2)}${struct.slice(2)}`);
}

describe("the digest that owners arm", () => {
  it("is EIP-712 of the module's Arm type", () => {
    expect(armDigest(arm)).toBe(byHand());
  });

  it.each([{ chainId: 1n }, { module: ALICE }, { armNonce: 8n }, { deadline: 1n }, { policy: { ...policy, maxOps: 9 } }] as const)(
    "is another one for %o",
    (over) => {
      expect(armDigest({ ...arm, ...over })).not.toBe(armDigest(arm));
    },
  );
});

describe("a protocol of a document", () => {
  it.each([{}, { erc20: 0 }, { erc20: 256 }, Object.create({ erc20: 1 })])("must be one the deployment has: %o", (protocols) => {
    const rule = `must be one of ${Object.keys(protocols).join(", ")}`;
    expect(() => compilePolicy(document, { ...options, protocols })).toThrow(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        message: `rules[0].protocol: ${rule}`,
        details: { field: "rules[0].protocol", rule, value: "erc20" },
      }),
    );
  });

  it("is one bit of the policy's mask, from 1 to 255", () => {
    const maskOf = (protocols: Record<string, number>) => compilePolicy(document, { ...options, protocols }).policy.protocolMask;
    expect([maskOf({ erc20: 1 }), maskOf({ erc20: 255 }), maskOf({ other: 3, erc20: 2 })]).toEqual([2n, 1n << 255n, 4n]);
  });
});

describe("a document that was never parsed", () => {
  const broken = { ...document, rules: document.rules.map((rule) => ({ ...rule, fn: "no function" })) };
  it("is neither compiled nor made a floor of", () => {
    const refusal = expect.objectContaining({ code: "VALIDATION_FAILED", message: expect.stringContaining("rules[0].fn") });
    expect(() => compilePolicy(broken, options)).toThrow(refusal);
    expect(() => deriveFloor(broken, policy, MODULE)).toThrow(refusal);
  });
});

describe("a call outside the floor", () => {
  const floor = deriveFloor(document, policy, MODULE);
  const call = (to: Hex, data: Hex, value = 0n) => floorOperation(floor, { kind: "call", call: { to, value, data } });
  const refused = (rule: string, value: string) =>
    expect.objectContaining({
      code: "FLOOR_EXCEEDED",
      message: `action.calls[0]: ${rule}`,
      details: { field: "action.calls[0]", rule, value },
    });
  const words = (to: string, amount: string) => `0xa9059cbb${to.slice(2).padStart(64, "0")}${amount.padStart(64, "0")}` as const;

  it("is named with what was seen", () => {
    expect(() => call(ALICE, "0x12345678")).toThrow(refused("target and function are not in the floor", `${ALICE} 0x12345678`));
    expect(() => call(USDC, words(KEY, "5"))).toThrow(refused("the recipient is not in the floor", words(KEY, "5").slice(0, 74)));
    expect(() => call(USDC, `${words(ALICE, "5")}00`)).toThrow(refused("the calldata must be 68 bytes", "69"));
    expect(() => call(USDC, words(ALICE, "5"), 1n)).toThrow(refused("the value must be at most 0 wei", "1"));
  });

  it("is refused when its amount is cut off, where arguments of any length let the length pass", () => {
    const rules = floor.rules.map((rule) => ({ ...rule, exactLength: null, recipient: null }));
    const action = { kind: "call", call: { to: USDC, value: 0n, data: words(ALICE, "5").slice(0, -2) as Hex } } as const;
    expect(() => floorOperation({ ...floor, rules }, action)).toThrow(refused("the calldata is too short for its amount", "0xa9059cbb"));
  });

  it("numbers the calls of a batch", () => {
    const good = { to: USDC, value: 0n, data: words(ALICE, "5") } as const;
    const calls = [good, { ...good, value: 2n }];
    expect(() => floorOperation(floor, { kind: "batch", calls })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: "action.calls[1]" }) }),
    );
    expect(floorOperation(floor, { kind: "batch", calls: [good, good] })).toMatchObject({ operations: 2 });
  });
});
