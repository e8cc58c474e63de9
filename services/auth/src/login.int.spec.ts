import "reflect-metadata";
import pg from "pg";
import { hashMessage } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { safeMessageTypedData } from "#platform/safe/safe-message.js";
import { createDeployClient } from "../../../contracts/deploy/deploy-client.js";
import { deploySafe } from "../../../contracts/deploy/deploy-safe.js";
import { deploySafeContracts } from "../../../contracts/deploy/deploy-safe-contracts.js";
import { type LocalChain, startChain } from "../../../deploy/local/anvil.js";
import { type AuthWorld, authWorld, ORIGIN } from "../../../test/support/auth-world.js";

const FUNDED = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const owners = [1, 2, 3].map(() => privateKeyToAccount(generatePrivateKey()));
const [first, second, third] = owners as [(typeof owners)[0], (typeof owners)[0], (typeof owners)[0]];

describe("sign-in on a real chain and database", () => {
  let chain: LocalChain;
  let world: AuthWorld;
  let single: `0x${string}`;
  let shared: `0x${string}`;

  const nonces: string[] = [];
  const message = async (address: `0x${string}`, changes: object = {}) => {
    const { nonce } = await world.auth.createNonce({}, { act: null });
    nonces.push(nonce);
    const issuedAt = new Date();
    const expirationTime = new Date(issuedAt.getTime() + 300_000);
    return createSiweMessage({
      address,
      chainId: 31337,
      domain: new URL(ORIGIN).host,
      uri: ORIGIN,
      version: "1",
      nonce,
      issuedAt,
      expirationTime,
      ...changes,
    });
  };
  const verify = (text: string, signature: string, owner = "", mode = "token") =>
    world.auth.verifyLogin({ message: text, signature, owner, mode }, { act: null });
  const asOwner = (safe: `0x${string}`, text: string, owner: typeof first) =>
    owner.signTypedData(safeMessageTypedData({ safe, chainId: 31337n, message: hashMessage(text) }));
  const introspect = (credential: string, kind = "bearer", extra: object = {}) =>
    world.auth.introspect({ credential, kind, csrfToken: "", unsafeMethod: false, addsNoAuthority: true, ...extra }, { act: null });

  beforeAll(async () => {
    chain = await startChain();
    const client = createDeployClient({ rpcUrl: chain.url, chain: foundry, account: FUNDED });
    await deploySafeContracts(client);
    single = await deploySafe({ client, owners: [first.address], threshold: 1, saltNonce: 1n });
    shared = await deploySafe({ client, owners: owners.map(({ address }) => address), threshold: 2, saltNonce: 2n });
    world = await authWorld(chain.url);
  });
  afterAll(async () => {
    await world.stop();
    await chain.stop();
  });

  it("lets an EOA in once per nonce and links the Safe it owns, not another's", async () => {
    const text = await message(first.address);
    const signature = await first.signMessage({ message: text });
    const login = await verify(text, signature);
    expect(login).toMatchObject({ status: "complete", principal: { kind: "owner", subject: first.address.toLowerCase(), accounts: [] } });
    await expect(verify(text, signature)).rejects.toMatchObject({ code: "NONCE_USED" });
    const credential = login.tokens?.accessToken ?? "";
    const link = (account: string) => world.auth.linkAccount({ credential, kind: "bearer", account, chainId: "31337" }, { act: null });
    expect((await link(single)).accounts).toEqual([`31337:${single.toLowerCase()}`]);
    await expect(link(FUNDED.address)).rejects.toMatchObject({ code: "ACCOUNT_NOT_OWNED" });
    expect((await introspect(credential)).accounts).toEqual([`31337:${single.toLowerCase()}`]);
  });

  it("lets exactly one of many at once use a nonce", async () => {
    const text = await message(first.address);
    const signature = await first.signMessage({ message: text });
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => verify(text, signature)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("burns the nonce of a wrong signature", async () => {
    const text = await message(first.address);
    await expect(verify(text, await second.signMessage({ message: text }))).rejects.toMatchObject({ code: "SIWE_INVALID" });
    await expect(verify(text, await first.signMessage({ message: text }))).rejects.toMatchObject({ code: "NONCE_USED" });
  });

  it("lets a Safe in by ERC-1271", async () => {
    const text = await message(single);
    const login = await verify(text, await asOwner(single, text, first));
    expect(login.principal).toMatchObject({ authMethod: "siwe-erc1271", accounts: [`31337:${single.toLowerCase()}`] });
  });

  it("collects the owners of a 2-of-3 Safe one by one, and takes no stranger", async () => {
    const text = await message(shared);
    const stranger = privateKeyToAccount(generatePrivateKey());
    await expect(verify(text, await asOwner(shared, text, stranger), stranger.address)).rejects.toMatchObject({ code: "SIWE_INVALID" });
    const one = await verify(text, await asOwner(shared, text, second), second.address);
    expect(one).toMatchObject({ status: "collecting", collected: 1, needed: 2 });
    const same = await verify(text, await asOwner(shared, text, second), second.address);
    expect(same).toMatchObject({ status: "collecting", collected: 1 });
    await expect(verify(text, await asOwner(shared, text, second), third.address)).rejects.toMatchObject({ code: "SIWE_INVALID" });
    const two = await verify(text, await asOwner(shared, text, third), third.address);
    expect(two).toMatchObject({ status: "complete", principal: { authMethod: "siwe-safe", accounts: [`31337:${shared.toLowerCase()}`] } });
    await expect(verify(text, await asOwner(shared, text, third), third.address)).rejects.toMatchObject({ code: "NONCE_USED" });
  });

  it("rotates refresh tokens and ends the family when one comes twice", async () => {
    const text = await message(first.address);
    const { tokens } = await verify(text, await first.signMessage({ message: text }));
    const old = tokens?.refreshToken ?? "";
    const next = await world.auth.refresh({ refreshToken: old }, { act: null });
    await expect(world.auth.refresh({ refreshToken: old }, { act: null })).rejects.toMatchObject({ code: "REFRESH_REUSED" });
    await expect(world.auth.refresh({ refreshToken: next.refreshToken }, { act: null })).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
    await expect(introspect(next.accessToken)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  });

  it("ends a web session at once, and wants its CSRF token on unsafe methods", async () => {
    const text = await message(first.address);
    const { webSession, csrfToken } = await verify(text, await first.signMessage({ message: text }), "", "web");
    await expect(introspect(webSession, "web", { unsafeMethod: true })).rejects.toMatchObject({ code: "CSRF_INVALID" });
    expect(await introspect(webSession, "web", { unsafeMethod: true, csrfToken })).toMatchObject({ kind: "owner", csrfToken });
    await world.auth.logout({ credential: webSession }, { act: null });
    await expect(introspect(webSession, "web")).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  });

  it("keeps no signature, token or nonce in its events", async () => {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ type: string; text: string }>(
      "SELECT type, data::text || metadata::text AS text FROM auth.event",
    );
    await client.end();
    const types = new Set(rows.map(({ type }) => type));
    for (const type of ["login.completed.v1", "login.refused.v1", "account.linked.v1", "logout.v1"]) expect(types).toContain(type);
    const all = rows.map(({ text }) => text).join("\n");
    // Of nonces and tokens stand marks only, under a key the events do not hold.
    expect(all).toMatch(/"nonceMark": "[0-9a-f]{8}:[0-9a-f]{64}"/);
    expect(nonces.filter((nonce) => all.includes(nonce))).toEqual([]);
    expect(all).not.toMatch(/"nonce"|signature|0x[0-9a-f]{64}|eyJ/i);
  });

  it("says 503 to a contract login while the chain is away and keeps its nonce; an EOA still gets in", async () => {
    const text = await message(single);
    const signature = await asOwner(single, text, first);
    await chain.stop();
    await expect(verify(text, signature)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    await expect(verify(text, signature)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    const mine = await message(second.address);
    expect((await verify(mine, await second.signMessage({ message: mine }))).status).toBe("complete");
  });
});
