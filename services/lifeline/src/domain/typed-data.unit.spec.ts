import { hashTypedData, keccak256, stringToBytes } from "viem";
import { describe, expect, it } from "vitest";
import { closeAllTypedData, disarmAllTypedData, disarmTypedData, type TypedDataPayload } from "./typed-data.js";

const ACCOUNT = "0x00000000000000000000000000000000000000aa";
const MODULE = "0x00000000000000000000000000000000000000bb";
const ID = `0x${"11".repeat(32)}` as const;
const scope = { chainId: 31337, module: MODULE, account: ACCOUNT, deadline: 1_800_000_120 } as const;

const typeString = ({ types, primaryType }: TypedDataPayload) =>
  `${primaryType}(${types[primaryType]?.map(({ type, name }) => `${type} ${name}`).join(",")})`;

describe("what an owner signs in an emergency", () => {
  it("is bound to the chain and to the session module", () => {
    expect(closeAllTypedData(scope, 3).domain).toEqual({
      name: "Interlock SessionModule",
      version: "1",
      chainId: 31337,
      verifyingContract: MODULE,
    });
  });

  it("names the account, the epoch and the deadline as decimal text, so that it survives JSON", () => {
    const message = { safe: ACCOUNT, epoch: "3", deadline: "1800000120" };
    expect(closeAllTypedData(scope, 3)).toMatchObject({ primaryType: "EmergencyCloseAll", message });
    expect(disarmAllTypedData(scope, 3)).toMatchObject({ primaryType: "DisarmAll", message });
  });

  it("names the one session to disarm by its id, and no epoch", () => {
    const { primaryType, message } = disarmTypedData(scope, ID);
    expect({ primaryType, message }).toEqual({ primaryType: "Disarm", message: { safe: ACCOUNT, id: ID, deadline: "1800000120" } });
  });

  it.each([
    ["EmergencyCloseAll(address safe,uint32 epoch,uint48 deadline)", closeAllTypedData(scope, 3)],
    ["DisarmAll(address safe,uint32 epoch,uint48 deadline)", disarmAllTypedData(scope, 3)],
    ["Disarm(address safe,bytes32 id,uint48 deadline)", disarmTypedData(scope, ID)],
  ])("has the type that the contract hashes: %s", (expected, payload) => {
    expect(typeString(payload)).toBe(expected);
    expect(keccak256(stringToBytes(typeString(payload)))).toBe(keccak256(stringToBytes(expected)));
  });

  it("gives a digest of its own to each of the three, so that no signature serves for another", () => {
    const digests = [closeAllTypedData(scope, 3), disarmAllTypedData(scope, 3), disarmTypedData(scope, ID)].map((payload) =>
      hashTypedData(payload as Parameters<typeof hashTypedData>[0]),
    );
    expect(new Set(digests).size).toBe(3);
  });
});
