import { describe, expect, it } from "vitest";
import type { Guard } from "../routing/route.js";
import { openApi, ROUTES } from "./route-table.js";

/** Every route and its guard, written down once more: a new route fails here until somebody has said who may call it. */
const GUARDS: Readonly<Record<string, Guard>> = {
  "GET /v1/auth/nonce": "public",
  "POST /v1/auth/verify": "public",
  "POST /v1/auth/refresh": "public",
  "POST /v1/auth/logout": "owner-or-agent",
  "GET /v1/auth/session": "owner-or-agent",
  "POST /v1/auth/accounts": "owner",
  "POST /v1/auth/agents": "owner",
  "DELETE /v1/auth/agents/{id}": "owner",
  "DELETE /v1/auth/personal-data": "owner",
  "POST /v1/auth/marks": "owner",
  "POST /v1/auth/agent/token": "public",
  "POST /v1/session_keys/grant": "owner",
  "POST /v1/session_keys/{id}/signatures": "owner",
  "POST /v1/session_keys/grant/confirm": "owner",
  "POST /v1/session_keys/{id}/sponsor-arm": "owner",
  "POST /v1/session_keys/revoke": "owner-or-agent",
  "POST /v1/session_keys/revoke/confirm": "owner",
  "GET /v1/session_keys/list/{owner}": "owner-or-agent",
  "POST /v1/session_keys/validate": "owner-or-agent",
  "GET /v1/session_keys/{id}": "owner-or-agent",
  "GET /v1/session_keys/{id}/usage": "owner-or-agent",
  "POST /v1/executions": "owner-or-agent",
  "GET /v1/executions": "owner-or-agent",
  "GET /v1/executions/{id}": "owner-or-agent",
  "POST /v1/executions/{id}/cancel": "owner-or-agent",
  "GET /v1/executions/{id}/events": "owner-or-agent",
  "GET /v1/policies/schema": "public",
  "POST /v1/policies/lint": "owner-or-agent",
  "GET /v1/audit/events": "owner-or-agent",
  "GET /v1/audit/proof": "owner-or-agent",
  "GET /v1/status": "public",
  "GET /openapi.json": "public",
};

describe("the table of routes", () => {
  it("has exactly the routes and guards that were decided", () => {
    expect(Object.fromEntries(ROUTES.map((route) => [`${route.method} ${route.path}`, route.guard]))).toEqual(GUARDS);
  });

  it("lets only what adds no authority rest on an older reading of the chain", () => {
    const widening = ROUTES.filter((route) => !route.addsNoAuthority).map(({ operationId }) => operationId);
    expect(widening.sort()).toEqual(
      ["linkAccount", "registerAgent", "draftGrant", "addGrantSignature", "confirmGrant", "sponsorArm", "execute"].sort(),
    );
  });

  it("names every operation once and describes each in the OpenAPI document", () => {
    const names = ROUTES.map((route) => route.operationId);
    expect(new Set(names).size).toBe(names.length);
    const text = JSON.stringify(openApi());
    for (const name of names) expect(text).toContain(`"operationId":"${name}"`);
  });
});
