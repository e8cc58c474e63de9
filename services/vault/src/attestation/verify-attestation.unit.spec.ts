import { createPrivateKey, randomBytes } from "node:crypto";
import { decode, encode } from "cbor2";
import { beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#platform/kernel/clock.js";
import { type DevPki, devPki, type PkiOptions } from "../../../../test/support/dev-attestation.js";
import { signCose } from "./cose-sign1.js";
import { DevAttester } from "./dev-attester.js";
import { type AttestationPolicy, verifyAttestation } from "./verify-attestation.js";

/** Bits to flip; a full campaign takes 9,000 and more (ATTESTATION_FLIPS). */
const FLIPS = Number(process.env.ATTESTATION_FLIPS ?? 300);

describe("an attestation document", () => {
  const nonce = randomBytes(32);
  const publicKey = randomBytes(32);
  let pki: DevPki;
  let document: Buffer;
  beforeAll(async () => {
    pki = await devPki();
    document = attest(pki);
  });

  const attest = (from: DevPki) => new DevAttester(from.attester, systemClock, "development").attest(nonce, publicKey);
  const policy = (over: Partial<AttestationPolicy> = {}, from = pki): AttestationPolicy => ({
    mode: "development",
    devRoot: from.root,
    measurements: [from.measurements],
    nonce,
    now: new Date(),
    maxAgeMs: 60_000,
    ...over,
  });
  const refused = (bytes: Buffer, over: Partial<AttestationPolicy> = {}, from = pki) => {
    try {
      verifyAttestation(bytes, policy(over, from));
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "ATTESTATION_INVALID" ? error.message : `another error: ${error}`;
    }
    return undefined;
  };
  /** The document with its payload changed and signed again by the same leaf: only the rules behind the signature can refuse it. */
  const resigned = (change: (fields: Map<string, unknown>) => void) => {
    const [, , payload] = decode<[unknown, unknown, Uint8Array]>(new Uint8Array(document));
    const fields = new Map(Object.entries(decode<Record<string, unknown>>(payload)));
    change(fields);
    return signCose(Buffer.from(encode(fields)), createPrivateKey(pki.attester.privateKey));
  };

  it("passes when everything in it is right, and says what vouched", () => {
    const attested = verifyAttestation(document, policy());
    expect(attested.kind).toBe("dev-not-hardware");
    expect(attested.publicKey.equals(publicKey)).toBe(true);
  });

  it("does not pass in production under a development root, even one that is configured", () => {
    expect(refused(document, { mode: "production" })).toContain("root is not a pinned one");
  });

  it("does not pass under a development root that does not say what it is", async () => {
    const sly = await devPki({ rootName: "aws.nitro-enclaves" });
    expect(refused(attest(sly), {}, sly)).toContain("DEV - NOT HARDWARE");
  });

  it("does not pass with another challenge, too late, or from the future", () => {
    expect(refused(document, { nonce: randomBytes(32) })).toContain("nonce");
    expect(refused(document, { now: new Date(Date.now() + 61_000) })).toContain("too old");
    expect(refused(document, { now: new Date(Date.now() - 30_000) })).toContain("future");
    expect(refused(resigned((fields) => fields.set("nonce", null)))).toContain("nonce");
  });

  it("does not pass with other measurements, without PCR0, in debug mode, or against an empty list", async () => {
    expect(refused(document, { measurements: [{ ...pki.measurements, "2": "00".repeat(48) }] })).toContain("PCRs");
    expect(refused(document, { measurements: [] })).toContain("PCRs");
    expect(refused(document, { measurements: [{}] })).toContain("PCRs");
    expect(refused(document, { measurements: [{ "1": pki.measurements["1"] ?? "" }] })).toContain("PCRs");
    const debug = await devPki({ pcr0: "00".repeat(48) });
    expect(refused(attest(debug), {}, debug)).toContain("debug mode");
  });

  it("passes with either of two sets of measurements, as during an upgrade", () => {
    expect(refused(document, { measurements: [{ "0": "12".repeat(48) }, pki.measurements] })).toBeUndefined();
  });

  it.each<[string, PkiOptions, string]>([
    ["has expired", { leafUntil: new Date(Date.now() - 1_000) }, "not valid at this time"],
    ["is not valid yet", { leafFrom: new Date(Date.now() + 60_000), leafUntil: new Date(Date.now() + 120_000) }, "not valid at this time"],
    ["could issue others itself", { leafIsAuthority: true }, "must not be a certificate authority"],
  ])("does not pass when its leaf certificate %s", async (_name, options, rule) => {
    const other = await devPki(options);
    expect(refused(attest(other), {}, other)).toContain(rule);
  });

  it("does not pass with a chain that skips, doubles or reorders certificates, or takes them from another", async () => {
    const other = await devPki();
    const [root, region, host] = pki.attester.cabundle.map((one) => new Uint8Array(Buffer.from(one, "base64")));
    const foreign = other.attester.cabundle.map((one) => new Uint8Array(Buffer.from(one, "base64")));
    for (const bundle of [
      [],
      [root],
      [root, host],
      [root, host, region],
      [root, region, region, host],
      [root, ...foreign.slice(1)],
      foreign,
      [region, host],
    ]) {
      expect(refused(resigned((fields) => fields.set("cabundle", bundle)))).toBeDefined();
    }
  });

  it("does not pass without its public key, with unknown fields, or with a field doubled or missing", () => {
    expect(refused(resigned((fields) => fields.set("public_key", null)))).toContain("public key");
    expect(refused(resigned((fields) => fields.set("extra", 1)))).toContain("malformed");
    for (const field of ["module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle"]) {
      expect(refused(resigned((fields) => fields.delete(field)))).toContain("malformed");
    }
  });

  it("does not pass with another algorithm, a tag, something behind it, or in a longer encoding", () => {
    expect(refused(Buffer.concat([document, Buffer.from([0])]))).toBeDefined();
    expect(refused(Buffer.concat([Buffer.from([0xd2]), document]))).toBeDefined();
    expect(refused(Buffer.from(document.toString("hex").replace("a1013822", "a1013823"), "hex"))).toContain("ES384");
    expect(refused(Buffer.concat([Buffer.from([0x98, 0x04]), document.subarray(1)]))).toContain("shortest encoding");
    expect(refused(Buffer.alloc(0))).toBeDefined();
    expect(refused(Buffer.alloc(40_000))).toContain("at most");
  });

  it(`does not pass with any of ${FLIPS} bits flipped, spread over the whole document`, () => {
    const bits = document.length * 8;
    const passed: number[] = [];
    const strange = new Set<string>();
    for (let i = 0; i < FLIPS; i += 1) {
      const bit = FLIPS >= bits ? i % bits : Math.floor((i * bits) / FLIPS);
      const flipped = Buffer.from(document);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const why = refused(flipped);
      if (why === undefined) passed.push(bit);
      else if (why.startsWith("another")) strange.add(why);
    }
    expect(passed).toEqual([]);
    expect([...strange]).toEqual([]);
  }, 600_000);

  it(`does not pass with any of ${FLIPS} bits of its certificates flipped, though the document is signed again`, () => {
    const certificates = [...pki.attester.cabundle, pki.attester.certificate].map((one) => Buffer.from(one, "base64"));
    const bits = certificates.reduce((sum, { length }) => sum + length * 8, 0);
    const passed: string[] = [];
    for (let i = 0; i < FLIPS; i += 1) {
      let bit = FLIPS >= bits ? i % bits : Math.floor((i * bits) / FLIPS);
      const changed = certificates.map((one) => Buffer.from(one));
      for (const certificate of changed) {
        if (bit >= 0 && bit < certificate.length * 8) certificate[bit >> 3] = (certificate[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        bit -= certificate.length * 8;
      }
      const views = changed.map((one) => new Uint8Array(one));
      const why = refused(
        resigned((fields) => {
          fields.set("cabundle", views.slice(0, -1));
          fields.set("certificate", views.at(-1));
        }),
      );
      if (why === undefined || why.startsWith("another")) passed.push(`${i}: ${why}`);
    }
    expect(passed).toEqual([]);
  }, 600_000);
});
