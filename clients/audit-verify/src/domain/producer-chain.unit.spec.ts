import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { chainMessage, chainSigner } from "#platform/transparency-log/producer-chain.js";
import { ProducerChains } from "./producer-chain.js";
import { parseProducerKeys } from "./producer-keys.js";

const SOURCE = "urn:interlock:vault";
const pair = generateKeyPairSync("ed25519");
const sign = chainSigner(pair.privateKey.export({ format: "jwk" }));
const keys = parseProducerKeys(JSON.stringify({ callers: { vault: { keys: [pair.publicKey.export({ format: "jwk" })] } } }));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const pad = (n: number) => String(n).padStart(20, "0");

interface Made {
  readonly data?: object;
  readonly type?: string;
  readonly signed?: boolean;
}

/** A producer's events, each behind the other, every third one the first of a batch. */
function produce(made: readonly Made[], signing = sign): string[] {
  let hash = "0".repeat(64);
  return made.map(({ data = {}, type = "key.signed.v1", signed }, i) => {
    const chainsignature = (signed ?? i % 3 === 0) ? signing(chainMessage(SOURCE, pad(i), hash)) : undefined;
    const line = JSON.stringify({ source: SOURCE, type, sequence: pad(i + 1), previoushash: hash, chainsignature, data });
    hash = sha256(line);
    return line;
  });
}
const check = (lines: readonly string[]) => {
  const chains = new ProducerChains(keys);
  for (const [i, line] of lines.entries()) chains.see(line, i);
  chains.end();
  return chains;
};
const eight = Array.from({ length: 8 }, (_, nonce) => ({ data: { nonce } }));

describe("what a producer signed", () => {
  it("holds for its own events, up to the head of the last batch", () => {
    const chains = check(produce(eight));
    expect(chains.findings).toEqual([]);
    expect(chains.signedTo.get(SOURCE)).toEqual({ signed: 6n, last: 8n });
  });

  it("shows an event that the log's operator made up, though it chained everything behind it anew", () => {
    const invented = produce([...eight.slice(0, 4), { data: { nonce: "invented" } }, ...eight.slice(4)], () => sign(Buffer.from("x")));
    expect(check(invented).findings[0]).toMatchObject({ kind: "BAD_SIGNATURE" });
    const real = produce(eight);
    const spliced = [...invented.slice(0, 5), ...real.slice(5)];
    expect(check([...real.slice(0, 4), ...spliced.slice(4)]).findings.map(({ kind }) => kind)).toContain("MODIFIED");
  });

  it("shows an event that was changed between two that are real", () => {
    const changed = produce(eight).map((line, i) => (i === 4 ? line.replace('"nonce":4', '"nonce":9') : line));
    expect(check(changed).findings[0]).toEqual({ kind: "MODIFIED", index: 4, message: `${SOURCE} says that its event 5 was another one` });
  });

  it("is missed when nothing of a producer with a key is signed", () => {
    expect(check(produce(eight.map((one) => ({ ...one, signed: false })))).findings[0]).toMatchObject({ kind: "BAD_SIGNATURE" });
  });
});

describe("a producer that starts", () => {
  const started = (lastSequence: number, lastHash: string): Made => ({
    type: "producer.started.v1",
    data: { lastSequence: String(lastSequence), lastHash },
  });

  it("names the last event of the one it replaces", () => {
    const before = produce(eight);
    expect(check(produce([...eight, started(8, sha256(before[7] ?? ""))])).findings).toEqual([]);
  });

  it("cannot hide that its predecessor had gone further", () => {
    expect(check(produce([...eight, started(11, "ab".repeat(32))])).findings[0]).toMatchObject({ kind: "PRODUCER_GAP", index: 8 });
  });

  it("cannot follow an event that was not its predecessor's last", () => {
    expect(check(produce([...eight, started(8, "ab".repeat(32))])).findings[0]).toMatchObject({ kind: "MODIFIED", index: 7 });
  });
});
