import "reflect-metadata";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, SESSION } from "../../../test/support/gateway-fakes.js";
import { type GatewayWorld, gatewayWorld } from "../../../test/support/gateway-world.js";

const call = { to: ACCOUNT, value: "0", data: "0x" };
const key = { "idempotency-key": "bad-input" };

describe("bad input", () => {
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await gatewayWorld();
  });
  afterAll(() => world.stop());

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "body"],
    ["an empty body", "", "body"],
    ["a number", "7", "body"],
    ["an array", "[]", "body"],
    ["null", "null", "body"],
    ["a field __proto__", '{"__proto__":{"a":1}}', "body"],
    ["deep nesting", "[".repeat(200) + "]".repeat(200), "body"],
    ["an unknown field", { sessionId: SESSION, action: { call }, admin: true }, "body.admin"],
    ["an unknown field inside", { sessionId: SESSION, action: { call: { ...call, gas: 1 } } }, "body.action.call.gas"],
    ["no session", { action: { call } }, "body.sessionId"],
    ["an upper-case id", { sessionId: SESSION.toUpperCase().replaceAll("0", "A"), action: { call } }, "body.sessionId"],
    ["a short address", { sessionId: SESSION, action: { call: { ...call, to: "0x12" } } }, "body.action.call.to"],
    ["a negative value", { sessionId: SESSION, action: { call: { ...call, value: "-1" } } }, "body.action.call.value"],
    ["a number for an amount", { sessionId: SESSION, action: { call: { ...call, value: 1 } } }, "body.action.call.value"],
    ["odd hex", { sessionId: SESSION, action: { call: { ...call, data: "0x1" } } }, "body.action.call.data"],
    ["two forms at once", { sessionId: SESSION, action: { call, adapter: {} } }, "body.action"],
    ["no form", { sessionId: SESSION, action: {} }, "body.action"],
    ["five calls", { sessionId: SESSION, action: { batch: { calls: [call, call, call, call, call] } } }, "body.action.batch.calls"],
  ])("refuses %s and names the field", async (_name, body, field) => {
    const response = await world.post("/v1/executions", body, key);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; details: { field: string; rule: string } };
    expect(problem.code).toBe("VALIDATION_FAILED");
    expect(problem.details.field.startsWith(field)).toBe(true);
    expect(problem.details.rule).not.toBe("");
  });

  it("refuses ill-formed UTF-8 instead of mending it", async () => {
    const headers = { authorization: "Bearer owner", "content-type": "application/json", ...key };
    const response = await fetch(`${world.url}/v1/executions`, {
      method: "POST",
      headers,
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(response.status).toBe(400);
  });

  it.each<[string, string, RequestInit, number]>([
    ["an unknown route", "/v1/nothing", {}, 404],
    ["a wrong method", "/v1/executions", { method: "PUT" }, 405],
    ["a method of a pattern on a static path", "/v1/session_keys/grant", {}, 405],
    ["a method nobody knows", "/v1/status", { method: "QUERY" }, 405],
    ["HEAD", "/v1/status", { method: "HEAD" }, 405],
    [
      "another media type",
      "/v1/policies/lint",
      { method: "POST", body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
    ],
    [
      "a body that is too large",
      "/v1/policies/lint",
      { method: "POST", body: `"${"x".repeat(300_000)}"`, headers: { "content-type": "application/json" } },
      413,
    ],
    ["a path part that is too long", `/v1/session_keys/${"a".repeat(300)}`, {}, 414],
    ["broken percent-encoding", "/v1/session_keys/%E0%A4%A", {}, 400],
    ["an id that is none", "/v1/session_keys/1%20OR%201=1", {}, 400],
    ["an unknown query field", "/v1/executions?admin=1", {}, 400],
    ["a limit that is too high", "/v1/executions?limit=201", {}, 400],
    ["a query field given twice", "/v1/executions?limit=1&limit=2", {}, 400],
    ["a cursor that is none", "/v1/executions?cursor=%00", {}, 400],
    ["an Accept nobody can meet", "/v1/audit/events", { headers: { accept: "image/png" } }, 406],
    ["a Last-Event-ID that is none", "/v1/audit/events", { headers: { accept: "text/event-stream", "last-event-id": "-1" } }, 400],
  ])("answers %s in problem+json", async (_name, path, init, status) => {
    const response = await fetch(`${world.url}${path}`, { ...init, headers: { authorization: "Bearer owner", ...init.headers } });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    if (status === 405) expect(response.headers.get("allow")).toMatch(/^(GET|POST)/);
  });

  it.each([
    ["something that is no HTTP", "BREW / HTCPCP/1.0\r\n\r\n", "HTTP/1.1 400"],
    ["headers that are too large", `GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, "HTTP/1.1 431"],
  ])("answers %s in problem+json and closes", async (_name, bytes, status) => {
    const answer = await raw(world.url, bytes);
    expect(answer.startsWith(status)).toBe(true);
    expect(answer).toContain("application/problem+json");
  });

  it.each(["", "Bearer", "Basic b3duZXI6", "Bearer not-known", "Bearer expired", `Bearer ${"a".repeat(5_000)}`])(
    "refuses the credential %j with 401",
    async (authorization) => {
      const response = await world.get("/v1/executions", authorization === "" ? {} : { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    },
  );
});

function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let seen = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (chunk) => (seen += chunk.toString()));
    socket.on("close", () => resolve(seen));
    socket.on("error", reject);
  });
}
