import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SESSION } from "../../../../../test/support/gateway-fakes.js";
import { type GatewayWorld, gatewayWorld } from "../../../../../test/support/gateway-world.js";
import { ROUTES } from "../routes/route-table.js";

const guarded = ROUTES.filter((route) => route.guard !== "public");
const concrete = (path: string) => path.replace("{owner}", `0x${"ee".repeat(20)}`).replace("{id}", SESSION);

describe("every guarded route", () => {
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await gatewayWorld();
  });
  afterAll(() => world.stop());

  it.each(guarded)("$method $path refuses a caller without, with unknown and with expired credentials", async ({ method, path }) => {
    for (const authorization of [undefined, "Bearer nobody", "Bearer expired"]) {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${world.url}${concrete(path)}`, { method, headers });
      expect(response.status).toBe(401);
    }
  });

  it.each(guarded.filter((route) => route.guard === "owner"))("$method $path refuses an agent", async ({ method, path }) => {
    const response = await fetch(`${world.url}${concrete(path)}`, { method, headers: { authorization: "Bearer agent" } });
    expect(response.status).toBe(403);
  });
});

describe("rate limits", () => {
  it("answers 429 with Retry-After before anything is evaluated, per credential", async () => {
    const world = await gatewayWorld({ RATE_LIMIT_CREDENTIAL: "1:3" });
    try {
      const ask = (who: string) => world.get("/v1/session_keys/not-an-id", { authorization: `Bearer ${who}` });
      const statuses = [];
      for (let i = 0; i < 5; i += 1) statuses.push((await ask("owner-a")).status);
      expect(statuses).toEqual([400, 400, 400, 429, 429]);
      expect((await ask("owner-a")).headers.get("retry-after")).toBe("1");
      expect((await ask("owner-b")).status).toBe(400);
    } finally {
      await world.stop();
    }
  });
});
