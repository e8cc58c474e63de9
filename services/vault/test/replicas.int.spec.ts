import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { SessionBed } from "./support/session-bed.js";
import { until } from "./support/until.js";
import { type VaultProcesses, vaultProcesses } from "./support/vault-processes.js";

/** Rounds of DISARM among 400 Signs, and of the other races; a campaign takes 200 (VAULT_RACE_ROUNDS). */
const ROUNDS = Number(process.env.VAULT_RACE_ROUNDS ?? 1);
const NO_COUNT = { rate: { max: 0, windowSeconds: 86_400 } };

describe("two replicas of the vault on one database", () => {
  let vault: VaultProcesses;
  beforeAll(async () => {
    vault = await vaultProcesses(2);
  }, 300_000);
  afterAll(() => vault?.close());

  /** Waits while the vault refuses everything, as it does when its database does not answer for a moment. */
  const armed = () =>
    until(() =>
      SessionBed.armed(vault.via(vault.replicas[0]), NO_COUNT).catch((error: unknown) => {
        if (findInterlockError(error)?.code === "CONDITION") return undefined;
        throw error;
      }),
    );
  /** Every second request goes to the other replica. */
  const signAll = (requests: readonly Awaited<ReturnType<SessionBed["signRequest"]>>[]) =>
    requests.map(async (request, i) => {
      const replica = vault.replicas[i % 2];
      if (replica === undefined) throw new Error("there are two");
      return replica.relay.sign(request, { freshToken: true });
    });
  const count = async (sql: string, keyRef: string) => Number((await vault.db.query<{ n: string }>(sql, [keyRef])).rows[0]?.n);
  const SIGNED = "SELECT count(*) AS n FROM vault.event WHERE type = 'key.signed.v1' AND data->>'keyRef' = $1";
  const LEDGER = "SELECT count(*) AS n FROM vault.signature WHERE key_ref = $1";

  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
    "make one signature out of 200 parallel calls with one jti, round %i",
    async () => {
      const session = await armed();
      const request = await session.signRequest();
      const answers = await Promise.all(signAll(Array.from({ length: 200 }, () => request)));
      expect(new Set(answers.map(({ signature }) => signature)).size).toBe(1);
      expect([await count(LEDGER, session.key.keyRef), await count(SIGNED, session.key.keyRef)]).toEqual([1, 1]);
    },
  );

  it("use a jti for one digest though 40 payloads of two keys come with it", async () => {
    const sessions = [await armed(), await armed()];
    const jtis = { decision: randomUUID(), authorization: randomUUID() };
    const requests = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const session = sessions[Math.floor(i / 20)];
        if (session === undefined) throw new Error("there are two");
        return session.signRequest({ jtis, amount: BigInt(i + 1) });
      }),
    );
    const settled = await Promise.allSettled(signAll(requests));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of settled) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "TICKET_INVALID" });
  });

  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))("sign one of 40 payloads that race for one nonce, round %i", async () => {
    const session = await armed();
    const requests = await Promise.all(Array.from({ length: 40 }, (_, i) => session.signRequest({ nonce: 3n, amount: BigInt(i + 1) })));
    const settled = await Promise.allSettled(signAll(requests));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of settled) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "NONCE_EQUIVOCATION" });
    expect([await count(LEDGER, session.key.keyRef), await count(SIGNED, session.key.keyRef)]).toEqual([1, 1]);
  });

  it.each(Array.from({ length: ROUNDS }, (_, i) => i + 1))(
    "hand out nothing after a DISARM among 400 concurrent Signs has returned, round %i",
    async () => {
      // A round in which the vault refused all 400, because its database did not answer, shows nothing: it is begun anew.
      const { keyRef, requests, settling } = await until(async () => {
        const session = await armed();
        const begun = await Promise.all(Array.from({ length: 400 }, () => session.signRequest({ amount: 1n })));
        const signing = signAll(begun);
        const all = { keyRef: session.key.keyRef, requests: begun, settling: Promise.allSettled(signing) };
        return Promise.any(signing).then(
          () => all,
          () => undefined,
        );
      });
      const disarm = { keyRef, reason: "race", ownerSignature: "", deadline: "0", policyId: "" };
      const disarmed = await vault.replicas[1]?.permissions.disarm(disarm);
      expect(disarmed).toMatchObject({ status: "done", generation: "2" });
      const left = await count(`${LEDGER} AND signature IS NOT NULL`, keyRef);
      const late = await Promise.allSettled(signAll(requests.slice(0, 40)));
      await settling;
      expect(left).toBe(0);
      expect(late.filter(({ status }) => status === "fulfilled")).toEqual([]);
      expect(await count(`${LEDGER} AND signature IS NOT NULL`, keyRef)).toBe(0);
      const { rows } = await vault.db.query<{ type: string }>("SELECT type FROM vault.event WHERE stream = $1 ORDER BY version", [
        `key-${keyRef}`,
      ]);
      const types = rows.map(({ type }) => type);
      expect(types.slice(types.indexOf("key.disarmed.v1"))).not.toContain("key.signed.v1");
    },
    180_000,
  );
});
