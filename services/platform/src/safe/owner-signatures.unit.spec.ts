import { concatHex, type Hex, hashMessage, numberToHex, slice } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { packSignatures, recoverOwner, recoverOwners } from "./owner-signatures.js";

const HASH: Hex = `0x${"42".repeat(32)}`;
const owners = [1n, 2n, 3n].map((n) => privateKeyToAccount(numberToHex(n, { size: 32 })));
const signed = () => Promise.all(owners.map(async (owner) => ({ owner: owner.address, signature: await owner.sign({ hash: HASH }) })));
const ascending = owners.map(({ address }) => address).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("owners' signatures", () => {
  it("are packed in the order a Safe wants and give their owners back", async () => {
    expect(await recoverOwners(HASH, packSignatures(await signed()))).toEqual(ascending);
  });
  it("must be sorted, each owner once", async () => {
    const [first] = await signed();
    if (first === undefined) throw new Error("no signature");
    const packed = packSignatures(await signed());
    await expect(recoverOwners(HASH, concatHex([slice(packed, 65, 130), slice(packed, 0, 65)]))).rejects.toThrow("sorted by owner");
    await expect(recoverOwners(HASH, concatHex([first.signature, first.signature]))).rejects.toThrow("sorted by owner");
    expect(() => packSignatures([first, first])).toThrow("signed twice");
  });
  it("may be made by eth_sign, with v 31 or 32", async () => {
    const [owner] = owners;
    const plain = (await owner?.sign({ hash: hashMessage({ raw: HASH }) })) ?? "0x";
    const v = Number(slice(plain, 64)) + 4;
    expect(await recoverOwner(HASH, concatHex([slice(plain, 0, 64), numberToHex(v)]))).toBe(owner?.address);
  });
  it("must have a low s (EIP-2)", async () => {
    const signature = (await owners[0]?.sign({ hash: HASH })) ?? "0x";
    const high = numberToHex(ORDER - BigInt(slice(signature, 32, 64)), { size: 32 });
    const twin = concatHex([slice(signature, 0, 32), high, slice(signature, 64) === "0x1b" ? "0x1c" : "0x1b"]);
    await expect(recoverOwner(HASH, twin)).rejects.toThrow("high s");
  });
  it.each([0, 1, 26, 29, 30, 33])("are refused with v %s", async (v) => {
    const signature = (await owners[0]?.sign({ hash: HASH })) ?? "0x";
    await expect(recoverOwner(HASH, concatHex([slice(signature, 0, 64), numberToHex(v, { size: 1 })]))).rejects.toThrow(`v is ${v}`);
  });
  it.each(["0x", "0x12", `0x${"00".repeat(64)}`] as const)("must be 65 bytes: %#", async (packed) => {
    await expect(recoverOwners(HASH, packed)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
    await expect(recoverOwner(HASH, packed)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });
  it("must recover to an address", async () => {
    await expect(recoverOwner(HASH, `0x${"00".repeat(64)}1b`)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });
  it("must be bytes to be packed", () => {
    expect(() => packSignatures([{ owner: ascending[0] ?? "0x", signature: "0x12" }])).toThrow("is not 65 bytes");
  });
});
