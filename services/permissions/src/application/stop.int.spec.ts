import assert from "node:assert";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import type { Actor } from "#platform/service-auth/actor.js";
import { KEY, OTHER_OWNER, OWNER, SAFE } from "../testing/session.builder.js";
import { ACCOUNT, anAuthorize, as, createWorld, owner, type Replica } from "../testing/world.js";
import { recordStops } from "./record-stops.js";
import { type SpoolGap, type StopSpool, Stops, type UnrecordedStop } from "./stops.js";

let world: Awaited<ReturnType<typeof createWorld>>;
let replica: Replica;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  replica = world.replica();
  world.vault.away = false;
  world.chain.away = false;
  world.chain.facts = {
    owners: [OWNER as `0x${string}`, OTHER_OWNER as `0x${string}`],
    threshold: 1,
    nonce: 3n,
    moduleEnabled: true,
    epoch: 0,
  };
  world.chain.stands = { armed: true, revoked: false, epoch: 0, moduleEnabled: true, blockNumber: 9n };
});

const stranger: Actor = { sub: "stranger", kind: "owner", accounts: [`31337:${KEY}`] };
const revoke = (sessionId: string, actor: Actor = owner) =>
  as("gateway", actor, () => replica.useCases.revoke.execute({ sessionId, reason: "" }));
const report = (sessionId: string) => {
  const where = { transactionHash: "", blockNumber: "", logIndex: "", detail: "" };
  return as("monitor", undefined, () =>
    replica.useCases.reportRevocation.execute({ sessionId, account: SAFE, chainId: "31337", kind: "poll", ...where }),
  );
};
const stateOf = async (sessionId: string) => (await as("monitor", undefined, () => replica.useCases.queries.get(sessionId))).state;

describe("stopping a session", () => {
  it("is done at once, shreds the key, and hands out the on-chain call", async () => {
    const sessionId = await world.armed();
    const answer = await revoke(sessionId);
    expect(answer).toMatchObject({ fence: "done", session: { state: "disarmed", generation: "2" }, safeTransaction: { nonce: "3" } });
    const denied = await as("relay", undefined, () => replica.useCases.authorize.execute(anAuthorize(sessionId, 1)));
    expect(denied).toMatchObject({ allowed: false, authorization: "", decision: "", record: { reasons: [{ code: "DISARMED" }] } });
  });

  it("holds with vault and chain away, is called pending, and is finished by the worker", async () => {
    const sessionId = await world.armed();
    world.vault.away = true;
    world.chain.away = true;
    expect(await revoke(sessionId)).toMatchObject({ fence: "pending", session: { state: "disarmed" }, safeTransaction: undefined });
    world.vault.away = false;
    expect(await replica.useCases.settleStops()).toBe(1);
    expect(await replica.useCases.settleStops()).toBe(0);
    expect(await revoke(sessionId)).toMatchObject({ fence: "done" });
  });

  it("is nobody else's to do: a foreign session is not there", async () => {
    const sessionId = await world.armed();
    await expect(revoke(sessionId, stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const agent: Actor = { sub: "agent", kind: "agent", accounts: [ACCOUNT], sessionId: "01900000-0000-7000-8000-00000000ffff" };
    await expect(revoke(sessionId, agent)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await stateOf(sessionId)).toBe("armed");
    expect(await revoke(sessionId, { ...agent, sessionId })).toMatchObject({
      session: { state: "disarmed", endedReason: "forfeited: revoked" },
    });
  });
});

describe("stopping a session while the store is away", () => {
  /** The store answers nothing and takes nothing; what the process has seen before it still knows. */
  function loseStore(): void {
    const away = () => Promise.reject(new InterlockError("DEPENDENCY_UNAVAILABLE", "the database is away"));
    replica.stream.load = away;
    replica.stream.run = away;
  }
  let spool: StopSpool & { readonly kept: UnrecordedStop[] };
  const nothing = () => undefined;
  beforeEach(() => {
    const kept: UnrecordedStop[] = [];
    const gaps = { gap: undefined, refused: nothing, gapRecorded: nothing };
    spool = { kept, keep: (stop) => void kept.push(stop), drained: () => void kept.splice(0), ...gaps };
  });

  it.each([
    ["an owner's stop", owner, "session.disarmed.v1"],
    ["an agent's", { sub: "agent", kind: "agent", accounts: [ACCOUNT] } as Actor, "session.forfeited.v1"],
  ])(
    "spools %s before it is acknowledged, holds at once and after a restart, and is recorded as what it was",
    async (_who, actor, type) => {
      const sessionId = await world.armed();
      replica = world.replica({ stops: new Stops(spool) });
      await replica.stream.load(sessionId);
      loseStore();
      expect(await revoke(sessionId, { ...actor, sessionId })).toMatchObject({ fence: "pending", session: { sessionId } });
      expect(spool.kept).toMatchObject([{ sessionId, origin: { actor: { id: actor.sub } } }]);

      // The process is gone; the store comes back after the next one has started.
      replica = world.replica({ stops: new Stops(spool) });
      const use = () => as("relay", undefined, () => replica.useCases.authorize.execute(anAuthorize(sessionId, 1)));
      await expect(use()).rejects.toMatchObject({ code: "DISARMED" });
      expect(await replica.useCases.settleStops()).toBeGreaterThan(0);
      expect([spool.kept, await stateOf(sessionId)]).toEqual([[], "disarmed"]);
      const { rows } = await world.pool.query(
        `SELECT type, data->>'spooled' AS spooled FROM ${world.schema}.event WHERE stream = $1 ORDER BY version`,
        [`session-${sessionId}`],
      );
      expect(rows).toContainEqual({ type, spooled: "true" });
    },
  );

  it("waits for a silent store once: not again to record what it cannot", async () => {
    const sessionId = await world.armed();
    replica = world.replica({ stops: new Stops(spool) });
    await replica.stream.load(sessionId);
    world.vault.away = true;
    const asked: string[] = [];
    const lost = (what: string) => () => {
      asked.push(what);
      return Promise.reject(new InterlockError("DEPENDENCY_UNAVAILABLE", "the database is away"));
    };
    replica.stream.load = lost("load");
    replica.stream.run = lost("run");
    expect(await revoke(sessionId)).toMatchObject({ fence: "pending" });
    expect([asked, spool.kept.length]).toEqual([["load"], 1]);
    world.vault.away = false;
  });

  it("holds with a disk that takes nothing, says so, and puts the gap on the log when the store is back", async () => {
    const sessionId = await world.armed();
    const said: unknown[] = [];
    const gaps: SpoolGap[] = [];
    let gap: SpoolGap | undefined;
    const full: StopSpool = {
      ...spool,
      keep: () => assert.fail("ENOSPC"),
      refused(at) {
        gap = { refused: (gap?.refused ?? 0) + 1, firstAt: at, lastAt: at };
      },
      gapRecorded() {
        gap = undefined;
      },
      get gap() {
        return gap;
      },
    };
    const stops = new Stops(full, { waiting: nothing, unspooled: (error) => said.push(error) });
    const recordGap = (one: SpoolGap) => Promise.resolve(void gaps.push(one));
    replica = world.replica({ stops, recordGap });
    const { load, run } = replica.stream;
    await replica.stream.load(sessionId);
    loseStore();
    expect(await revoke(sessionId)).toMatchObject({ session: { sessionId } });
    expect(said).toHaveLength(1);
    expect(gaps).toEqual([]);
    Object.assign(replica.stream, { load, run });
    await replica.useCases.settleStops();
    expect([gaps, gap, await stateOf(sessionId)]).toMatchObject([[{ refused: 1 }], undefined, "disarmed"]);
  });

  it("are recorded in the order they were accepted, none before one that cannot be yet", async () => {
    const [first, second] = [await world.armed(), await world.armed()];
    const stops = new Stops(spool);
    replica = world.replica({ stops });
    const { run } = replica.stream;
    for (const sessionId of [first, second]) await replica.stream.load(sessionId);
    loseStore();
    for (const sessionId of [first, second]) await revoke(sessionId);
    replica.stream.run = (sessionId, ...rest) => {
      if (sessionId === first) throw new InterlockError("DEPENDENCY_UNAVAILABLE", "still away");
      return run.call(replica.stream, sessionId, ...rest);
    };
    await recordStops({ stream: replica.stream, stops, recordGap: async () => {}, logger: { error: nothing } });
    expect(stops.waiting().map(({ sessionId }) => sessionId)).toEqual([first, second]);
  });
});

describe("a reported revocation", () => {
  it("does nothing when the chain says otherwise, and nothing when no RPC answers", async () => {
    const sessionId = await world.armed();
    expect(await report(sessionId)).toMatchObject({ ended: false });
    world.chain.away = true;
    await expect(report(sessionId)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    expect(await stateOf(sessionId)).toBe("armed");
  });

  it.each([{ revoked: true }, { armed: false }, { epoch: 1 }, { moduleEnabled: false }])(
    "ends the session when the chain says %o",
    async (stands) => {
      const sessionId = await world.armed();
      world.chain.stands = { ...world.chain.stands, ...stands };
      expect(await report(sessionId)).toMatchObject({ ended: true });
      expect(await stateOf(sessionId)).toBe("revoked");
    },
  );
});

describe("lists", () => {
  it("show a principal its own sessions only, page by page, and row-level security shows nothing without a scope", async () => {
    const other = await createWorld();
    const ids = [await other.armed(), await other.armed(), await other.armed()];
    const { useCases } = other.replica();
    const list = (actor: Actor, cursor: string) =>
      as("gateway", actor, () => useCases.queries.list({ owner: "", account: "", page: { cursor, limit: 2 } }));
    const first = await list(owner, "");
    const second = await list(owner, first.nextCursor);
    expect([...first.sessions, ...second.sessions].map(({ sessionId }) => sessionId)).toEqual(ids);
    expect([second.nextCursor, (await list(stranger, "")).sessions]).toEqual(["", []]);
    expect((await other.pool.query(`SELECT FROM ${other.schema}.session_index`)).rowCount).toBe(0);
    await other.close();
  });

  it("of overdue sessions end in EXPIRE", async () => {
    const sessionId = await world.armed({ lasts: 50 });
    expect(await stateOf(sessionId)).toBe("expired");
    expect(await as("monitor", undefined, () => replica.useCases.sweepExpired.execute({ limit: 0 }))).toEqual({ expired: 1 });
    expect(await replica.useCases.settleStops()).toBeGreaterThan(0);
  });
});
