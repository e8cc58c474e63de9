import { type Hex, type TransactionSerializableEIP1559 } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import type { InterlockError } from "#platform/errors/interlock-error.js";
import { encodeEmergencyCall } from "./emergency-call.js";
import { readEmergencyTransaction } from "./emergency-transaction.js";

const SAFE = "0x00000000000000000000000000000000000000aa";
const MODULE = "0x00000000000000000000000000000000000000bb";
const destination = { chainId: 31337, module: MODULE, maxValue: 10n } as const;
const owner = privateKeyToAccount(generatePrivateKey());

function signed(change: Partial<TransactionSerializableEIP1559> = {}): Promise<Hex> {
  const base = { type: "eip1559", chainId: 31337, nonce: 0, gas: 100_000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n } as const;
  return owner.signTransaction({ ...base, to: MODULE, value: 0n, data: encodeEmergencyCall("close_all", SAFE), ...change });
}

describe("a submitted transaction", () => {
  it("is read with its sender, account and action", async () => {
    const read = await readEmergencyTransaction(await signed(), destination);
    expect(read).toMatchObject({ sender: owner.address, action: "close_all", value: 0n });
  });

  it("may carry the execution fee of a close up to the bound", async () => {
    await expect(readEmergencyTransaction(await signed({ value: 10n }), destination)).resolves.toMatchObject({ value: 10n });
  });

  it.each([
    ["for another chain", { chainId: 1 }, "VALIDATION_FAILED"],
    ["to another contract", { to: SAFE }, "VALIDATION_FAILED"],
    ["to nobody", { to: null }, "VALIDATION_FAILED"],
    ["with too much value", { value: 11n }, "VALIDATION_FAILED"],
    ["with value on a disarm", { value: 1n, data: encodeEmergencyCall("disarm_all", SAFE) }, "VALIDATION_FAILED"],
    ["with another function", { data: "0xa9059cbb" }, "FUNCTION_NOT_ALLOWED"],
    ["with no calldata", { data: "0x" }, "FUNCTION_NOT_ALLOWED"],
  ] as const)("is refused %s", async (_, change, code) => {
    await expect(readEmergencyTransaction(await signed(change), destination)).rejects.toMatchObject({ code });
  });

  it.each(["0x", "0x02", "0xdeadbeef"] as const)("is refused when it is no signed transaction: %s", async (raw) => {
    await expect(readEmergencyTransaction(raw, destination)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });

  it.each([
    ["chain", { chainId: 1 }, "transaction.chainId", "must be 31337", "1"],
    ["contract", { to: SAFE }, "transaction.to", `must be the session module ${MODULE}`, SAFE],
    ["contract at all", { to: null }, "transaction.to", `must be the session module ${MODULE}`, "contract creation"],
    ["value", { value: 11n }, "transaction.value", "must be at most 10 wei", "11"],
    ["value of a disarm", { value: 1n, data: encodeEmergencyCall("disarm_all", SAFE) }, "transaction.value", "must be 0 for a disarm", "1"],
  ] as const)("says which %s it wanted and which it saw", async (_, change, field, rule, value) => {
    const refused = readEmergencyTransaction(await signed(change), destination).catch((error: InterlockError) => error);
    const error = await refused;
    expect(error).toMatchObject({ message: expect.stringContaining(`${field}: ${rule}, saw `), details: { field, rule } });
    expect(String("details" in error ? error.details.value : undefined).toLowerCase()).toBe(value);
  });

  it("hands on the very bytes that go out, with the calldata inside", async () => {
    const raw = await signed({ value: 3n });
    const data = encodeEmergencyCall("close_all", SAFE);
    expect(await readEmergencyTransaction(raw, destination)).toMatchObject({ raw, data, value: 3n, authority: "sender" });
  });

  it("may disarm when it carries no value", async () => {
    const data = encodeEmergencyCall("disarm_all", SAFE);
    await expect(readEmergencyTransaction(await signed({ data }), destination)).resolves.toMatchObject({ action: "disarm_all" });
  });

  it("is refused when it also installs code in accounts by EIP-7702", async () => {
    const authorization = await owner.signAuthorization({ address: MODULE, chainId: 31337, nonce: 0 });
    const raw = await owner.signTransaction({
      type: "eip7702",
      chainId: 31337,
      nonce: 0,
      gas: 100_000n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      to: MODULE,
      data: encodeEmergencyCall("close_all", SAFE),
      authorizationList: [authorization],
    });
    await expect(readEmergencyTransaction(raw, destination)).rejects.toMatchObject({
      message: "transaction.authorizationList: must be absent, saw an EIP-7702 authorization",
    });
  });

  it("names the field, the rule and the cause when it cannot be read", async () => {
    await expect(readEmergencyTransaction("0x02", destination)).rejects.toMatchObject({
      message: "rawTransaction: is not a signed transaction",
      details: { field: "rawTransaction", rule: "a signed transaction (EIP-2718 or legacy), hex" },
      cause: expect.any(Error),
    });
  });
});
