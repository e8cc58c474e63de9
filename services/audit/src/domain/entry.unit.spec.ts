import { describe, expect, it } from "vitest";
import { mayRead, type Reader } from "./entry.js";

const SAFE = "31337:0xaa00000000000000000000000000000000000000";
const WALLET = "0xBB00000000000000000000000000000000000000";
const owner: Reader = { kind: "owner", sub: WALLET, accounts: [SAFE] };

describe("a reader of the audit stream", () => {
  it("sees the events of its own accounts", () => {
    expect(mayRead(owner, { partitionKey: SAFE })).toBe(true);
  });

  it("sees the events of its own wallet", () => {
    expect(mayRead(owner, { partitionKey: `31337:${WALLET.toLowerCase()}` })).toBe(true);
  });

  it.each(["31337:0xcc00000000000000000000000000000000000000", "1:0xaa00000000000000000000000000000000000000", "cluster", ""])(
    "does not see those of others: %s",
    (partitionKey) => {
      expect(mayRead(owner, { partitionKey })).toBe(false);
    },
  );

  it("sees everything as an operator", () => {
    expect(mayRead({ kind: "operator", sub: "ops", accounts: [] }, { partitionKey: "cluster" })).toBe(true);
  });
});
