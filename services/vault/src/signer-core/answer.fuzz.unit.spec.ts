import { randomBytes, randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { isErrorCode } from "#platform/errors/error-table.js";
import { localCore } from "../../test/support/local-core.js";
import { wireIntent } from "../application/wire-intent.js";
import { answer } from "./answer.js";
import type { CoreContext } from "./core-context.js";

/** Inputs; a full campaign takes a million (CORE_FUZZ_CASES). */
const CASES = Number(process.env.CORE_FUZZ_CASES ?? 1_500);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const STRANGE: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  "",
  "0x",
  "0X00",
  "01",
  "-1",
  "\u0000",
  "𝕏",
  [],
  {},
  "__proto__",
  "constructor",
];
const pick = <T>(from: readonly T[], otherwise: T): T => (from.length === 0 ? otherwise : (from[randomInt(from.length)] ?? otherwise));

/** `value` with one thing in it changed: a member replaced, doubled under another name, removed, or a text cut, grown or flipped. */
function mutated(value: Json): Json {
  if (typeof value === "string") return pick([value.slice(1), `${value}0`, value.toUpperCase(), ` ${value}`, flipped(value)], value);
  if (Array.isArray(value))
    return randomInt(3) === 0 || value.length === 0
      ? [...value, pick(STRANGE, null)]
      : value.map((one, i) => (i === 0 ? mutated(one) : one));
  if (value === null || typeof value !== "object") return pick(STRANGE, null);
  const names = Object.keys(value);
  const name = pick(names, "op");
  const { [name]: old = null, ...rest } = value as Record<string, Json>;
  return pick<Json>(
    [
      { ...rest, [name]: mutated(old) },
      { ...rest, [name]: mutated(old) },
      { ...rest, [name]: pick(STRANGE, null) },
      rest,
      { ...value, [`${name}2`]: old },
    ],
    rest,
  );
}

function flipped(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length > 0) bytes[randomInt(bytes.length)] = randomInt(256);
  return bytes.toString("utf8");
}

describe("signer-core under requests that somebody made up", () => {
  let context: CoreContext;
  let seeds: readonly Json[];
  beforeAll(async () => {
    const { context: core, session, record, floor } = await localCore();
    context = core;
    const { intent, decision, authorization } = await session.signRequest();
    const { pubkey: _pubkey, v: _v, alg: _alg, ...rest } = record;
    const { keyRef, sessionId, account, chainId, module, owners, threshold, generation } = rest;
    const { provider, kekVersion, dekSalt, dekIv, wrappedDek, commitment } = rest;
    const request = { record: { ...record, owners: [...record.owners] }, floor, intent: wireIntent(intent), decision, authorization };
    seeds = [
      { op: "health", request: {} },
      { op: "kekStatus", request: {} },
      { op: "generate", request: { keyRef, sessionId, account, chainId, module, owners: [...owners], threshold, generation } },
      { op: "rewrap", request: { rows: [{ keyRef, account, generation, provider, kekVersion, dekSalt, dekIv, wrappedDek, commitment }] } },
      { op: "sign", request: { admissionId: sessionId, record: request.record } },
      ...Array.from({ length: 4 }, () => JSON.parse(JSON.stringify({ op: "admit", request }))),
    ];
  });

  it(`answers every one of ${CASES} with a refusal of the error table, or what the very same valid request gets`, async () => {
    const reported: unknown[] = [];
    for (let i = 0; i < CASES; i += 1) {
      let call = pick(seeds, {});
      for (let n = 1 + randomInt(3); n > 0; n -= 1) call = mutated(call);
      const body = i % 20 === 0 ? randomBytes(randomInt(300)) : Buffer.from(JSON.stringify(call));
      const frame = await answer({ kind: "request", id: i, body }, context, (error) => reported.push(error));
      const text: unknown = JSON.parse(frame.body.toString("utf8"));
      expect(frame.id).toBe(i);
      if (frame.kind === "error")
        expect(text).toMatchObject({ code: expect.toSatisfy((code: unknown) => isErrorCode(code) && code !== "INTERNAL") });
      // What is let through of an admission is about one digest, and never a signature.
      else expect(JSON.stringify(text)).not.toMatch(/"signature"/);
    }
    expect(reported).toEqual([]);
  }, 3_600_000);
});
