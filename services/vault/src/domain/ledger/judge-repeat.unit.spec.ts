import { describe, expect, it } from "vitest";
import { checkSameDigest } from "./judge-repeat.js";

const entry = { digest: "0x01", generation: 1, deadline: 9n, signature: undefined } as const;

describe("a nonce that was used before", () => {
  it("may be asked for again with the digest it was signed for", () => {
    expect(() => checkSameDigest(entry, "0x01", "7")).not.toThrow();
  });

  it("is refused for any other digest", () => {
    expect(() => checkSameDigest(entry, "0x02", "7")).toThrow(
      expect.objectContaining({
        code: "NONCE_EQUIVOCATION",
        message: "nonce 7 belongs to another digest",
        details: { nonce: "7", signedDigest: "0x01", digest: "0x02" },
      }),
    );
  });
});
