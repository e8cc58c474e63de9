import { describe, expect, it } from "vitest";
import { cosignatures, openCheckpoint, parseCheckpoint, signCheckpoint } from "./checkpoint.js";
import { EMPTY_ROOT } from "./hash.js";
import { LogError } from "./log-error.js";
import { parseSigner, parseVerifier, signerOf, signerText } from "./note-key.js";
import { cosign, parseNote } from "./signed-note.js";

const ORIGIN = "example.org/audit";
const log = signerOf(ORIGIN, 1, Buffer.alloc(32, 1));
const next = signerOf(ORIGIN, 1, Buffer.alloc(32, 2));
const witness = signerOf("witness.example", 4, Buffer.alloc(32, 3));
const checkpoint = { origin: ORIGIN, size: 7, root: EMPTY_ROOT };
const signed = signCheckpoint(checkpoint, [log]);
const keys = [log.verifier];
const faultOf = (work: () => unknown) => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof LogError ? error.fault : error;
  }
};
const edited = (from: string, to: string) => Buffer.from(signed.toString().replace(from, to));

describe("a checkpoint", () => {
  it("says origin, size and root, and opens with the log's key", () => {
    expect(signed.toString().split("\n").slice(0, 4)).toEqual([ORIGIN, "7", EMPTY_ROOT.toString("base64"), ""]);
    expect(openCheckpoint(signed, ORIGIN, keys)).toMatchObject(checkpoint);
  });

  it("opens with the old key and with the new one while both sign", () => {
    const both = signCheckpoint(checkpoint, [log, next]);
    expect(openCheckpoint(both, ORIGIN, [log.verifier]).size).toBe(7);
    expect(openCheckpoint(both, ORIGIN, [next.verifier]).size).toBe(7);
  });

  it.each([
    ["another size", () => openCheckpoint(edited("\n7\n", "\n8\n"), ORIGIN, keys), "BAD_SIGNATURE"],
    ["another log's name", () => openCheckpoint(signed, "example.org/other", keys), "BAD_SIGNATURE"],
    ["no key of the log", () => openCheckpoint(signed, ORIGIN, [next.verifier]), "BAD_SIGNATURE"],
    ["only a witness's key", () => openCheckpoint(signed, ORIGIN, [witness.verifier]), "BAD_SIGNATURE"],
    ["a size with a leading zero", () => parseCheckpoint(edited("\n7\n", "\n07\n")), "MALFORMED"],
    ["an extension line", () => parseCheckpoint(edited("U=\n", "U=\nmore\n")), "MALFORMED"],
    ["a root that is too short", () => parseCheckpoint(edited("47DEQpj8", "")), "MALFORMED"],
    ["bytes after its last signature", () => parseCheckpoint(Buffer.concat([signed, Buffer.from("x")])), "MALFORMED"],
    ["a carriage return", () => parseCheckpoint(edited("\n7", "\r\n7")), "MALFORMED"],
    ["no signature", () => parseCheckpoint(Buffer.from(`${ORIGIN}\n7\n`)), "MALFORMED"],
  ])("is refused with %s", (_, open, fault) => {
    expect(faultOf(open)).toBe(fault);
  });
});

describe("a cosignature", () => {
  const note = parseNote(signed);
  const cosigned = Buffer.concat([signed, Buffer.from(cosign(note.text, witness, 1_700_000_000n))]);

  it("says when the witness saw the checkpoint", () => {
    const [seen] = cosignatures(parseCheckpoint(cosigned), [witness.verifier]);
    expect(seen?.time).toBe(1_700_000_000n);
    expect(openCheckpoint(cosigned, ORIGIN, keys).size).toBe(7);
  });

  it("does not hold under another checkpoint", () => {
    const other = signCheckpoint({ ...checkpoint, size: 8 }, [log]);
    const replayed = Buffer.concat([other, Buffer.from(cosign(note.text, witness, 1n))]);
    expect(faultOf(() => cosignatures(parseCheckpoint(replayed), [witness.verifier]))).toBe("BAD_SIGNATURE");
  });

  it("is ignored when nobody asked for that witness", () => {
    expect(cosignatures(parseCheckpoint(cosigned), [])).toEqual([]);
  });
});

describe("a key", () => {
  it("is written and read as Go's note package does", () => {
    const text = signerText(ORIGIN, 1, Buffer.alloc(32, 1));
    expect(parseSigner(text).verifier.text).toBe(log.verifier.text);
    expect(parseVerifier(log.verifier.text).keyHash).toBe(log.verifier.keyHash);
    // The key of the example in golang.org/x/mod/sumdb/note.
    const peter = parseVerifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    expect(peter.keyHash).toBe(0xc74f20a3);
  });

  it("is refused with a hash that is not its own, and the text of a signing key is not repeated", () => {
    const text = signerText(ORIGIN, 1, Buffer.alloc(32, 1));
    expect(faultOf(() => parseVerifier(log.verifier.text.replace(/\+[0-9a-f]{8}\+/, "+00000000+")))).toBe("MALFORMED");
    expect(() => parseSigner(text.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toThrow(/another hash/);
    expect(() => parseSigner("PRIVATE+KEY+broken")).toThrow(/33 bytes/);
  });
});
