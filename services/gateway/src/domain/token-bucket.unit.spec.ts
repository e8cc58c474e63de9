import { describe, expect, it } from "vitest";
import { clientNetwork } from "./client-network.js";
import { fingerprintOf } from "./fingerprint.js";
import { TokenBuckets } from "./token-bucket.js";

describe("token buckets", () => {
  it("grant a burst, then the rate, and say how long to wait", () => {
    const buckets = new TokenBuckets({ perSecond: 2, burst: 2 }, 10);
    expect([buckets.take("a", 0), buckets.take("a", 0)]).toEqual([0, 0]);
    expect(buckets.take("a", 0)).toBe(0.5);
    expect(buckets.take("a", 499)).toBeGreaterThan(0);
    expect(buckets.take("a", 500)).toBe(0);
    expect(buckets.take("b", 500)).toBe(0);
  });

  it("never hold more than the burst, and take no token back when the clock goes back", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 10);
    expect(buckets.take("a", 1_000_000)).toBe(0);
    expect(buckets.take("a", 0)).toBe(1);
    expect([buckets.take("a", 5_000_000), buckets.take("a", 5_000_000)]).toEqual([0, 1]);
  });

  it("forget the least recently used key when there are too many", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 2);
    for (const key of ["a", "b", "a", "c"]) buckets.take(key, 0);
    expect(buckets.take("a", 0)).toBe(1);
    expect(buckets.take("b", 0)).toBe(0);
  });
});

describe("the network of a client", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("of %s is %s", (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });
});

describe("the fingerprint of a body", () => {
  it("does not depend on the order of fields, but on every value", () => {
    expect(fingerprintOf({ a: "1", b: { c: "2", d: "3" } })).toBe(fingerprintOf({ b: { d: "3", c: "2" }, a: "1" }));
    expect(fingerprintOf({ a: "1" })).not.toBe(fingerprintOf({ a: "2" }));
  });
});
