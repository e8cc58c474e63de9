import { concatHex, type Hex, type PrivateKeyAccount } from "viem";
import { describe, expect, it } from "vitest";
import { keyRecord, OWNERS, STRANGER } from "../session-key.builder.js";
import { checkOwners } from "./check-owners.js";

const HASH: Hex = `0x${"5a".repeat(32)}`;
const { owners } = keyRecord();

async function signed(...signers: readonly PrivateKeyAccount[]): Promise<Hex> {
  const sorted = signers.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  return concatHex(await Promise.all(sorted.map((signer) => signer.sign({ hash: HASH }))));
}

describe("the owners behind a policy", () => {
  it("are enough when as many signed as were needed at GENERATE", async () => {
    await expect(checkOwners(HASH, await signed(...OWNERS.slice(0, 2)), owners, 2)).resolves.toEqual(owners.slice(0, 2));
    await expect(checkOwners(HASH, await signed(...OWNERS), owners, 2)).resolves.toEqual(owners);
  });

  it("are not enough when one is missing, and the refusal counts them", async () => {
    await expect(checkOwners(HASH, await signed(...OWNERS.slice(0, 1)), owners, 2)).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
      message: "1 of 2 necessary owners signed",
      details: { signers: 1, threshold: 2 },
    });
  });

  it("are refused together with a stranger among them, even when enough owners signed", async () => {
    const signer = STRANGER.address.toLowerCase();
    await expect(checkOwners(HASH, await signed(...OWNERS.slice(0, 2), STRANGER), owners, 2)).rejects.toMatchObject({
      code: "OWNER_SIGNATURE_INVALID",
      message: `${signer} is no owner of the account that this key was made for`,
      details: { signer },
    });
  });

  it("count once each", async () => {
    const [one] = OWNERS;
    if (one === undefined) throw new Error("no owner");
    const once = await one.sign({ hash: HASH });
    await expect(checkOwners(HASH, concatHex([once, once]), owners, 2)).rejects.toMatchObject({ code: "OWNER_SIGNATURE_INVALID" });
  });
});
