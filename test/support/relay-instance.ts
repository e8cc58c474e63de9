import { randomUUID } from "node:crypto";
import type pg from "pg";
import { createPool } from "../../services/platform/src/database/pool.js";
import { EventStore } from "../../services/platform/src/event-store/event-store.js";
import { CapabilityRegistry } from "../../services/platform/src/health/capability-registry.js";
import { systemClock } from "../../services/platform/src/kernel/clock.js";
import { uuidV7Factory } from "../../services/platform/src/kernel/ids.js";
import { systemRandom } from "../../services/platform/src/kernel/random.js";
import { createLogger } from "../../services/platform/src/logging/logger.js";
import type { Actor } from "../../services/platform/src/service-auth/actor.js";
import { buildRelay, type Relay, type RelayOptions } from "../../services/relay/src/build-relay.js";
import type { FakeSession } from "./relay-fakes.js";
import type { RelayWorld } from "./relay-world.js";

/** What of a world a relay needs; plain JSON, so that a child process can be given it. */
export type RelaySetting = Pick<RelayOptions, "chainId" | "module" | "relayerKey"> & { readonly rpcUrls: readonly string[] };

/** A relay with real chain and database around the ports given. */
export function relayInstance(
  databaseUrl: string,
  setting: RelaySetting,
  ports: Pick<RelayOptions, "permissions" | "vault">,
  options: Partial<RelayOptions> = {},
): { readonly relay: Relay; readonly pool: pg.Pool; close(): Promise<void> } {
  const pool = createPool({ url: databaseUrl, applicationName: "relay", max: 20 });
  const ids = uuidV7Factory(systemClock);
  const relay = buildRelay({
    store: new EventStore(pool, { schema: "relay", clock: systemClock, ids }),
    capabilities: new CapabilityRegistry("relay", {}, systemClock),
    logger: createLogger({ service: "relay", level: process.env.LOG_LEVEL ?? "silent" }),
    clock: systemClock,
    ids,
    random: systemRandom,
    confirmations: 1,
    rpcTimeoutMs: 3_000,
    feeCeilingWei: 500_000_000_000n,
    reserveWei: 0n,
    workers: 48,
    headPollMs: 100,
    stuckBlocks: 5,
    onFinished: () => {},
    ...setting,
    ...ports,
    ...options,
  });
  const close = async () => {
    await relay.stop();
    await pool.end();
  };
  return { relay, pool, close };
}

/** The world's session as permissions would describe it. */
export function fakeSession(world: RelayWorld): FakeSession {
  const { safe, chainId, module, policyId, policy } = world;
  return { sessionId: randomUUID(), account: safe, chainId, module, policyId, policy };
}

/** The owner of the world's Safe. */
export function ownerOf(world: RelayWorld): Actor {
  return { sub: "owner", kind: "owner", accounts: [`${world.chainId}:${world.safe.toLowerCase()}`] };
}

/** Resolves once `condition` holds. @throws Error naming `what` after `timeoutMs` */
export async function eventually(what: string, condition: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; ; ) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
