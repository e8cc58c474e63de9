import { describe, expect, it } from "vitest";
import { clientNetwork } from "./client-network.js";
import { fingerprintOf } from "./fingerprint.js";

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
