import { parseTransaction, recoverTransactionAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { bodyOf, RelayerKey } from "./relayer-key.js";

const SECRET = `0x${"12".repeat(32)}` as const;
const fees = { maxFeePerGas: 20n, maxPriorityFeePerGas: 3n };
const body = { to: "0x00000000000000000000000000000000000000a1", data: "0xdeadbeef", gas: 90_000n } as const;

describe("the relayer's key", () => {
  it("signs byte for byte what viem signs with the same key", async () => {
    const [key, account] = [new RelayerKey(SECRET, 31_337), privateKeyToAccount(SECRET)];
    expect(key.address).toBe(account.address);
    for (const nonce of [0n, 1n, 127n, 128n, 70_000n]) {
      const { raw } = await key.sign(body, nonce, fees, "intent");
      expect(raw).toBe(await account.signTransaction({ ...body, ...fees, type: "eip1559", chainId: 31_337, nonce: Number(nonce) }));
    }
  });

  it("uses a nonce up with a transfer of nothing to itself", async () => {
    const key = new RelayerKey(SECRET, 1);
    const { raw, kind } = await key.signVoid(7n, fees);
    const sent = parseTransaction(`0x02${raw.slice(4)}`);
    expect(kind).toBe("void");
    expect(sent).toMatchObject({ chainId: 1, nonce: 7, gas: 21_000n, to: key.address.toLowerCase(), ...fees });
    expect(await recoverTransactionAddress({ serializedTransaction: `0x02${raw.slice(4)}` })).toBe(key.address);
    expect(bodyOf(raw)).toMatchObject({ data: "0x", gas: 21_000n });
  });
});
