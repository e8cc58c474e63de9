import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeFunctionData, getAddress, type Hex, isHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createLogger } from "#platform/logging/logger.js";
import { type RunningService, startService } from "#platform/runtime/start-service.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { emergencyAbi } from "./domain/emergency-abi.js";
import { service } from "./service.js";

const SAFE = getAddress("0x00000000000000000000000000000000000000aa");
const OWNER = getAddress("0x00000000000000000000000000000000000000bb");
const MODULE = getAddress("0x00000000000000000000000000000000000000cc");
const calldata = z.object({
  calls: z.array(z.object({ action: z.string(), to: z.string(), data: z.custom<Hex>((value) => isHex(value)) })),
});
const ZERO = `0x${"00".repeat(20)}`;

describe("lifeline over HTTP", () => {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-"));
  const deploymentFile = join(folder, "deployment.json");
  let running: RunningService;
  let url: string;
  let dead: string;

  const start = async (rpcUrls: string) => {
    const port = await freePort();
    const env = { HTTP_LISTEN: `127.0.0.1:${port}`, HEALTH_PORT: "0", RPC_URLS: rpcUrls, DEPLOYMENT_FILE: deploymentFile };
    running = await startService(service, { env, logger: createLogger({ service: "lifeline", level: "silent" }) });
    url = `http://127.0.0.1:${port}`;
  };
  const send = (method: string, path: string, body?: string) =>
    fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }) });
  const post = (path: string, body: unknown) => send("POST", path, JSON.stringify(body));

  beforeAll(async () => {
    dead = `http://127.0.0.1:${await freePort()}`;
    const addresses = { module: MODULE, registry: ZERO, metavaults: ZERO, adapters: { vault: ZERO } };
    writeFileSync(deploymentFile, JSON.stringify({ chainId: 31_337, ...addresses, protocols: {}, confirmations: 1 }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => running.stop());

  describe("with every RPC dead", () => {
    beforeEach(() => start(dead));

    it("gives the calldata that closes everything", async () => {
      const response = await send("GET", `/emergency/calldata/${SAFE}`);
      expect(response.status).toBe(200);
      const { calls } = calldata.parse(await response.json());
      expect(calls.map(({ action, to }) => `${action} ${to}`)).toEqual([`close_all ${MODULE}`, `disarm_all ${MODULE}`]);
      for (const { data } of calls) expect(decodeFunctionData({ abi: emergencyAbi, data }).args).toEqual([SAFE]);
    });

    it("is alive, says what it can still do, and answers 503 where it needs the chain", async () => {
      expect((await send("GET", "/livez")).status).toBe(200);
      const status = await (await send("GET", "/status")).json();
      expect(status).toMatchObject({
        conditions: ["RpcDegraded"],
        capabilities: { emergencyCalldata: true, emergencyPrepare: false, emergencySubmit: false },
      });
      const prepared = await post("/emergency/prepare", { account: SAFE, owner: OWNER });
      expect(prepared.status).toBe(503);
      expect(await prepared.json()).toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    });

    it.each([
      ["POST", "/emergency/prepare", "{"],
      ["POST", "/emergency/prepare", "[]"],
      ["POST", "/emergency/prepare", JSON.stringify({ account: "0x12", owner: OWNER })],
      ["POST", "/emergency/prepare", JSON.stringify({ account: SAFE, owner: OWNER, more: 1 })],
      ["POST", "/emergency/submit", JSON.stringify({ rawTransaction: "0xzz" })],
      ["POST", "/emergency/submit", JSON.stringify({ rawTransaction: "0x02c0" })],
      ["GET", "/emergency/calldata/0x12", undefined],
    ])("refuses as a problem, never with 5xx: %s %s %s", async (method, path, body) => {
      const response = await send(method, path, body);
      expect(response.status).toBe(400);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
      expect(await response.json()).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    });

    it.each([
      ["GET", "/nowhere"],
      ["DELETE", "/emergency/calldata"],
      ["PUT", "/emergency/prepare/more"],
    ])("knows no %s %s", async (method, path) => {
      const response = await send(method, path);
      expect(response.status).toBe(404);
      expect(response.headers.get("allow")).toBeNull();
      expect(response.headers.get("content-type")).toContain("application/problem+json");
    });

    it.each([
      ["DELETE", "/emergency/submit", "POST"],
      ["GET", "/emergency/prepare", "POST"],
      ["PUT", "/emergency/prepare?from=here", "POST"],
      ["POST", `/emergency/calldata/${SAFE}`, "GET, HEAD"],
      ["PATCH", "/status", "GET, HEAD"],
      ["POST", "/", "GET, HEAD"],
    ])("answers %s %s with 405 and what is allowed: %s", async (method, path, allowed) => {
      const response = await send(method, path);
      expect([response.status, response.headers.get("allow")]).toEqual([405, allowed]);
      expect(await response.json()).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
    });

    it("answers 429 with a time to wait to the eleventh request in a burst, and keeps answering probes", async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => send("GET", `/emergency/calldata/${SAFE}`)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
      expect(refused.length).toBeGreaterThanOrEqual(1);
      expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect((await send("GET", "/livez")).status).toBe(200);
    });
  });
});
