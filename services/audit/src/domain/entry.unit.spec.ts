import { describe, expect, it } from "vitest";
import { mayRead, type Reader, readsEverything } from "./entry.js";

const SAFE = "31337:0xaa00000000000000000000000000000000000000";
const WALLET = "0xBB00000000000000000000000000000000000000";
const owner: Reader = { kind: "owner", sub: WALLET, accounts: [SAFE] };

describe("a reader of the audit stream", () => {
  it("sees the events of its own accounts", () => {
    expect(mayRead(owner, { partitionKey: SAFE, logIndex: 5n })).toBe(true);
  });

  it("sees the events of its own wallet", () => {
    expect(mayRead(owner, { partitionKey: `31337:${WALLET.toLowerCase()}`, logIndex: 5n })).toBe(true);
  });

  it.each(["31337:0xcc00000000000000000000000000000000000000", "1:0xaa00000000000000000000000000000000000000", "cluster", ""])(
    "does not see those of others: %s",
    (partitionKey) => {
      expect(mayRead(owner, { partitionKey, logIndex: 5n })).toBe(false);
    },
  );

  it("sees everything as an operator", () => {
    expect(mayRead({ kind: "operator", sub: "ops", accounts: [] }, { partitionKey: "cluster", logIndex: 5n })).toBe(true);
  });
});

describe("an auditor", () => {
  const auditor = { kind: "auditor", sub: "examiner" } as const;
  const at = (logIndex: bigint, partitionKey = SAFE) => ({ logIndex, partitionKey });

  it("with the scope * sees every account and the events of none", () => {
    expect(mayRead({ ...auditor, accounts: "*" }, at(0n, "cluster"))).toBe(true);
    expect(readsEverything({ ...auditor, accounts: "*" })).toBe(true);
  });

  it("with a range sees from its first entry up to the one before its end", () => {
    const ranged = { ...auditor, accounts: "*" as const, from: 5n, to: 8n };
    expect([4n, 5n, 7n, 8n].map((index) => mayRead(ranged, at(index)))).toEqual([false, true, true, false]);
    expect(readsEverything(ranged)).toBe(false);
  });

  it("with accounts sees those and not the others, not even an account that is called as it is", () => {
    const scoped = { ...auditor, accounts: [SAFE] };
    expect(mayRead(scoped, at(0n))).toBe(true);
    expect(mayRead(scoped, at(0n, "31337:examiner"))).toBe(false);
    expect(readsEverything(scoped)).toBe(false);
  });
});
