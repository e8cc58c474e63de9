import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processLives } from "../../../test/support/process-lives.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultProcesses, type VaultReplica, vaultProcesses } from "./support/vault-processes.js";

const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

/** Where the shell is held when it is killed: by a lock on what its next statement needs, or by a core that does not answer. */
const STEPS = [
  ["before the tickets are used up", "LOCK TABLE vault.ticket IN EXCLUSIVE MODE", "count"],
  ["before the ledger row is written", "LOCK TABLE vault.signature IN SHARE MODE", "count"],
  ["before the event is appended", "LOCK TABLE vault.event IN SHARE MODE", "count"],
  ["before the count is stored", "LOCK TABLE vault.session_key IN SHARE MODE", "count"],
  ["between the two commits, while the core signs", undefined, "signed"],
  ["after the core has signed, before the signature is stored", "LOCK TABLE vault.signature IN SHARE MODE", "store"],
] as const;

describe.runIf(process.platform === "linux")("a vault that is killed in the middle of a signature", () => {
  let vault: VaultProcesses;
  let replica: VaultReplica;
  beforeAll(async () => {
    vault = await vaultProcesses(1);
    const [only] = vault.replicas;
    if (only === undefined) throw new Error("there is one");
    replica = only;
  }, 300_000);
  afterAll(() => vault.close());

  const numbers = async (keyRef: string) => {
    const { rows } = await vault.db.query<{ ledger: number; signatures: number; events: number }>(
      `SELECT (SELECT count(*)::int FROM vault.signature WHERE key_ref = $1) AS ledger,
        (SELECT count(signature)::int FROM vault.signature WHERE key_ref = $1) AS signatures,
        (SELECT count(*)::int FROM vault.event WHERE type = 'key.signed.v1' AND data->>'keyRef' = $1::text) AS events`,
      [keyRef],
    );
    return rows[0];
  };
  /** Somebody waits for a lock in the vault's schema, or the core was asked to sign and does not answer. */
  const held = (client: pg.PoolClient) =>
    until(async () => {
      const { rows } = await client.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
      return rows.length > 0 ? true : undefined;
    });
  const idleInTransaction = (client: pg.PoolClient) =>
    until(async () => {
      const { rows } = await client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%unnest($1::uuid[], $2::numeric[])%'
         AND now() - state_change > interval '100 milliseconds'`,
      );
      return rows.length > 0 ? true : undefined;
    });

  it.each(STEPS)(
    "%s leaves no signature without its ledger row and event, and signs the same request afterwards",
    async (_when, lock, step) => {
      const session = await SessionBed.armed(vault.via(replica), NO_COUNT);
      await session.sign(await session.signRequest());
      const { keyRef } = session.key;
      const request = await session.signRequest();
      const holder = await vault.db.connect();
      const core = replica.corePid();
      try {
        await holder.query("BEGIN");
        if (step !== "count") await holder.query("LOCK TABLE vault.ticket IN EXCLUSIVE MODE");
        else if (lock !== undefined) await holder.query(lock);
        const answer = session.sign(request).then(
          () => "signed",
          () => "refused",
        );
        await held(holder);
        if (step !== "count") {
          // Held in the first commit: the core is stopped now, so that the second one waits for it.
          process.kill(core, "SIGSTOP");
          await holder.query("COMMIT");
          await idleInTransaction(holder);
          await holder.query("BEGIN");
          if (lock !== undefined) {
            await holder.query(lock);
            process.kill(core, "SIGCONT");
            await held(holder);
          }
        }
        await replica.kill();
        // While it is stopped it cannot notice that its shell is gone, and end.
        if (step === "signed") process.kill(core, "SIGCONT");
        expect(await answer).toBe("refused");
        await until(async () => (processLives(core) ? undefined : true));
      } finally {
        await holder.query("ROLLBACK");
        holder.release();
      }
      const counted = step === "count" ? 1 : 2;
      await expect.poll(() => numbers(keyRef)).toEqual({ ledger: counted, signatures: 1, events: counted });
      await replica.start();
      // With fresh tickets: on a busy machine a start may take longer than a ticket lives.
      await session.sign(await session.signRequest({}, request.intent));
      expect(await numbers(keyRef)).toEqual({ ledger: 2, signatures: 2, events: 2 });
    },
    180_000,
  );

  it("the same with a core that is killed while it signs: the request is refused, and signed when it comes again", async () => {
    const session = await SessionBed.armed(vault.via(replica), NO_COUNT);
    const { keyRef } = session.key;
    const request = await session.signRequest();
    const holder = await vault.db.connect();
    try {
      await holder.query("BEGIN");
      await holder.query("LOCK TABLE vault.ticket IN EXCLUSIVE MODE");
      const answer = session.sign(request);
      await held(holder);
      const core = replica.corePid();
      process.kill(core, "SIGSTOP");
      await holder.query("COMMIT");
      await idleInTransaction(holder);
      process.kill(core, "SIGKILL");
      await expect(answer).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    } finally {
      holder.release();
    }
    expect(await numbers(keyRef)).toEqual({ ledger: 1, signatures: 0, events: 1 });
    await until(() => session.sign(request).catch(() => undefined));
    expect(await numbers(keyRef)).toEqual({ ledger: 1, signatures: 1, events: 1 });
  }, 300_000);
});
