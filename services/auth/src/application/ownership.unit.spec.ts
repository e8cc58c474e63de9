import type { Address } from "viem";
import { describe, expect, it } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { accountId } from "#platform/kernel/ids.js";
import type { LoginRecord } from "../domain/login-record.js";
import { Ownership } from "./ownership.js";

type Parts = ConstructorParameters<typeof Ownership>;

const WALLET: Address = `0x${"1".repeat(40)}`;
const ACCOUNT = accountId(1, `0x${"2".repeat(40)}`);
const START = Date.parse("2026-01-01T00:00:00.000Z");
const MINUTE = 60_000;

/** A wallet with one linked account, a chain that answers or does not, and a clock that can be moved. */
function scene(options: { readonly ageMs: number; readonly owners?: readonly Address[] | "away" }) {
  const log: string[] = [];
  const login: LoginRecord = {
    id: "login",
    mode: "token",
    chainId: 1,
    subject: WALLET,
    method: "siwe-eoa",
    createdAt: new Date(START),
    expiresAt: new Date(START + 999 * MINUTE),
  };
  const chain: Pick<Parts[0], "safeOwners"> = {
    async safeOwners() {
      log.push("asked");
      const { owners = [WALLET] } = options;
      if (owners === "away") throw new InterlockError("DEPENDENCY_UNAVAILABLE", "away");
      return { owners, threshold: 1 };
    },
  };
  const accounts: Pick<Parts[1], "linksOf" | "touch" | "unlink"> = {
    linksOf: async () => [{ account: ACCOUNT, verifiedAt: new Date(START) }],
    touch: async () => void log.push("renewed"),
    unlink: async () => void log.push("unlinked"),
  };
  const recorder = {
    transaction: (work: (tx: object) => Promise<unknown>) => work({}),
    record: async (...args: unknown[]) => void log.push(JSON.stringify(args[2])),
  };
  const clock = { now: () => new Date(START + options.ageMs) };
  const parts: unknown[] = [chain, accounts, {}, {}, recorder, clock];
  const ownership = Reflect.construct(Ownership, parts) as Ownership;
  return { log, accountsOf: (addsNoAuthority: boolean) => ownership.accountsOf(login, addsNoAuthority) };
}

describe("a linked account", () => {
  it("is not asked for again within 15 minutes", async () => {
    const { log, accountsOf } = scene({ ageMs: 15 * MINUTE, owners: [] });
    expect([await accountsOf(false), log]).toEqual([[ACCOUNT], []]);
  });

  it("is asked for after that, and kept when the wallet still owns it", async () => {
    const { log, accountsOf } = scene({ ageMs: 15 * MINUTE + 1 });
    expect([await accountsOf(false), log]).toEqual([[ACCOUNT], ["asked", "renewed"]]);
  });

  it("is gone with an event when the wallet owns it no more, even for reads", async () => {
    const { log, accountsOf } = scene({ ageMs: 16 * MINUTE, owners: [] });
    expect(await accountsOf(true)).toEqual([]);
    expect(log.slice(0, 2)).toEqual(["asked", "unlinked"]);
    expect(log[2]).toContain("account.unlinked.v1");
  });

  it("serves what adds no authority while the chain is away, up to a day, and nothing else", async () => {
    const day = scene({ ageMs: 24 * 60 * MINUTE, owners: "away" });
    expect(await day.accountsOf(true)).toEqual([ACCOUNT]);
    await expect(day.accountsOf(false)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    const older = scene({ ageMs: 24 * 60 * MINUTE + 1, owners: "away" });
    await expect(older.accountsOf(true)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });
});
