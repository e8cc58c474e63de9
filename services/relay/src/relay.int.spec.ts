import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { InterlockError } from "#platform/errors/interlock-error.js";
import { eventually } from "../../../test/support/relay-instance.js";
import { type RelayScene, relayScene } from "../../../test/support/relay-scene.js";
import { type RelayWorld, startRelayWorld } from "../../../test/support/relay-world.js";
import { fold } from "./domain/evolve.js";
import type { ExecutionEvent } from "./domain/execution-event.js";

let world: RelayWorld;
let scene: RelayScene;

beforeAll(async () => {
  world = await startRelayWorld();
});
afterAll(() => world.stop());
afterEach(() => scene.close());

const codeOf = (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => (error as InterlockError).code);

describe("a relay between a real chain and a real database", () => {
  test("brings an execution from RECEIVED to CONFIRMED and commits its reservation once", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    const before = await world.received();
    const id = await scene.execute(5n);
    await scene.until(id, "CONFIRMED");
    expect(await world.received()).toBe(before + 5n);
    await eventually("settled", () => scene.permissions.outcomes(id).length > 0);
    expect(scene.permissions.outcomes(id)).toEqual(["committed"]);
    const passed = (await scene.state(id)).transitions.map(({ state }) => state);
    expect(passed).toEqual(expect.arrayContaining(["RECEIVED", "AUTHORIZED", "SIGNED", "MINED", "CONFIRMED"]));
  });

  test("keeps beside each stream exactly the state the stream adds up to", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    const id = await scene.execute(1n);
    await scene.until(id, "CONFIRMED");
    const { rows } = await scene.pool.query("SELECT type, data FROM relay.event WHERE stream = $1 ORDER BY version", [`execution-${id}`]);
    expect(fold(rows as ExecutionEvent[])).toEqual(await scene.state(id));
  });

  test("gives 40 executions 40 nonces without a gap and mines each once", async () => {
    const finished: string[] = [];
    scene = await relayScene(world, { onFinished: (status) => finished.push(status) });
    scene.relay.start();
    const before = await world.received();
    const ids = await Promise.all(Array.from({ length: 40 }, () => scene.execute(1n)));
    for (const id of ids) await scene.until(id, "CONFIRMED");
    expect(await world.received()).toBe(before + 40n);
    const nonces = (await Promise.all(ids.map(scene.state))).map(({ lease }) => Number(lease?.nonce)).toSorted((a, b) => a - b);
    expect(nonces).toEqual(nonces.map((_, i) => (nonces[0] ?? 0) + i));
    expect(finished).toEqual(ids.map(() => "CONFIRMED"));
  });

  test("denies what the chain would refuse, without a nonce, and tells nobody to settle", async () => {
    scene = await relayScene(world);
    scene.relay.start();
    const id = await scene.execute(101_000_000n);
    await scene.until(id, "DENIED");
    const { reasons, lease } = await scene.state(id);
    expect(reasons.map(({ code }) => code)).toEqual(["PER_OP_EXCEEDED"]);
    expect(lease).toBeNull();
    expect(scene.permissions.outcomes(id)).toEqual([]);
  });

  test("denies what the vault refuses for good and gives the reservation back as unsigned", async () => {
    scene = await relayScene(world);
    scene.vault.refusal = new InterlockError("FENCED", "the key was fenced");
    scene.relay.start();
    const id = await scene.execute(1n);
    await scene.until(id, "DENIED");
    await eventually("settled", () => scene.permissions.outcomes(id).length > 0);
    expect([(await scene.state(id)).reasons[0]?.code, scene.permissions.outcomes(id)]).toEqual(["FENCED", ["unsigned"]]);
  });

  test("waits for permissions and the vault, and goes on by itself when they are back", async () => {
    scene = await relayScene(world);
    const id = await scene.execute(1n);
    scene.permissions.away = true;
    scene.vault.refusal = new InterlockError("DEPENDENCY_UNAVAILABLE", "away");
    scene.relay.start();
    await eventually("tried", async () => (await scene.pool.query("SELECT FROM relay.work WHERE tries > 1")).rowCount === 1);
    scene.permissions.away = false;
    await scene.until(id, "AUTHORIZED");
    scene.vault.refusal = undefined;
    await scene.until(id, "CONFIRMED");
  });
});

describe("accepting an execution", () => {
  test("with a key that was used answers with the execution it began, and refuses another request under it", async () => {
    scene = await relayScene(world);
    const key = randomUUID();
    const first = await scene.relay.receive.receive(scene.owner, scene.request(1n, key));
    const again = await scene.relay.receive.receive(scene.owner, scene.request(1n, key));
    expect([first.replayed, again.replayed, again.state.executionId]).toEqual([false, true, first.state.executionId]);
    expect(await codeOf(scene.relay.receive.receive(scene.owner, scene.request(2n, key)))).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("with one key twenty times at once begins one execution", async () => {
    scene = await relayScene(world);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.relay.receive.receive(scene.owner, scene.request(1n, key))));
    expect(new Set(answers.map(({ state }) => state.executionId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await scene.pool.query("SELECT FROM relay.event")).rowCount).toBe(1);
  });

  test("for a foreign account, or an agent of another session, finds nothing", async () => {
    scene = await relayScene(world);
    const stranger = { ...scene.owner, accounts: [`${world.chainId}:0x${"1".repeat(40)}`] };
    const agent = { ...scene.owner, kind: "agent" as const, sessionId: randomUUID() };
    expect(await codeOf(scene.relay.receive.receive(stranger, scene.request(1n)))).toBe("NOT_FOUND");
    expect(await codeOf(scene.relay.receive.receive(agent, scene.request(1n)))).toBe("NOT_FOUND");
    const id = await scene.execute(1n);
    expect(await scene.relay.reader.find(stranger, id)).toBeUndefined();
    expect(await codeOf(scene.relay.cancel.cancel(stranger, id))).toBe("NOT_FOUND");
    const all = { sessionId: "", cursor: "", limit: 0 };
    expect((await scene.relay.list.page(stranger, all)).executions).toEqual([]);
    const ofSession = { ...all, sessionId: scene.session.sessionId };
    for (const who of [stranger, agent]) expect(await codeOf(scene.relay.list.page(who, ofSession))).toBe("NOT_FOUND");
    expect(await codeOf(scene.relay.list.page(scene.owner, { ...all, sessionId: randomUUID() }))).toBe("NOT_FOUND");
  });

  test("of an own session lists nothing as an empty page, also while permissions is away and there is something", async () => {
    scene = await relayScene(world);
    const ofSession = { sessionId: scene.session.sessionId, cursor: "", limit: 0 };
    expect((await scene.relay.list.page(scene.owner, ofSession)).executions).toEqual([]);
    await scene.execute(1n);
    scene.permissions.away = true;
    expect((await scene.relay.list.page(scene.owner, ofSession)).executions).toHaveLength(1);
  });

  test.each([
    ["an action without a form", { action: {} }, "VALIDATION_FAILED"],
    ["a value that is no number", { action: { call: { to: `0x${"1".repeat(40)}`, value: "-1", data: "0x" } } }, "VALIDATION_FAILED"],
    ["no key", { idempotencyKey: "" }, "IDEMPOTENCY_KEY_MISSING"],
    ["a key of 256 characters", { idempotencyKey: "k".repeat(256) }, "VALIDATION_FAILED"],
    ["a key with a NUL", { idempotencyKey: "a\u0000b" }, "VALIDATION_FAILED"],
    ["a fingerprint that is none", { fingerprint: "abc" }, "VALIDATION_FAILED"],
    ["a session id that is none", { sessionId: "1" }, "VALIDATION_FAILED"],
  ])("refuses %s and writes nothing", async (_what, change, code) => {
    scene = await relayScene(world);
    expect(await codeOf(scene.relay.receive.receive(scene.owner, { ...scene.request(1n), ...change }))).toBe(code);
    expect((await scene.pool.query("SELECT FROM relay.event")).rowCount).toBe(0);
  });

  test("is listed newest first, page by page", async () => {
    scene = await relayScene(world);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await scene.execute(1n));
    const first = await scene.relay.list.page(scene.owner, { sessionId: "", cursor: "", limit: 3 });
    const second = await scene.relay.list.page(scene.owner, { sessionId: "", cursor: first.nextCursor, limit: 3 });
    expect([...first.executions, ...second.executions].map(({ state }) => state.executionId)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBe("");
    expect(await codeOf(scene.relay.list.page(scene.owner, { sessionId: "", cursor: "???", limit: 3 }))).toBe("CURSOR_INVALID");
  });
});
