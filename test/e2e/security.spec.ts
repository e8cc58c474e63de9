import "reflect-metadata";
import { readFileSync } from "node:fs";
import { generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Stack } from "../../deploy/local/stack.js";
import { ROUTES } from "../../services/gateway/src/transport/routes/route-table.js";
import { EmergencyController } from "../../services/lifeline/src/transport/emergency.controller.js";
import { PageController } from "../../services/lifeline/src/transport/page.controller.js";
import { StatusController } from "../../services/lifeline/src/transport/status.controller.js";
import { openCheckpoint } from "../../services/platform/src/transparency-log/checkpoint.js";
import { leafHash } from "../../services/platform/src/transparency-log/hash.js";
import { parseSigner } from "../../services/platform/src/transparency-log/note-key.js";
import { verifyInclusion } from "../../services/platform/src/transparency-log/verify.js";
import { type Agent, newAgent } from "../support/e2e/agent.js";
import { Client } from "../support/e2e/client.js";
import { controllerRoutes } from "../support/e2e/controller-routes.js";
import { payees, payments } from "../support/e2e/documents.js";
import { transfer, use } from "../support/e2e/execution.js";
import { type Foreign, type ForeignRequest, foreignRequests } from "../support/e2e/foreign-requests.js";
import { keyIn, unsigned } from "../support/e2e/forge-token.js";
import { grant } from "../support/e2e/grant.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { newSafe, type OwnedSafe, USDC } from "../support/e2e/safe.js";
import { signIn } from "../support/e2e/sign-in.js";

const guarded = ROUTES.filter(({ guard }) => guard !== "public");
/** Public on purpose: what one needs in order to get a credential, and what says nothing about anybody. */
const PUBLIC = ["agentToken", "createNonce", "openapi", "policySchema", "refresh", "status", "verifyLogin"];
/** Operations that name nothing of anybody's: they only ever speak of the caller. */
const CALLERS_OWN = [
  "logout",
  "currentSession",
  "lintPolicy",
  "auditEvents",
  "auditProof",
  "listExecutions",
  "erasePersonalData",
  "markOf",
];

const proofBody = z.object({ size: z.string(), hashes: z.array(z.string()), checkpoint: z.string() });

let stack: Stack;
let anybody: Client;
let mine: Client;
let theirs: Client;
let foreign: Foreign;
let theirAgent: Agent;
let theirSafe: OwnedSafe;

const tokenClaims = (over: JWTPayload = {}): JWTPayload => {
  const now = Math.floor(Date.now() / 1000);
  const who = { kind: "owner", origin: "018f0000-0000-7000-8000-000000000000", sub: `0x${"ab".repeat(20)}` };
  return { ...who, iss: "interlock-auth", aud: "interlock-api", iat: now, exp: now + 300, ...over };
};
const accessToken = async (claims: JWTPayload, key?: Parameters<SignJWT["sign"]>[0]) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt" })
    .sign(key ?? (await importJWK(keyIn(stack.keys.accessTokenKeyFile), "EdDSA")));
const requestFor = (operationId: string): ForeignRequest => foreignRequests(foreign)[operationId] ?? { path: "" };

async function signedIn(): Promise<{ readonly client: Client; readonly safe: OwnedSafe }> {
  const safe = await newSafe(stack);
  return { safe, client: anybody.as((await signIn(anybody, safe.owners[0], safe.address)).accessToken) };
}

beforeAll(async () => {
  stack = await readyStack();
  anybody = new Client(stack.gatewayUrl);
  const other = await signedIn();
  theirs = other.client;
  theirSafe = other.safe;
  mine = (await signedIn()).client;
  const document = payments(stack.world);
  const { sessionId } = await grant(stack, theirs, theirSafe, document);
  theirAgent = await newAgent(theirs, sessionId);
  const { executionId } = await use(theirAgent.client, sessionId, transfer(stack.world.token, payees(stack.world)[0], USDC));
  const { token } = stack.world;
  const { credentialId } = theirAgent;
  foreign = { account: theirSafe.address, owner: theirSafe.owners[0].address, sessionId, executionId, credentialId, token, document };
});
afterAll(() => stack?.stop());

describe("every HTTP route", () => {
  it("of the gateway has a guard, or is one of the few that are public on purpose", () => {
    expect(
      ROUTES.filter(({ guard }) => guard === "public")
        .map(({ operationId }) => operationId)
        .sort(),
    ).toEqual(PUBLIC);
    for (const { guard, operationId } of guarded) expect(["owner", "owner-or-agent"], operationId).toContain(guard);
  });

  it("of the gateway is in the table: what is not there is 404 or 405", async () => {
    for (const path of ["/", "/v1", "/metrics", "/v1/session_keys", "/v1/admin", "/docs"]) {
      expect([404, 405], path).toContain((await theirs.get(path)).status);
    }
  });

  it("of lifeline is open to anybody and takes nothing but a transaction the owner signed", () => {
    expect([EmergencyController, StatusController, PageController].flatMap((one) => [...controllerRoutes(one)]).sort()).toEqual([
      "GET /",
      "GET /emergency-kit.html",
      "GET /emergency/calldata/:account",
      "GET /emergency/transactions/:hash",
      "GET /livez",
      "GET /readyz",
      "GET /status",
      "POST /emergency/prepare",
      "POST /emergency/sponsor",
      "POST /emergency/submit",
    ]);
  });
});

describe("credentials", () => {
  it.each(guarded)(
    "$method $path refuses a caller without any, with forged and with expired ones",
    async ({ method, path, operationId }) => {
      const stranger = (await generateKeyPair("EdDSA", { crv: "Ed25519" })).privateKey;
      const tokens = {
        nonsense: "nonsense",
        expired: await accessToken(tokenClaims({ exp: Math.floor(Date.now() / 1000) - 1 })),
        "of another key": await accessToken(tokenClaims(), stranger),
        "alg none": unsigned("at+jwt", tokenClaims()),
        "of another audience": await accessToken(tokenClaims({ aud: "vault" })),
        "of a login that does not exist": await accessToken(tokenClaims()),
      };
      const request = requestFor(operationId);
      const send = (client: Client) => client.call(method, request.path || path, request);
      expect((await send(anybody)).status, "none").toBe(401);
      for (const [what, token] of Object.entries(tokens)) expect((await send(anybody.as(token))).status, what).toBe(401);
    },
  );

  it("are worth nothing the moment their owner logs out", async () => {
    const { client } = await signedIn();
    expect((await client.get("/v1/auth/session")).status).toBe(200);
    expect((await client.post("/v1/auth/logout", undefined)).status).toBe(204);
    expect((await client.get("/v1/auth/session")).status).toBe(401);
  });

  it("of an agent are worth nothing the moment its owner withdraws it", async () => {
    const { client } = await newAgent(theirs, foreign.sessionId).then(async (agent) => {
      expect((await agent.client.get(`/v1/session_keys/${foreign.sessionId}`)).status).toBe(200);
      expect((await theirs.call("DELETE", `/v1/auth/agents/${agent.credentialId}`)).status).toBe(204);
      return agent;
    });
    expect((await client.get(`/v1/session_keys/${foreign.sessionId}`)).status).toBe(401);
  });
});

describe("what is somebody else's", () => {
  it("is named by every guarded operation but those that only speak of the caller", () => {
    const named = [...Object.keys(foreignRequests(foreign)), ...CALLERS_OWN].sort();
    expect(guarded.map(({ operationId }) => operationId).sort()).toEqual(named);
  });

  it.each(guarded.filter(({ operationId }) => !CALLERS_OWN.includes(operationId)))(
    "is 404 at $method $path, and nothing happens",
    async ({ method, operationId }) => {
      const request = requestFor(operationId);
      const reply = await mine.call(method, request.path, request);
      expect(reply.status, reply.text).toBe(404);
      expect(reply.text).not.toContain(foreign.account.slice(2).toLowerCase());
      expect(await theirs.must("GET", `/v1/session_keys/${foreign.sessionId}`)).toMatchObject({ state: "armed" });
    },
  );

  it("is told apart from what does not exist by nothing", async () => {
    const nowhere = await mine.get(`/v1/session_keys/${crypto.randomUUID()}`);
    const foreignSession = await mine.get(`/v1/session_keys/${foreign.sessionId}`);
    const { code, title, detail, status, type } = nowhere.body;
    expect(foreignSession.body).toMatchObject({ code, title, detail, status, type });
  });

  it("is found by no filter", async () => {
    const found = await mine.get(`/v1/executions?sessionId=${foreign.sessionId}`);
    const nowhere = await mine.get(`/v1/executions?sessionId=${crypto.randomUUID()}`);
    expect([found.status, found.body.code, found.body.detail]).toEqual([404, "NOT_FOUND", nowhere.body.detail]);
    expect((await theirs.get(`/v1/executions?sessionId=${foreign.sessionId}`)).body.executions).not.toEqual([]);
  });

  it("is withheld from the audit stream", async () => {
    const { text } = await mine.get("/v1/audit/events?limit=200", { accept: "application/x-ndjson" });
    expect(text).not.toContain(foreign.sessionId);
    expect(text).toContain('"withheld":true');
    const own = await theirs.get("/v1/audit/events?limit=200", { accept: "application/x-ndjson" });
    expect(own.text).toContain(foreign.sessionId);
  });
});

describe("an owner", () => {
  it("proves that an event of theirs is in the signed log, with nothing but the gateway and the log's key", async () => {
    const [key = ""] = readFileSync(stack.keys.logKeyFile, "utf8").trim().split(/\s+/);
    const { verifier } = parseSigner(key);
    const read = async () =>
      (await theirs.get("/v1/audit/events?limit=200", { accept: "application/x-ndjson" })).text.trimEnd().split("\n");
    const lines = await read();
    const index = lines.findIndex((line) => line.includes(foreign.sessionId));
    const { body } = await theirs.get(`/v1/audit/proof?index=${index}`);
    const { hashes, checkpoint, size } = proofBody.parse(body);
    const { root } = openCheckpoint(Buffer.from(checkpoint), verifier.name, [verifier]);
    const path = hashes.map((hash) => Buffer.from(hash, "base64"));
    const prove = (line: string) => verifyInclusion(index, Number(size), leafHash(Buffer.from(line)), path, root);
    expect(() => prove(lines[index] ?? "")).not.toThrow();
    expect(() => prove((lines[index] ?? "").replace(foreign.sessionId, crypto.randomUUID()))).toThrow();
    expect((await theirs.get("/v1/audit/proof?index=999999")).status).toBe(404);
  });
});

describe("an agent", () => {
  it.each(ROUTES.filter(({ guard }) => guard === "owner"))(
    "is refused the owner's $method $path",
    async ({ method, path, operationId }) => {
      const request = requestFor(operationId);
      expect((await theirAgent.client.call(method, request.path || path, request)).status).toBe(403);
    },
  );

  it("has one session: another of the same account is 404", async () => {
    const { sessionId } = await grant(stack, theirs, theirSafe, payments(stack.world));
    expect((await theirs.get(`/v1/session_keys/${sessionId}`)).status).toBe(200);
    expect((await theirAgent.client.get(`/v1/session_keys/${sessionId}`)).status).toBe(404);
    const action = transfer(stack.world.token, payees(stack.world)[0], USDC);
    expect((await theirAgent.client.execute(sessionId, action)).status).toBe(404);
  });
});
