import { randomBytes, randomInt } from "node:crypto";
import {
  type Address,
  concatHex,
  encodeAbiParameters,
  getAddress,
  type Hex,
  hashTypedData,
  keccak256,
  parseAbiParameters,
  stringToBytes,
} from "viem";
import { describe, expect, it } from "vitest";
import type { ParsedAction, ParsedIntent } from "./intent.js";
import { digestOf, intentDigest } from "./intent-digest.js";
import { INTENT_TYPES, moduleDomain } from "./typed-data.js";

/** Intents to compare; a campaign takes more (INTENT_CASES). */
const CASES = Number(process.env.INTENT_CASES ?? 600);

const MODULE = "0x00000000000000000000000000000000000000B1";
const TO = "0x00000000000000000000000000000000000000C1";
const ID: Hex = `0x${"11".repeat(32)}`;
const base = { chainId: "31337", module: MODULE, policyId: ID, nonce: "7", deadline: "1800000100" };
const call = { to: TO, value: "5", data: "0xA9059cbb" };

const hash = (text: string) => keccak256(stringToBytes(text));
const CALL = "Call(address to,uint256 value,bytes data)";
const domain = keccak256(
  encodeAbiParameters(parseAbiParameters("bytes32,bytes32,bytes32,uint256,address"), [
    hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
    hash("Interlock SessionModule"),
    hash("1"),
    31_337n,
    MODULE,
  ]),
);
const digest = (struct: Hex) => keccak256(concatHex(["0x1901", domain, struct]));
const data = keccak256("0xa9059cbb");

describe("the digest of an intent, written out by EIP-712", () => {
  it("is that of Exec for a call", () => {
    const type = hash("Exec(bytes32 id,address to,uint256 value,bytes data,uint256 nonce,uint48 deadline)");
    const types = parseAbiParameters("bytes32,bytes32,address,uint256,bytes32,uint256,uint256");
    const struct = keccak256(encodeAbiParameters(types, [type, ID, TO, 5n, data, 7n, 1_800_000_100n]));
    expect(intentDigest({ ...base, action: { call } })).toBe(digest(struct));
  });
  it("is that of ExecBatch for a batch", () => {
    const one = keccak256(encodeAbiParameters(parseAbiParameters("bytes32,address,uint256,bytes32"), [hash(CALL), TO, 5n, data]));
    const type = hash(`ExecBatch(bytes32 id,Call[] calls,uint256 nonce,uint48 deadline)${CALL}`);
    const calls = keccak256(concatHex([one, one]));
    const types = parseAbiParameters("bytes32,bytes32,bytes32,uint256,uint256");
    const struct = keccak256(encodeAbiParameters(types, [type, ID, calls, 7n, 1_800_000_100n]));
    expect(intentDigest({ ...base, action: { batch: { calls: [call, call] } } })).toBe(digest(struct));
  });
  it("is that of ExecAdapter for an adapter operation", () => {
    const type = hash("ExecAdapter(bytes32 id,address adapter,bytes args,uint256 nonce,uint48 deadline)");
    const types = parseAbiParameters("bytes32,bytes32,address,bytes32,uint256,uint256");
    const struct = keccak256(encodeAbiParameters(types, [type, ID, TO, data, 7n, 1_800_000_100n]));
    expect(intentDigest({ ...base, action: { adapter: { adapter: TO, args: "0xa9059cbb" } } })).toBe(digest(struct));
  });
});

describe("the digest of an intent, against viem's hashTypedData", () => {
  const random = (bytes: number): Hex => `0x${randomBytes(bytes).toString("hex")}`;
  const address = (): Address => getAddress(random(20));
  const uint = (bytes: number) => BigInt(random(bytes)) >> BigInt(randomInt(8 * bytes));
  const anyCall = () => ({ to: address(), value: uint(32), data: random(randomInt(200)) });
  const anyAction = (i: number): ParsedAction => {
    if (i % 3 === 0) return { kind: "call", call: anyCall() };
    if (i % 3 === 1) return { kind: "batch", calls: Array.from({ length: 1 + randomInt(4) }, anyCall) };
    return { kind: "adapter", adapter: address(), args: random(randomInt(200)) };
  };

  it(`agrees for ${CASES} random intents of all three forms`, () => {
    const different: ParsedIntent[] = [];
    for (let i = 0; i < CASES; i += 1) {
      const intent: ParsedIntent = {
        chainId: uint(8),
        module: address(),
        policyId: random(32),
        action: anyAction(i),
        nonce: uint(32),
        deadline: uint(6),
      };
      // One expectation each would take longer than both digests.
      if (digestOf(intent) !== viemDigest(intent)) different.push(intent);
    }
    expect(different).toEqual([]);
  }, 3_600_000);
});

function viemDigest({ chainId, module, policyId: id, action, nonce, deadline }: ParsedIntent): Hex {
  const domain = moduleDomain(chainId, module);
  const common = { id, nonce, deadline: Number(deadline) };
  switch (action.kind) {
    case "call":
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "Exec", message: { ...common, ...action.call } });
    case "batch":
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "ExecBatch", message: { ...common, calls: action.calls } });
    case "adapter": {
      const { adapter, args } = action;
      return hashTypedData({ domain, types: INTENT_TYPES, primaryType: "ExecAdapter", message: { ...common, adapter, args } });
    }
  }
}

describe("a malformed intent", () => {
  it.each([
    [{ ...base, action: undefined }, "intent.action: must have exactly one of call, batch and adapter"],
    [{ ...base, action: { call, adapter: { adapter: TO, args: "0x" } } }, "must have exactly one"],
    [{ ...base, action: { batch: { calls: [] } } }, "intent.action.batch.calls: must have 1 to 4 calls"],
    [{ ...base, action: { batch: { calls: [call, call, call, call, call] } } }, "must have 1 to 4 calls"],
    [{ ...base, action: { call: { ...call, to: "0x1" } } }, "intent.action.call.to: must be an address"],
    [{ ...base, action: { call: { ...call, value: "-1" } } }, "intent.action.call.value: must be an unsigned decimal integer"],
    [{ ...base, action: { call: { ...call, data: "0xabc" } } }, "intent.action.call.data: must be 0x-prefixed hex bytes"],
    [{ ...base, action: { call: { ...call, data: `0x${"00".repeat(16_385)}` } } }, "must be at most 16384 bytes"],
    [{ ...base, deadline: String(2n ** 48n), action: { call } }, "intent.deadline: must fit in uint48"],
    [{ ...base, nonce: String(2n ** 256n), action: { call } }, "intent.nonce: must fit in uint256"],
    [{ ...base, policyId: "0x11", action: { call } }, "intent.policy_id: must be 32 bytes"],
    [{ ...base, chainId: "", action: { call } }, "intent.chain_id: must be an unsigned decimal integer"],
  ])("is refused naming the field: %#", (intent, message) => {
    expect(() => intentDigest(intent)).toThrow(message);
  });
});
