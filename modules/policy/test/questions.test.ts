import { describe, expect, it } from "vitest";
import { amazonService, host, internet, type Question, reach, readNetwork } from "../src/index.js";
import { of, platform } from "./fixture.js";
import { alb, app, db } from "./hosts.js";

const model = readNetwork(platform());
const good: Question = { from: app, to: db, protocol: "tcp", port: 5432 };

describe("a question that can't be asked", () => {
  it.each<[string, Partial<Question>, string]>([
    [
      "of a subnet that is not there",
      { from: host({ subnet: "aws_subnet.app_z" }) },
      "No subnet of the documents is aws_subnet.app_z; they hold aws_subnet.app_a (subnet-app), aws_subnet.app_b (subnet-app), aws_subnet.data_a (subnet-data), aws_subnet.public_a (subnet-public).",
    ],
    [
      "of several subnets at once",
      { from: host({ subnet: { tags: { Tier: "app" } } }) },
      "tagged Tier=app is more than one subnet: aws_subnet.app_a (subnet-app), aws_subnet.app_b (subnet-app). Name one by its address, or by its construct path.",
    ],
    [
      "of tags that nothing has",
      { from: host({ subnet: { tags: { Tier: "turn", Zone: "a" } } }) },
      "No subnet of the documents is tagged Tier=turn Zone=a; they hold aws_subnet.app_a (subnet-app), aws_subnet.app_b (subnet-app), aws_subnet.data_a (subnet-data), aws_subnet.public_a (subnet-public).",
    ],
    [
      "of a group that is not there",
      { from: host({ subnet: "aws_subnet.app_a", securityGroups: ["aws_security_group.nope"] }) },
      "No security group of the documents is aws_security_group.nope; they hold aws_security_group.alb, aws_security_group.app, aws_security_group.db, aws_vpc.main.default_security_group_id (dev-network/vpc/Vpc).",
    ],
    [
      "of an address that the subnet does not give",
      { from: host({ subnet: "aws_subnet.app_a", ip: "10.0.10.3" }) },
      "10.0.10.3 is not an address that AWS gives a host in aws_subnet.app_a (subnet-app): those are 10.0.10.4 to 10.0.10.254.",
    ],
    [
      "of a private address on the internet",
      { from: internet("10.0.0.1") },
      '"10.0.0.1" is not a public IPv4 address or CIDR; questions are about IPv4, and hosts of a VPC are asked about with host().',
    ],
    [
      "of IPv6",
      { from: internet("2001:db8::1") },
      '"2001:db8::1" is not a public IPv4 address or CIDR; questions are about IPv4, and hosts of a VPC are asked about with host().',
    ],
    [
      "without a port",
      { protocol: "udp", port: undefined as never },
      "tcp and udp need either port or portRange.",
    ],
    [
      "with two kinds of port",
      { portRange: { from: 1, to: 2 } },
      "tcp and udp need either port or portRange.",
    ],
    ["with a port that is none", { port: 70000 }, "port 70000 is not within 0-65535."],
    ["with a port for ICMP", { protocol: "icmp" }, "icmp has no ports; leave out port and portRange."],
    [
      "about every protocol at once",
      { protocol: "-1" },
      '"-1" is not one protocol; ask about tcp, udp, icmp or a protocol number, each by itself.',
    ],
    [
      "about an ICMP code that is none",
      { protocol: "icmp", port: undefined as never, icmp: { type: 3, code: 256 } },
      "icmp type 3 code 256 is not a type and code from 0 to 255.",
    ],
    [
      "from the internet to the internet",
      { from: internet(), to: internet() },
      "Neither end is in a VPC; one of them must be host().",
    ],
    [
      "from the internet to an Amazon service",
      { from: internet(), to: amazonService("dns") },
      "An Amazon service answers hosts of a VPC; ask from host() to amazonService().",
    ],
    [
      "by public address from the internet",
      { from: internet(), to: alb, via: "public" },
      'via: "public" is for two hosts of a VPC; the way to or from the internet is always public.',
    ],
  ])("%s, is an error that says so", (_, change, message) => {
    expect(() => reach(model, { ...good, ...change })).toThrow(message);
  });

  it("of a group in another VPC, is an error that says so", () => {
    const fixture = platform();
    of(fixture, "aws_vpc")["other"] = { cidr_block: "10.1.0.0/16" };
    of(fixture, "aws_security_group")["other"] = { vpc_id: "${aws_vpc.other.id}" };
    const from = host({ subnet: "aws_subnet.app_a", securityGroups: ["aws_security_group.other"] });
    expect(() => reach(readNetwork(fixture), { ...good, from })).toThrow(
      "aws_security_group.other is in another VPC than the subnet: AWS gives an interface only groups of its VPC.",
    );
  });
});
