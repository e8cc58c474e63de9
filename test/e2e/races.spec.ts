import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { encodeExecSigned } from "#platform/intent/encode-exec-signed.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type { Stack } from "../../deploy/local/stack.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { USDC } from "../support/e2e/safe.js";
import { disarmRace } from "../support/races/disarm-race.js";
import { hex, moduleRefusal } from "../support/races/module-refusal.js";
import { type PublishedEvent, PublishedEvents } from "../support/races/published-events.js";
import { RaceBed } from "../support/races/race-bed.js";
import { countOf, type RaceRecord, raceFaults } from "../support/races/race-record.js";
import { replicaRace, turns } from "../support/races/replica-race.js";
import { type SecondPermissions, secondPermissions } from "../support/races/second-permissions.js";
import { ofType, sessionStream } from "../support/races/session-stream.js";
import { sessionSupply } from "../support/races/session-supply.js";
import { streamFaults } from "../support/races/stream-faults.js";
import { seededNumbers } from "../support/seeded-numbers.js";

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 5);
const SEED = Number(process.env.INTERLOCK_SEED ?? 1);
const CLIENTS = 64;
const AUTHORIZED = "session.use.authorized.v1";
const UNLIMITED = { perWindow: 1_000_000n * USDC, max: 0 };
const PLENTY = { RATE_LIMIT_IP: "10000:100000", RATE_LIMIT_CREDENTIAL: "10000:100000", RATE_LIMIT_ACCOUNT: "10000:100000" };

let stack: Stack;
let bed: RaceBed;

beforeAll(async () => {
  stack = await readyStack({ extra: { gateway: PLENTY } });
  bed = await RaceBed.open(stack);
});
afterAll(async () => {
  bed?.close();
  await stack?.stop();
});

const authorized = async (sessionId: string) =>
  ofType(await sessionStream(stack, sessionId), AUTHORIZED).map(({ executionId }) => executionId);

describe("many who use one session at once", () => {
  it("are allowed exactly ten operations of a hundred where ten a day are the limit", async () => {
    const session = await bed.session({ perWindow: 10_000n * USDC, max: 10 });
    const race = await replicaRace(bed, session, [bed.permissions], 100);
    expect(race).toMatchObject({ allowed: 10, refusals: new Set(["OP_RATE_EXCEEDED"]) });
    expect(await authorized(session.sessionId)).toHaveLength(10);
  });
});

describe("two replicas of permissions", () => {
  let second: SecondPermissions;
  beforeAll(async () => {
    second = await secondPermissions(stack);
    // A replica whose code was never run at this rate would only watch: both have made many operations before.
    const session = await bed.session(UNLIMITED);
    await replicaRace(bed, session, [bed.permissions, second.client], 400);
  });
  afterAll(() => second?.stop());

  it("let exactly 200 of 500 payments of ten through under a cap of 2,000, and both let some through", async () => {
    const session = await bed.session({ perWindow: 2_000n * USDC, max: 0 });
    const race = await replicaRace(bed, session, [bed.permissions, second.client], 500);
    const stored = await authorized(session.sessionId);
    console.log(`allowed through the replicas: ${race.wins.join(" + ")}, in ${turns(stored, race) + 1} turns`);
    expect(race).toMatchObject({ allowed: 200, refusals: new Set(["BUDGET_EXCEEDED"]) });
    expect(stored).toHaveLength(200);
    expect(Math.min(...race.wins), "the replica with fewer").toBeGreaterThan(0);
  });
});

describe("DISARM", () => {
  let last: { readonly record: RaceRecord; readonly events: readonly PublishedEvent[] } | undefined;

  it(
    `ends every USE of ${CLIENTS} clients at its position, in ${ROUNDS} rounds from seed ${SEED}`,
    async () => {
      const next = seededNumbers(SEED);
      const published = new PublishedEvents(() => bed.owner());
      const began = Date.now();
      let [round, tickets, signatures, fewest] = [0, 0, 0, Number.POSITIVE_INFINITY];
      for await (const session of sessionSupply(ROUNDS, () => bed.session(UNLIMITED))) {
        round += 1;
        const { record, requests } = await disarmRace(bed, session, CLIENTS, next(120));
        expect(raceFaults(record), `round ${round}`).toEqual([]);
        const stored = await sessionStream(stack, session.sessionId);
        const events = await published.ofSession(session.sessionId, stored.length);
        expect(streamFaults(events), `round ${round}`).toEqual([]);
        expect(countOf(record, "ticket"), `round ${round}: tickets`).toBeLessThanOrEqual(ofType(stored, AUTHORIZED).length);
        const again = await Promise.allSettled(requests.slice(-CLIENTS).map((request) => bed.sign(request)));
        expect(again.map(({ status }) => status)).toEqual(again.map(() => "rejected"));
        tickets += countOf(record, "ticket");
        signatures += countOf(record, "signature");
        fewest = Math.min(fewest, countOf(record, "signature"));
        last = { record, events };
        const seconds = ((Date.now() - began) / 1_000).toFixed(0);
        const sums = `${tickets} tickets, ${signatures} signatures (fewest in a round: ${fewest}), 0 late`;
        if (round % 5 === 0) console.log(`round ${round} of ${ROUNDS}, ${seconds} s: ${sums}`);
      }
    },
    120_000 + ROUNDS * 20_000,
  );

  it("is judged by checks that find what they look for", () => {
    if (last === undefined) throw new Error("there was no round");
    const { record, events } = last;
    const [ticket] = record.arrivals;
    if (ticket === undefined) throw new Error("the last round handed out nothing");
    const late = { ...ticket, at: record.acknowledged + 1 };
    expect(raceFaults({ ...record, arrivals: [...record.arrivals, late] })).toEqual([expect.stringContaining("after the acknowledgement")]);
    expect(raceFaults({ ...record, sent: 0 })).toEqual(["no ticket before DISARM was sent", "no signature before DISARM was sent"]);
    const odd = { code: "INTERNAL", at: record.acknowledged };
    expect(raceFaults({ ...record, refusals: [...record.refusals, odd] })).toEqual(["refused with INTERNAL"]);

    const use = events.findLast(({ type }) => type === AUTHORIZED);
    const end = events.find(({ phase }) => phase === "disarmed");
    if (use === undefined || end === undefined) throw new Error("the last round has no USE or no DISARM");
    const swapped = events.map((event) =>
      event === use
        ? { ...end, position: use.position, version: use.version }
        : event === end
          ? { ...use, position: end.position, version: end.version }
          : event,
    );
    expect(streamFaults(swapped)).toEqual([expect.stringContaining(`${AUTHORIZED} at ${end.position}, behind`)]);
    expect(streamFaults(events.filter((event) => event !== end))).toContain(`0 ends of ${AUTHORIZED}, expected 1`);
    expect(streamFaults(events.filter((event) => event !== use))).toContainEqual(expect.stringContaining("was due"));
  });

  it("hands out no stored signature, and one handed out before is dead 120 s later", async () => {
    const session = await bed.session(UNLIMITED);
    const ask = bed.ask(session);
    const request = bed.signRequest(ask, await bed.authorize(session, ask));
    const signature = await bed.sign(request);
    expect(await bed.sign(request), "asked again before, the stored one is given").toBe(signature);
    await bed.disarm(session);
    const refused = await bed.sign(request).catch((error: unknown) => findInterlockError(error)?.code);
    expect(refused).toMatch(/^(FENCED|DISARMED)$/);

    if (session.policy === undefined) throw new Error("a session has a policy");
    const data = encodeExecSigned(policyFromMessage(session.policy), parseIntent(ask.intent), [[]], hex(signature));
    expect(await moduleRefusal(stack, data)).toBeUndefined();
    await stack.world.client.request({ method: "evm_increaseTime", params: [120] } as never);
    await stack.world.client.request({ method: "evm_mine", params: [] } as never);
    expect(await moduleRefusal(stack, data)).toBe("DeadlinePassed");
  });
});
