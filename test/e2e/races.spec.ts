import { BaseError, ContractFunctionRevertedError, decodeErrorResult, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findInterlockError } from "#platform/errors/interlock-error.js";
import { encodeExecSigned } from "#platform/intent/encode-exec-signed.js";
import { parseIntent } from "#platform/intent/parse-intent.js";
import { policyFromMessage } from "#platform/session-policy/policy-message.js";
import type { AuthorizeResponse } from "#proto/interlock/permissions/v1/permissions.js";
import { sessionModuleAbi } from "../../contracts/generated/session-module.js";
import type { Stack } from "../../deploy/local/stack.js";
import { readyStack } from "../support/e2e/ready-stack.js";
import { USDC } from "../support/e2e/safe.js";
import { disarmRace } from "../support/races/disarm-race.js";
import { RaceBed } from "../support/races/race-bed.js";
import { secondPermissions } from "../support/races/second-permissions.js";
import { seededNumbers } from "../support/races/seeded-numbers.js";
import { countOf, sessionStream } from "../support/races/session-stream.js";

const ROUNDS = Number(process.env.RACE_ROUNDS ?? 5);
const SEED = Number(process.env.INTERLOCK_SEED ?? 1);
const CLIENTS = 64;
const AUTHORIZED = "session.use.authorized.v1";
const UNLIMITED = { perWindow: 1_000_000n * USDC, max: 0 };
const PLENTY = { RATE_LIMIT_IP: "10000:100000", RATE_LIMIT_CREDENTIAL: "10000:100000", RATE_LIMIT_ACCOUNT: "10000:100000" };

let stack: Stack;
let bed: RaceBed;

const allowed = (answers: readonly AuthorizeResponse[]) => answers.filter((answer) => answer.allowed).length;

beforeAll(async () => {
  stack = await readyStack({ extra: { gateway: PLENTY } });
  bed = await RaceBed.open(stack);
});
afterAll(async () => {
  bed?.close();
  await stack?.stop();
});

describe("many who use one session at once", () => {
  it("are allowed exactly ten operations of a hundred where ten a day are the limit", async () => {
    const session = await bed.session({ perWindow: 10_000n * USDC, max: 10 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => bed.authorize(session, bed.ask(session))));
    expect(allowed(answers)).toBe(10);
    expect(countOf(await sessionStream(stack, session.sessionId), AUTHORIZED)).toBe(10);
  });

  it("spend exactly a cap of 2,000 with 500 payments of ten, through two replicas of permissions", async () => {
    const session = await bed.session({ perWindow: 2_000n * USDC, max: 0 });
    const second = await secondPermissions(stack);
    try {
      const replicas = [bed.permissions, second.client];
      // Both have their connections before the race: a cold replica would only watch.
      const other = await bed.session(UNLIMITED);
      for (const replica of replicas) expect((await bed.authorize(other, bed.ask(other), replica)).allowed).toBe(true);
      const use = (_: unknown, index: number) => bed.authorize(session, bed.ask(session), replicas[index % 2]);
      const answers = await Promise.all(Array.from({ length: 500 }, use));
      const through = replicas.map((_, replica) => allowed(answers.filter((__, index) => index % 2 === replica)));
      console.log(`allowed through the replicas: ${through.join(" + ")}`);
      expect(allowed(answers)).toBe(200);
      expect(countOf(await sessionStream(stack, session.sessionId), AUTHORIZED)).toBe(200);
    } finally {
      await second.stop();
    }
  });
});

describe("DISARM", () => {
  it(
    `ends every USE of ${CLIENTS} clients at its position, in ${ROUNDS} rounds from seed ${SEED}`,
    async () => {
      const next = seededNumbers(SEED);
      let [tickets, signatures] = [0, 0];
      for (let round = 0; round < ROUNDS; round++) {
        const session = await bed.session(UNLIMITED);
        const result = await disarmRace(bed, session, CLIENTS, next(120));
        const events = await sessionStream(stack, session.sessionId);
        const end = events.indexOf("session.disarmed.v1");
        expect(end, `round ${round}: DISARM is on the stream`).toBeGreaterThan(0);
        expect(events.slice(end), `round ${round}`).not.toContain(AUTHORIZED);
        expect(result.late, `round ${round}`).toEqual([]);
        const again = await Promise.allSettled(result.requests.slice(-CLIENTS).map((request) => bed.sign(request)));
        expect(again.map(({ status }) => status)).toEqual(again.map(() => "rejected"));
        tickets += result.tickets;
        signatures += result.signatures;
      }
      console.log(`${ROUNDS} rounds: ${tickets} tickets, ${signatures} signatures, 0 late`);
    },
    120_000 + ROUNDS * 15_000,
  );

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
    const data = encodeExecSigned(policyFromMessage(session.policy), parseIntent(ask.intent), [[]], bytes(signature));
    expect(await refusalOf(bytes(session.module), data)).toBeUndefined();
    await stack.world.client.request({ method: "evm_increaseTime", params: [120] } as never);
    await stack.world.client.request({ method: "evm_mine", params: [] } as never);
    expect(await refusalOf(bytes(session.module), data)).toBe("DeadlinePassed");
  });
});

function bytes(text: string): Hex {
  if (!text.startsWith("0x")) throw new Error(`not hex: ${text}`);
  return `0x${text.slice(2)}`;
}

/** Name of the module's error a call ends with; undefined when it would go through. */
async function refusalOf(to: Hex, data: Hex): Promise<string | undefined> {
  try {
    await stack.world.client.call({ to, data });
    return undefined;
  } catch (error) {
    return decodeErrorResult({ abi: sessionModuleAbi, data: revertData(error) }).errorName;
  }
}

function revertData(error: unknown): Hex {
  const found = error instanceof BaseError ? error.walk((cause) => revertOf(cause) !== undefined) : undefined;
  const data = revertOf(found);
  if (data === undefined) throw error;
  return data;
}

function revertOf(cause: unknown): Hex | undefined {
  if (cause instanceof ContractFunctionRevertedError) return cause.raw;
  if (typeof cause !== "object" || cause === null || !("data" in cause)) return undefined;
  return typeof cause.data === "string" && cause.data.startsWith("0x") ? bytes(cause.data) : undefined;
}
