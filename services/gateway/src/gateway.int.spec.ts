import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, AGENT_SESSION, EVENTS, SESSION } from "../../../test/support/gateway-fakes.js";
import { type GatewayWorld, gatewayWorld } from "../../../test/support/gateway-world.js";

const failing = (last: string) => `01900000-0000-7000-8000-0000000000${last}`;
const body = (sessionId = SESSION) => ({ sessionId, action: { call: { to: ACCOUNT, value: "0", data: "0x" } } });

describe("the gateway over real gRPC", () => {
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await gatewayWorld();
  });
  afterAll(() => world.stop());

  it("shows a session without the reference of its key, as the principal who asked", async () => {
    const response = await world.get(`/v1/session_keys/${SESSION}`);
    expect(response.status).toBe(200);
    const session: unknown = await response.json();
    expect(session).toMatchObject({ sessionId: SESSION, chainId: 31337, summary: `0x${"cd".repeat(20)}` });
    expect(JSON.stringify(session)).not.toContain("vault-key-7");
  });

  it.each([
    ["a1", 404, "NOT_FOUND"],
    ["a2", 503, "DEPENDENCY_UNAVAILABLE"],
    ["a3", 504, "DEADLINE_EXCEEDED"],
    ["a4", 409, "IDEMPOTENCY_KEY_IN_FLIGHT"],
    ["a5", 422, "IDEMPOTENCY_KEY_REUSED"],
    ["a6", 500, "INTERNAL"],
    ["a7", 403, "BUDGET_EXCEEDED"],
  ])("answers a backend's error %s with %i %s as problem+json", async (last, status, code) => {
    const response = await world.post("/v1/executions", body(failing(last)), { "idempotency-key": `k-${last}` });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.has("retry-after")).toBe([503, 504].includes(status) || last === "a4");
    expect(await response.json()).toMatchObject({ status, code, instance: "/v1/executions" });
  });

  it("says what is away when a service cannot be reached", async () => {
    const response = await world.post("/v1/policies/lint", { document: {} });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(JSON.stringify(await response.json())).toContain("policy");
  });

  it("demands an Idempotency-Key, replays the stored answer and refuses the key with another body", async () => {
    expect((await world.post("/v1/executions", body())).status).toBe(400);
    const first = await world.post("/v1/executions", body(), { "idempotency-key": "k1" });
    expect(first.status).toBe(202);
    expect(first.headers.get("location")).toBe(`/v1/executions/${SESSION}`);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const reordered = { action: { call: { data: "0x", value: "0", to: ACCOUNT } }, sessionId: SESSION };
    const again = await world.post("/v1/executions", reordered, { "idempotency-key": "k1" });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
    const other = { sessionId: SESSION, action: { call: { to: ACCOUNT, value: "1", data: "0x" } } };
    expect((await world.post("/v1/executions", other, { "idempotency-key": "k1" })).status).toBe(422);
  });

  it("hides another account and another session of an agent behind 404", async () => {
    const foreign = { account: `0x${"ee".repeat(20)}`, chainId: 31337, document: {} };
    expect((await world.post("/v1/session_keys/grant", foreign)).status).toBe(404);
    const asAgent = { authorization: "Bearer agent" };
    expect((await world.get(`/v1/session_keys/${SESSION}`, asAgent)).status).toBe(404);
    expect((await world.get(`/v1/session_keys/${AGENT_SESSION}`, asAgent)).status).toBe(200);
    expect((await world.post("/v1/session_keys/grant", foreign, asAgent)).status).toBe(403);
  });

  it("takes a web session's cookie, and on unsafe methods only with its CSRF token", async () => {
    const cookie = { cookie: "__Host-interlock=owner-web", authorization: "" };
    const without = await fetch(`${world.url}/v1/auth/logout`, { method: "POST", headers: { cookie: cookie.cookie } });
    expect(without.status).toBe(403);
    const sent = await fetch(`${world.url}/v1/auth/logout`, { method: "POST", headers: { cookie: cookie.cookie, "x-csrf-token": "csrf" } });
    expect(sent.status).toBe(204);
    expect(sent.headers.get("set-cookie")).toMatch(/^__Host-interlock=;.*Path=\/.*HttpOnly.*Secure.*SameSite=Strict/);
  });

  it("gives the log as NDJSON with the bytes unchanged and what is withheld marked", async () => {
    const response = await world.get("/v1/audit/events?from=0&limit=5");
    const lines = (await response.text()).split("\n");
    expect(response.headers.get("interlock-next")).toBe("5");
    expect([lines[0], lines[1], lines[2], lines[4]]).toEqual([EVENTS[0], EVENTS[1], EVENTS[2], EVENTS[4]]);
    expect(JSON.parse(lines[3] ?? "")).toEqual({ logindex: "3", withheld: true, leafhash: "h3" });
  });

  it("resumes the log as server-sent events after Last-Event-ID", async () => {
    const stream = { authorization: "Bearer owner", accept: "text/event-stream", "last-event-id": "1" };
    const text = await (await world.get("/v1/audit/events", stream)).text();
    expect(text.match(/^id: .*$/gm)).toEqual(["id: 2", "id: 3", "id: 4"]);
    expect(text).toContain(`data: ${EVENTS[2]}\n`);
    expect(text).toContain("event: checkpoint\ndata: log\ndata: 5\ndata: root\ndata: \ndata: \u2014 log signature\n\n");
  });

  it("gives the proof that an entry is in the log, with the signed checkpoint it leads to", async () => {
    const proof = await (await world.get("/v1/audit/proof?index=2")).json();
    expect(proof).toEqual({
      index: "2",
      size: "5",
      hashes: ["AQI="],
      checkpoint: "log\n5\nroot\n\n\u2014 log signature\n",
      keys: ["log+key"],
    });
    for (const query of ["", "?index=-1", "?index=two"]) expect((await world.get(`/v1/audit/proof${query}`)).status).toBe(400);
  });

  it("streams what is left of an execution's transitions and ends with it", async () => {
    const stream = { authorization: "Bearer owner", accept: "text/event-stream", "last-event-id": "1" };
    const response = await world.get(`/v1/executions/${SESSION}/events`, stream);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect((await response.text()).match(/"state":"\w+"/g)).toEqual(['"state":"AUTHORIZED"', '"state":"CONFIRMED"']);
  });
});
