import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "#platform/event-log/event-log.js";
import { chainSigner } from "#platform/transparency-log/producer-chain.js";
import { SignedProducer } from "../../../../test/support/audit/signed-producer.js";
import { seededNumbers } from "../../../../test/support/seeded-numbers.js";
import { admit, type Known } from "./admit.js";
import { BEGINNING } from "./chain-end.js";
import { givenUp } from "./given-up.js";
import { ProducerTrust } from "./producer-trust.js";
import { type PublishedEvent, readPublishedEvent } from "./published-event.js";

const SOURCE = "urn:interlock:vault";
const pair = generateKeyPairSync("ed25519");
const sign = chainSigner(pair.privateKey.export({ format: "jwk" }));
const trust = new ProducerTrust(new Map([[SOURCE, [pair.publicKey]]]), new Set(["urn:interlock:unsigned"]));
const stranger = chainSigner(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));

const read = ({ value, headers }: LogRecord) => readPublishedEvent(value, headers);
const three = [{ data: { n: 1 } }, { data: { n: 2 } }, { data: { n: 3 } }];
const NOTHING: Known = { ends: new Map(), waiting: [], followers: new Set() };
const numbers = (events: readonly PublishedEvent[]) => events.map(({ sequence }) => Number(sequence));
/** A producer that has published `sequence` events, to go on from there in another way. */
const copyOf = ({ sequence, hash, source }: SignedProducer, signer = sign) =>
  Object.assign(new SignedProducer(source, signer), { sequence, hash });

describe("what a producer published", () => {
  it("enters once a signature covers it, in its order, whatever order it came in", () => {
    const [a, b, c] = new SignedProducer(SOURCE, sign).batch(three).map(read);
    const early = admit([b, a].filter(Boolean) as PublishedEvent[], NOTHING, trust);
    expect(early).toMatchObject({ ready: [], forged: [] });
    const { ready, held, ends } = admit(c === undefined ? [] : [c], { ...NOTHING, waiting: early.held }, trust);
    expect(numbers(ready)).toEqual([1, 2, 3]);
    expect(held).toEqual([]);
    expect(ends.get(SOURCE)).toEqual({ next: 4n, lastHash: c?.hash });
  });

  it("enters by the next batch's first event when the signature beside it was taken away", () => {
    const producer = new SignedProducer(SOURCE, sign);
    const events = [...producer.batch(three), ...producer.batch(three)].map(({ value }) => readPublishedEvent(value));
    expect(numbers(admit(events, NOTHING, trust).ready)).toEqual([1, 2, 3]);
  });

  it("waits behind an event that has not come", () => {
    const producer = new SignedProducer(SOURCE, sign);
    const [, ...rest] = [...producer.batch(three), ...producer.batch(three)].map(read);
    expect(admit(rest, NOTHING, trust)).toMatchObject({ ready: [], forged: [] });
  });

  it("may come with those of other producers: each keeps its own order, and what came first stands first", () => {
    const mine = new SignedProducer(SOURCE, sign).batch(three).map(read);
    const theirs = new SignedProducer("urn:interlock:unsigned", undefined).batch(three).map(read);
    const { ready } = admit([...mine.slice(0, 2), ...theirs.slice(0, 1), ...mine.slice(2), ...theirs.slice(1)], NOTHING, trust);
    expect(ready.map(({ source, sequence }) => `${source.slice(14)}${sequence}`)).toEqual(
      ["vault1", "vault2", "unsigned1", "vault3", "unsigned2", "unsigned3"], // biome-ignore format: one line
    );
  });

  it("that does not follow what the log has of it is told apart: its own key signed two chains", () => {
    const event = new SignedProducer(SOURCE, sign).batch(three.slice(0, 1)).map(read);
    const ends = new Map([[SOURCE, { next: 1n, lastHash: "ab".repeat(32) }]]);
    const { ready, broken } = admit(event, { ...NOTHING, ends }, trust);
    expect([numbers(ready), numbers(broken)]).toEqual([[1], [1]]);
  });
});

describe("an event nobody signed", () => {
  const honest = new SignedProducer(SOURCE, sign);
  const first = honest.batch(three).map(read);
  const before = copyOf(honest);
  const real = honest.batch(three).map(read);
  const known: Known = { ...NOTHING, ends: new Map([[SOURCE, { next: 4n, lastHash: first[2]?.hash }]]) };

  it.each([
    [
      "without a signature",
      copyOf(before, sign)
        .batch([{ data: { forged: 1 } }])
        .map(({ value }) => readPublishedEvent(value)),
    ],
    [
      "with a stranger's signature",
      copyOf(before, stranger)
        .batch([{ data: { forged: 1 } }])
        .map(read),
    ],
    [
      "with the signature of another event",
      copyOf(before, sign)
        .batch([{ data: { forged: 1 } }])
        .map(({ value }) => ({ ...readPublishedEvent(value), headSignature: real[2]?.headSignature })),
    ],
    [
      "put behind a real one",
      copyOf(Object.assign(copyOf(before), { sequence: 4, hash: real[0]?.hash ?? "" }), stranger)
        .batch(three)
        .map(read),
    ],
  ] as const)("waits and is nobody's once the real one is there: %s", (_, forged) => {
    const early = admit(forged, known, trust);
    expect(early).toMatchObject({ ready: [], forged: [] });
    const { ready, forged: refused, held } = admit(real, { ...known, waiting: early.held }, trust);
    expect(ready.map(({ hash }) => hash)).toEqual(real.map(({ hash }) => hash));
    expect([...refused, ...held].map(({ hash }) => hash).sort()).toEqual(forged.map(({ hash }) => hash).sort());
  });

  it("is nobody's when its time is over, and the real ones that wait for another stay", () => {
    const forged = copyOf(before, stranger).batch(three).map(read);
    const waiting = [...forged, ...real.slice(1)];
    const [end = BEGINNING] = known.ends.values();
    expect(givenUp(forged, new Set(forged), end, trust.holds)).toEqual({ resume: undefined, forged });
    expect(givenUp(waiting, new Set(forged), end, trust.holds)).toEqual({ resume: undefined, forged });
    const { resume } = givenUp(waiting, new Set(waiting), end, trust.holds);
    expect(resume).toEqual({ next: 5n, lastHash: real[0]?.hash });
  });

  it("cannot fill a number the log went on without; the real one can, by its follower or its own signature", () => {
    const [, missing, last] = real;
    const ends = new Map([[SOURCE, { next: 7n, lastHash: last?.hash }]]);
    const followers = new Set([last?.previousHash ?? ""]);
    const other = { ...(missing ?? real[0]), hash: "cd".repeat(32) } as PublishedEvent;
    const { ready, held } = admit([other, ...(missing === undefined ? [] : [missing])], { ends, waiting: [], followers }, trust);
    expect(ready).toEqual([missing]);
    expect(held).toEqual([other]);
    expect(numbers(admit(real, { ends, waiting: [], followers: new Set() }, trust).ready)).toEqual([4, 5, 6]);
  });

  it("never enters, in whatever order 300 batches of real and forged events come", () => {
    const pick = seededNumbers(Number(process.env.INTERLOCK_SEED ?? 5));
    const producer = new SignedProducer(SOURCE, sign);
    const [all, hashes]: [PublishedEvent[], string[]] = [[], []];
    const lies = [{ data: { forged: 1 } }, { data: { forged: 2 } }];
    for (let batch = 0; batch < 300; batch++) {
      const fork = copyOf(producer, stranger).batch(lies);
      if (pick(3) === 0) all.push(...fork.map(({ value, headers }) => readPublishedEvent(value, pick(2) === 0 ? {} : headers)));
      const own = producer.batch(three.slice(pick(3))).map(read);
      hashes.push(...own.map(({ hash }) => hash));
      all.push(...own);
    }
    const shuffled = all.map((event, at) => ({ event, at: at + pick(40) })).sort((a, b) => a.at - b.at);
    const arrived = shuffled.map(({ event }) => event);
    let [known, log]: [Known, PublishedEvent[]] = [NOTHING, []];
    for (let at = 0; at < arrived.length; at += 11) {
      const { ready, held, ends, broken } = admit(arrived.slice(at, at + 11), known, trust);
      log = [...log, ...ready];
      known = { ends: new Map([...known.ends, ...ends]), waiting: held, followers: new Set() };
      expect(broken).toEqual([]);
    }
    expect(log.map(({ hash }) => hash)).toEqual(hashes);
  });
});
