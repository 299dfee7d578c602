import { Address4, Address6 } from "ip-address";
import { describe, expect, it } from "vitest";
import { coturnConfig } from "../src/coturn/coturn-config.js";
import { deniedPeerRanges } from "../src/coturn/denied-peers.js";

/** As coturn 4.6 compares: families before addresses. */
function denied(address: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const [first = "", last = first] = range.split("-");
    return atMost(first, address) && atMost(address, last);
  });
}

function atMost(low: string, high: string): boolean {
  const six = (text: string) => text.includes(":");
  if (six(low) !== six(high)) return six(high) ? false : six(low);
  const value = (text: string) => (six(text) ? new Address6(text) : new Address4(text)).bigInt();
  return value(low) <= value(high);
}

describe("deniedPeerRanges", () => {
  const ranges = deniedPeerRanges(["10.20.0.0/16", "44.10.0.0/16", "2600:1f18:1234:5600::/56"]);

  it.each([
    [
      "0.0.0.1",
      "10.0.0.0",
      "10.255.255.255",
      "100.64.0.0",
      "100.127.255.255",
      "127.0.0.1",
      "169.254.169.254",
    ],
    [
      "172.16.0.0",
      "172.31.255.255",
      "192.0.0.1",
      "192.0.2.1",
      "192.88.99.1",
      "192.168.0.0",
      "192.168.255.255",
    ],
    [
      "198.18.0.0",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "240.0.0.0",
      "255.255.255.255",
    ],
    ["44.10.0.0", "44.10.255.255", "2600:1f18:1234:5600::", "2600:1f18:1234:56ff:ffff:ffff:ffff:ffff"],
    [
      "::1",
      "::a00:1",
      "::ffff:a00:1",
      "::ffff:808:808",
      "64:ff9b::a00:1",
      "64:ff9b:1::1",
      "2002:a00:1::",
      "2001::1",
    ],
    [
      "100::1",
      "2001:db8::1",
      "fc00::1",
      "fd00:ec2::254",
      "fdff:ffff::1",
      "fe80::1",
      "febf::1",
      "fec0::1",
      "ff02::1",
    ],
  ])("TURN-20, T-13: holds %s and its like", (...addresses) => {
    for (const address of addresses) expect(denied(address, ranges), address).toBe(true);
  });

  it.each([
    [
      "1.1.1.1",
      "8.8.8.8",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
      "128.0.0.0",
    ],
    [
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "191.255.255.255",
      "192.0.1.0",
      "192.167.255.255",
    ],
    ["44.9.255.255", "44.11.0.0", "223.255.255.255", "177.32.1.1"],
    [
      "2600:1f18:1234:5700::",
      "2600:1f18:1234:55ff:ffff::",
      "2001:4860::8888",
      "2804:14c::1",
      "2a00::1",
      "fbff::1",
    ],
  ])("T-13: leaves %s and its like alone", (...addresses) => {
    for (const address of addresses) expect(denied(address, ranges), address).toBe(false);
  });

  it("TURN-20: is what the builder takes, each range once", () => {
    const options = {
      realm: "example.com",
      "use-auth-secret": true,
      userdb: "/db",
      "denied-peer-ip": ranges,
    };

    expect(coturnConfig(options, "4.6").match(/denied-peer-ip=/g)).toHaveLength(ranges.length);
    expect(new Set(ranges).size).toBe(ranges.length);
    expect(deniedPeerRanges(["10.0.0.0/8"])).toEqual(deniedPeerRanges([]));
  });

  it("fails when a network has host bits, or is none", () => {
    expect(() => deniedPeerRanges(["10.0.1.0/16", "10.0.0.0/16", "vpc"])).toThrow(
      "deniedPeerRanges has 2 faults:\n" +
        '  - deniedPeerRanges: vpcCidrs[0] is "10.0.1.0/16". Allowed: a network without host bits, such as 10.0.0.0/16.\n' +
        '  - deniedPeerRanges: vpcCidrs[2] is "vpc". Allowed: a network without host bits, such as 10.0.0.0/16.',
    );
  });
});
