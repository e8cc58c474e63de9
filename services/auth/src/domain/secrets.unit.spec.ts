import { describe, expect, it } from "vitest";
import type { Random } from "#platform/kernel/random.js";
import { nonceUsed } from "./nonce-used.js";
import { csrfTokenOf, newNonce, newSecret, secretHash } from "./opaque-secret.js";

const random: Random = { bytes: (length) => new Uint8Array(length).fill(0xfb), fraction: () => 0 };

describe("a secret of auth", () => {
  it("has 256 bits in base64url", () => {
    expect(newSecret(random)).toBe(Buffer.alloc(32, 0xfb).toString("base64url"));
  });

  it("is a nonce of 128 bits in letters and digits only, as EIP-4361 demands", () => {
    expect(newNonce(random)).toBe("fb".repeat(16));
  });

  it("is stored as its SHA-256 (FIPS 180-4, message abc)", () => {
    expect(secretHash("abc").toString("hex")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("gives a CSRF token of 43 characters fit for a header, the same in every release", () => {
    expect(csrfTokenOf("web-session")).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(csrfTokenOf("web-session")).not.toBe(csrfTokenOf("web-sessioN"));
  });
});

describe("a nonce that cannot be consumed", () => {
  it("is refused without a word on which of the reasons it is", () => {
    expect(nonceUsed()).toMatchObject({
      code: "NONCE_USED",
      message: "the sign-in nonce is unknown, used or expired; ask for a new one",
      details: {},
    });
  });
});
