import { createSiweMessage } from "viem/siwe";
import { describe, expect, it } from "vitest";
import { checkSignIn } from "./check-sign-in.js";
import { collect, requireOwner } from "./owner-signatures.js";
import { MAX_MESSAGE_LENGTH, parseSignIn } from "./siwe-message.js";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const RULES = { origins: ["https://app.example"], chainIds: [31337, 10] };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const text = (changes: object = {}) =>
  createSiweMessage({
    address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    chainId: 31337,
    domain: "app.example",
    uri: "https://app.example/login",
    version: "1",
    nonce: "0123456789abcdef",
    issuedAt: NOW,
    expirationTime: at(300),
    ...changes,
  });

describe("a refused sign-in", () => {
  it.each<[string, string, string, object]>([
    ["chainId", "one of 31337, 10", "1", { chainId: 1 }],
    ["domain", "a domain of this service", "evil.example", { domain: "evil.example" }],
    ["uri", "an origin of this service with the same domain", "https://evil.example/", { uri: "https://evil.example/" }],
    ["scheme", "https", "http", { scheme: "http" }],
    ["issuedAt", "at most 10 minutes ago", "2026-01-01T11:49:59.000Z", { issuedAt: at(-601) }],
    ["issuedAt", "at most 30 seconds ahead", "2026-01-01T12:00:31.000Z", { issuedAt: at(31) }],
    ["expirationTime", "required", "absent", { expirationTime: undefined }],
    ["expirationTime", "in the future", "2026-01-01T12:00:00.000Z", { expirationTime: NOW }],
    ["expirationTime", "at most 10 minutes after issuedAt", "2026-01-01T12:10:01.000Z", { expirationTime: at(601) }],
    ["notBefore", "not in the future", "2026-01-01T12:00:01.000Z", { notBefore: at(1) }],
  ])("says of the field %s that it must be %s, and that it saw %s", (field, rule, value, changes) => {
    expect(() => checkSignIn(parseSignIn(text(changes)), RULES, NOW)).toThrow(
      expect.objectContaining({ message: `sign-in message: ${field} must be ${rule}`, details: { field, rule, value } }),
    );
  });

  it("repeats no more than a hundred characters of what it saw", () => {
    const message = { ...parseSignIn(text()), domain: "a".repeat(150) };
    expect(() => checkSignIn(message, RULES, NOW)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ value: "a".repeat(100) }) }),
    );
  });

  it("may be exactly ten minutes old", () => {
    expect(() => checkSignIn({ ...parseSignIn(text()), issuedAt: at(-600), expiresAt: at(0) }, RULES, at(-0.5))).not.toThrow();
    expect(() => checkSignIn({ ...parseSignIn(text()), issuedAt: at(-600), expiresAt: at(0) }, RULES, NOW)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: "expirationTime" }) }),
    );
  });
});

describe("a malformed sign-in message", () => {
  const malformed = (rule: string, value: string) =>
    expect.objectContaining({ code: "VALIDATION_FAILED", details: { field: "message", rule, value } });

  it("is not looked at when it is too long, and its length is said", () => {
    expect(MAX_MESSAGE_LENGTH).toBe(4_000);
    const room = 4_000 - text({ statement: "" }).length;
    const longest = text({ statement: "a".repeat(room - 1) });
    const filled = longest.length > 4_000 ? text({ statement: "a".repeat(room - 1 - (longest.length - 4_000)) }) : longest;
    expect(() => parseSignIn(filled.padEnd(4_001))).toThrow(malformed("at most 4000 characters", "4001 characters"));
    expect(() => parseSignIn(filled.padEnd(4_001))).toThrow(expect.objectContaining({ message: "message: at most 4000 characters" }));
    expect(filled).toHaveLength(4_000);
    expect(parseSignIn(filled).text).toBe(filled);
  });

  it("is named by its beginning when its grammar is broken, with the parser's complaint as the cause", () => {
    const refusal = malformed("EIP-4361", "x".repeat(100));
    expect(() => parseSignIn("x".repeat(300))).toThrow(refusal);
    expect(() => parseSignIn("x".repeat(300))).toThrow(
      expect.objectContaining({ message: "message: must be a sign-in message of EIP-4361", cause: expect.anything() }),
    );
  });

  it("is read with an address whose checksum has capitals only", () => {
    const address = "0x3795C946AB124FA6F37A2D45775BBF051406189E";
    expect(parseSignIn(text().replace("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", address)).address).toBe(address);
  });

  it("is refused with an address in lower case, which could hide a typing error", () => {
    const address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    const lower = text().replace("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", address);
    expect(() => parseSignIn(lower)).toThrow(malformed("address in EIP-55 checksum form", address));
  });
});

describe("the owners of a Safe", () => {
  const owner = "0x00000000000000000000000000000000000000Aa";
  const safe = { owners: [owner], threshold: 1 } as const;

  it("are enough as soon as the threshold is reached, not one later", () => {
    const signature = { owner, signature: "0x01" } as const;
    expect(collect([signature], safe)).toEqual({ status: "enough", collected: 1, needed: 1, signatures: [signature] });
  });

  it("are named in the refusal of a stranger", () => {
    const value = "0x00000000000000000000000000000000000000bb";
    expect(() => requireOwner(value, safe)).toThrow(
      expect.objectContaining({
        message: "owner: must be an owner of the account",
        details: { field: "owner", rule: "an owner of the account", value },
      }),
    );
  });
});
