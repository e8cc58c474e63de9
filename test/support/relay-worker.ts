import pg from "pg";
import type { OnchainPolicy } from "../../services/platform/gen/interlock/common/v1/common.js";
import { policyFromMessage } from "../../services/platform/src/session-policy/policy-message.js";
import { FakePermissions, type FakeSession, FakeVault } from "./relay-fakes.js";
import { type RelaySetting, relayInstance } from "./relay-instance.js";

/** What a worker process is told by its RELAY_WORKER variable. */
export interface WorkerOrder {
  readonly databaseUrl: string;
  readonly setting: RelaySetting;
  readonly session: Omit<FakeSession, "policy"> & { readonly policy: OnchainPolicy };
  readonly sessionKey: `0x${string}`;
}

/** A relay in a process of its own, made to be killed. What it tells permissions is kept in the table `told`. */
async function main(order: WorkerOrder): Promise<void> {
  const told = new pg.Pool({ connectionString: order.databaseUrl, max: 4 });
  told.on("error", () => {});
  const session = { ...order.session, policy: policyFromMessage(order.session.policy) };
  const permissions = new FakePermissions(session, async ({ executionId, outcome }) => {
    await told.query("INSERT INTO told (execution_id, outcome) VALUES ($1, $2) ON CONFLICT DO NOTHING", [executionId, outcome]);
  });
  const { relay } = relayInstance(order.databaseUrl, order.setting, { permissions, vault: new FakeVault(order.sessionKey) });
  relay.start();
}

await main(JSON.parse(process.env.RELAY_WORKER ?? "{}"));
