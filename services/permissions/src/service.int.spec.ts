import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { startService } from "#platform/runtime/start-service.js";
import { testTrust } from "../../../test/support/test-trust.js";
import { service } from "./service.js";
import { MODULE } from "./testing/session.builder.js";

it("starts and listens with Postgres, policy, vault and the chain all away, and says what it cannot do", async () => {
  const trust = await testTrust();
  const folder = mkdtempSync(join(tmpdir(), "permissions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const deployment = join(folder, "deployment.json");
  const addresses = { module: MODULE, registry: MODULE, metavaults: MODULE, adapters: { vault: MODULE } };
  writeFileSync(deployment, JSON.stringify({ chainId: 31_337, ...addresses, protocols: { erc20: 1 }, confirmations: 1 }));
  const running = await startService(service, {
    env: {
      ...trust.environment("permissions"),
      TICKET_KEY: JSON.stringify(trust.ticketKey("permissions")),
      DATABASE_URL: "postgres://nobody:none@127.0.0.1:1/none",
      EVENT_LOG_URL: "postgres://nobody:none@127.0.0.1:1/none",
      RPC_URLS: "http://127.0.0.1:1",
      DEPLOYMENT_FILE: deployment,
      POLICY_ADDRESS: "127.0.0.1:1",
      VAULT_ADDRESS: "127.0.0.1:1",
      LOG_LEVEL: "silent",
    },
  });
  expect(running.port).toBeGreaterThan(0);
  const answer = await fetch(`http://127.0.0.1:${running.healthPort}/status`);
  const status = z.object({ capabilities: z.array(z.object({ name: z.string(), available: z.boolean() })) }).parse(await answer.json());
  const available = Object.fromEntries(status.capabilities.map((capability) => [capability.name, capability.available]));
  expect(available).toMatchObject({ use: false, generate: false, arm: false, disarm: true });
  await running.stop();
});
