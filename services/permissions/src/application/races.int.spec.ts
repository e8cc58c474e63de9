import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasCode } from "#platform/errors/interlock-error.js";
import { isSession } from "../domain/session-state.js";
import { anAuthorize, as, createWorld, owner, type Replica } from "../testing/world.js";

let world: Awaited<ReturnType<typeof createWorld>>;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const authorize = (replica: Replica, sessionId: string, n: number, amount?: bigint) =>
  as("relay", undefined, () => replica.useCases.authorize.execute(anAuthorize(sessionId, n, amount)));
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("concurrent USEs", () => {
  it("100 of them against 10 per 24 h: exactly 10 are authorised", async () => {
    const sessionId = await world.armed();
    const replica = world.replica();
    const answers = await Promise.all(numbers(100).map((n) => authorize(replica, sessionId, n, 1n)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10);
    const codes = new Set(answers.flatMap(({ record }) => record?.reasons.map(({ code }) => code) ?? []));
    expect([...codes]).toEqual(["OP_RATE_EXCEEDED"]);
  });

  it("500 of 10 units against a budget of 2,000 through two replicas: exactly 200 are authorised", async () => {
    const sessionId = await world.armed({ maxOps: 0 });
    const replicas = [world.replica(), world.replica()] as const;
    const answers = await Promise.all(numbers(500).map((n) => authorize(replicas[n % 2 === 0 ? 0 : 1], sessionId, n)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(200);
    const { state, version } = await world.replica().stream.load(sessionId);
    expect(isSession(state) && state.pending.size).toBe(200);
    expect(version).toBe(3 + 500);
  });

  it("64 clients while DISARM lands: no USE after its position, no ticket after its acknowledgement", async () => {
    for (let round = 0; round < 15; round += 1) {
      const sessionId = await world.armed({ maxOps: 0, perPeriod: "1000000" });
      const replica = world.replica();
      let acknowledged = false;
      let [tickets, late, n] = [0, 0, 0];
      const client = async () => {
        for (let calls = 0; calls < 4; calls += 1) {
          n += 1;
          const allowed = await authorize(replica, sessionId, n).then(
            (answer) => answer.allowed,
            (error) => !hasCode(error, "DISARMED"),
          );
          if (allowed) tickets += 1;
          if (allowed && acknowledged) late += 1;
        }
      };
      const clients = numbers(64).map(client);
      await Promise.race(clients);
      await as("gateway", owner, () => replica.useCases.revoke.execute({ sessionId, reason: "stop" }));
      acknowledged = true;
      await Promise.all(clients);
      const types = await eventTypes(sessionId);
      expect(types.slice(types.indexOf("session.disarmed.v1")).includes("session.use.authorized.v1")).toBe(false);
      expect([late, tickets > 0]).toEqual([0, true]);
    }
  });

  it("the same execution asked twenty times at once: one reservation, twenty tickets", async () => {
    const sessionId = await world.armed();
    const replica = world.replica();
    const request = anAuthorize(sessionId, 1);
    const answers = await Promise.all(numbers(20).map(() => as("relay", undefined, () => replica.useCases.authorize.execute(request))));
    expect(new Set(answers.map(({ reservationId }) => reservationId)).size).toBe(1);
    expect(new Set(answers.map(({ authorization }) => authorization)).size).toBe(20);
    expect((await eventTypes(sessionId)).filter((type) => type === "session.use.authorized.v1")).toHaveLength(1);
  });
});

async function eventTypes(sessionId: string): Promise<string[]> {
  const { rows } = await world.pool.query<{ type: string }>(`SELECT type FROM ${world.schema}.event WHERE stream = $1 ORDER BY version`, [
    `session-${sessionId}`,
  ]);
  return rows.map(({ type }) => type);
}
