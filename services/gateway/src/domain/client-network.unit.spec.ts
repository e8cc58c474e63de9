import { describe, expect, it } from "vitest";
import { clientNetwork } from "./client-network.js";

describe("the network a client is counted by", () => {
  it.each([
    ["192.168.100.200", "192.168.100.200"],
    ["::FFFF:192.168.100.200", "192.168.100.200"],
    ["not an address", "not an address"],
  ])("is the IPv4 address, however it is written: %s", (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });

  it.each([
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:db8::3:4:5:6:7", "2001:db8:0:3::/64"],
    ["::3:4:5:6:7:8", "0:0:3:4::/64"],
    ["::2:3:4:5:6:7:8", "0:2:3:4::/64"],
    ["2001::7:8", "2001:0:0:0::/64"],
    ["2001:db8:a:b:c:d:e::", "2001:db8:a:b::/64"],
    ["::", "0:0:0:0::/64"],
    ["2001:0DB8:000A:000B:1:2:3:4", "2001:db8:a:b::/64"],
  ])("is the /64 of an IPv6 address, wherever its zeros are left out: %s", (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });

  it("does not let a client pass for the IPv4 address that its own address ends like", () => {
    expect(clientNetwork("2001:db8::ffff:10.1.2.3")).not.toBe("10.1.2.3");
    expect(clientNetwork("::ffff:10.1.2.3:7")).not.toBe("10.1.2.3");
  });
});
