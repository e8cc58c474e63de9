import { type Hex, type TransactionSerializableEIP1559 } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
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
});
