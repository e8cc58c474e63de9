import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { run } from "../../clients/audit-verify/src/run.js";
import { makeKeys } from "../../deploy/keys/make-keys.js";
import type { Stack } from "../../deploy/local/stack.js";
import { removeTemporaryFolder, temporaryFolder } from "../../deploy/local/temporary-folder.js";
import { parseSigner } from "../../services/platform/src/transparency-log/note-key.js";
import { type Agent, newAgent } from "../support/e2e/agent.js";
import { Client, type Reply } from "../support/e2e/client.js";
import { payees, payments } from "../support/e2e/documents.js";
import { transfer, use } from "../support/e2e/execution.js";
import { partsIn, valuesTogether } from "../support/e2e/fragments.js";
import { type Draft, grant } from "../support/e2e/grant.js";
import { allEvents, allLogs, allMetrics, allRows } from "../support/e2e/haystack.js";
import { candidateCount, privateKeysIn } from "../support/e2e/private-keys.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, newWallet, USDC } from "../support/e2e/safe.js";
import { keySecret, type Secret, secretsIn, textSecret, writings } from "../support/e2e/secret.js";
import { signIn, signInMessage } from "../support/e2e/sign-in.js";
import { stackSecrets } from "../support/e2e/stack-secrets.js";

const renewed = z.object({ accessToken: z.string(), refreshToken: z.string() });
const PLANTED = `planted-${randomUUID()}`;

describe("after a session's whole life with every log line on", () => {
  let stack: Stack;
  let session: Draft;
  let places: Readonly<Record<"logs" | "database" | "metrics" | "errors" | "audit", string>>;
  let stream: readonly string[];
  const secrets: Secret[] = [];
  const errors: Reply[] = [];

  /** Refusals of every kind, each made with something secret in hand. */
  async function provoke(owner: Client, agent: Agent, refreshToken: string): Promise<void> {
    const wallet = newWallet();
    const message = await signInMessage(owner, wallet.address);
    const signature = await newWallet().signMessage({ message });
    const action = transfer(stack.world.token, payees(stack.world)[1], USDC);
    errors.push(
      await owner.post("/v1/auth/verify", { message, signature, mode: "token" }),
      await owner.as(`${agent.client.token}x`).get("/v1/auth/session"),
      await owner.post("/v1/auth/agents", { sessionId: session.sessionId, publicJwk: agent.privateJwk, label: "with its private part" }),
      await owner.post("/v1/auth/agent/token", { assertion: `${agent.client.token}` }),
      await agent.client.execute(randomUUID(), action),
      await agent.client.post("/v1/executions", { sessionId: session.sessionId, action, extra: "unknown member" }),
      await owner.get("/v1/nothing"),
      // Last: a refresh token that comes twice ends the login.
      await owner.post("/v1/auth/refresh", { refreshToken }),
    );
  }

  beforeAll(async () => {
    stack = await readyStack({ logLevel: "trace" });
    const anybody = new Client(stack.gatewayUrl);
    const safe = await newSafe(stack);
    const first = await signIn(anybody, safe.owners[0], safe.address);
    const owner = anybody.as(first.accessToken);
    session = await grant(stack, owner, safe, payments(stack.world));
    const agent = await newAgent(owner, session.sessionId);
    const inside = transfer(stack.world.token, payees(stack.world)[0], USDC);
    const outside = transfer(stack.world.token, payees(stack.world)[1], USDC);
    expect((await use(agent.client, session.sessionId, inside)).state).toMatch(/MINED|CONFIRMED/);
    expect((await use(agent.client, session.sessionId, outside)).state).toBe("DENIED");
    const second = renewed.parse(await owner.must("POST", "/v1/auth/refresh", { body: { refreshToken: first.refreshToken } }));
    await owner.must("POST", "/v1/session_keys/revoke", { body: { sessionId: session.sessionId, reason: PLANTED } });
    const audit = await owner.get("/v1/audit/events?limit=200", { accept: "application/x-ndjson" });
    await provoke(owner, agent, first.refreshToken);

    secrets.push(
      ...stackSecrets(stack),
      ...[first, second].flatMap((tokens, index) => [
        textSecret(`access token ${index + 1}`, tokens.accessToken),
        textSecret(`refresh token ${index + 1}`, tokens.refreshToken),
      ]),
      textSecret("the agent's access token", agent.client.token ?? ""),
      keySecret("the agent's private key", agent.privateJwk.d ?? "", "base64url"),
    );
    stream = await allEvents(stack);
    places = {
      logs: allLogs(stack),
      database: await allRows(stack),
      metrics: await allMetrics(stack),
      errors: errors.map(({ text, headers }) => `${text}\n${JSON.stringify([...headers])}`).join("\n"),
      audit: audit.text,
    };
  });
  afterAll(() => stack?.stop());

  it("the places to search are the right ones: each holds what it should", () => {
    for (const { status, text } of errors) expect(status, text).toBeGreaterThanOrEqual(400);
    expect(secretsIn(places.database, [textSecret("planted", PLANTED)])).toEqual(["planted"]);
    expect(secretsIn(places.audit, [textSecret("session", session.sessionId)])).toEqual(["session"]);
    expect(places.errors).toContain("VALIDATION_FAILED");
    expect(places.metrics).toContain("grpc_client_duration_seconds");
    for (const service of ["auth", "gateway", "permissions", "relay", "vault"]) expect(places.logs).toContain(`"${service}"`);
    expect(new Set(secrets.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).size).toBe(secrets.length);
    for (const { name, bytes } of secrets) expect(bytes.length, name).toBeGreaterThanOrEqual(16);
  });

  it("a secret that stands there in any writing is found", () => {
    const planted = { name: "planted", bytes: randomBytes(32) };
    for (const writing of writings(planted)) expect(secretsIn(`${places.logs}"${writing}"`, [planted])).toEqual(["planted"]);
    const key = generatePrivateKey();
    const base64 = Buffer.from(key.slice(2), "hex").toString("base64");
    for (const text of [key, key.toUpperCase(), base64]) expect(privateKeysIn(`"${text}"`, [privateKeyToAddress(key)])).toEqual([key]);
  });

  it.each(["logs", "database", "metrics", "errors", "audit"] as const)("no secret stands in the %s", (place) => {
    expect(secretsIn(places[place], secrets)).toEqual([]);
  });

  it("no part of a secret stands in any event, nor would its parts together be one", () => {
    expect(stream.length).toBeGreaterThan(30);
    expect(stream.some((line) => line.includes(session.sessionId))).toBe(true);
    expect(partsIn(stream.join("\n"), secrets)).toEqual([]);
    expect(partsIn(stream.map(valuesTogether).join("\n"), secrets)).toEqual([]);
  });

  it("the log of it verifies from outside, every producer's signatures included, and not with other keys", async () => {
    const { keys, settings } = stack;
    const folder = temporaryFolder("canary-export");
    const says: string[] = [];
    const call = (...args: readonly string[]) =>
      run(args, { out: (text) => says.push(text), err: (text) => says.push(text), interactive: false });
    const verifier = parseSigner(readFileSync(keys.logKeyFile, "utf8").trim().split(/\s+/)[0] ?? "").verifier.text;
    const [out, strangers] = [join(folder, "export"), join(folder, "strangers.json")];
    try {
      const url = `http://127.0.0.1:${settings.ports.audit.http}`;
      expect(await call("fetch", url, "--out", out, "--token-file", keys.auditorTokenFile), says.join("")).toBe(0);
      // Exit 3: no state, witness or anchor yet; what is not said is that anything is wrong.
      expect(await call(out, "--key", verifier, "--producers", keys.trustFile), says.join("")).toBe(3);
      expect(says.join("")).not.toMatch(/BAD_SIGNATURE|MODIFIED|PRODUCER_GAP/);
      writeFileSync(strangers, makeKeys().trust);
      expect(await call(out, "--key", verifier, "--producers", strangers)).toBe(1);
      expect(says.join("")).toContain("BAD_SIGNATURE");
    } finally {
      removeTemporaryFolder(folder);
    }
  });

  it("a secret divided over the fields of an event is found", () => {
    const secret = { name: "planted", bytes: randomBytes(32) };
    const [hex, base64] = [secret.bytes.toString("hex"), secret.bytes.subarray(5).toString("base64url")];
    const inEvent = (...parts: readonly string[]) => JSON.stringify({ data: { a: parts[0], between: "x", list: parts.slice(1) } });
    for (const line of [inEvent(`0x${hex.slice(0, 32)}`, hex.slice(32)), inEvent(base64.slice(1, 18), base64.slice(18)), inEvent(hex)]) {
      expect(partsIn([...stream, line].join("\n"), [secret, ...secrets])).toEqual(["planted"]);
    }
    const crumbs = inEvent("", ...(hex.match(/.{8}/g) ?? []).map((part) => `0x${part}`));
    expect(partsIn(crumbs, [secret])).toEqual([]);
    expect(partsIn(valuesTogether(crumbs), [secret])).toEqual(["planted"]);
    const known = textSecret("token", "a token of the kind that is text");
    expect(partsIn(inEvent("the kind that is"), [known])).toEqual(["token"]);
  });

  it("nothing that stands anywhere is the private key of the session", () => {
    const everything = Object.values(places).join("\n");
    expect(candidateCount(everything)).toBeGreaterThan(20);
    expect(privateKeysIn(everything, [session.keyAddress])).toEqual([]);
  });
});
