import { describe, expect, it } from "vitest";
import { host, internet, type Reach, reach, readNetwork } from "../src/index.js";
import { aclRules, change, type Fixture, groupRule, of, platform, remove } from "./fixture.js";
import { alb, app, appB, db } from "./hosts.js";

const VIEWER = internet("198.51.100.7");

function ask(fixture: Fixture, question: Parameters<typeof reach>[1]): Reach {
  return reach(readNetwork(fixture), question);
}

describe("a platform whose rules are right", () => {
  it.each([
    ["a viewer to the load balancer", VIEWER, alb, 443],
    ["any viewer to the load balancer", internet(), alb, 443],
    ["the load balancer to the app", alb, app, 8080],
    ["the app to the database", app, db, 5432],
    ["the app to the internet by the NAT gateway", app, internet(), 443],
  ])("lets pass %s, and the reply", (_, from, to, port) => {
    const answer = ask(platform(), { from, to, protocol: "tcp", port });
    expect(answer.reason).toBeUndefined();
    expect([answer.reachable, answer.reply, answer.request, answer.answer]).toEqual([
      true,
      true,
      "allowed",
      "allowed",
    ]);
  });

  it.each([
    ["the internet to the database", internet(), db, 5432],
    ["the internet to the app", internet(), app, 8080],
    ["the internet to SSH on the app", internet(), app, 22],
    ["the load balancer to the database", alb, db, 5432],
    ["the database to the internet", db, internet(), 443],
  ])("refuses %s", (_, from, to, port) => {
    const answer = ask(platform(), { from, to, protocol: "tcp", port });
    expect([answer.reachable, answer.reply, answer.request, answer.answer]).toEqual([
      false,
      false,
      "refused",
      undefined,
    ]);
  });
});

describe("NACLs have no memory", () => {
  it("loses the reply when a public NACL lets out 80 and 443 and not the ports that clients choose", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", [
      [100, "allow", "tcp", "0.0.0.0/0", 80, 80],
      [110, "allow", "tcp", "0.0.0.0/0", 443, 443],
    ]);
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect([answer.reachable, answer.reply]).toEqual([true, false]);
    expect(answer.reason).toBe(
      "reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 198.51.100.7:1024 (implicit deny *)",
    );
  });

  it("names the first refused port when the ephemeral rule covers only Linux's own range", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", [[100, "allow", "tcp", "0.0.0.0/0", 32768, 65535]]);
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(answer.answer).toBe("partly");
    expect(answer.reason).toBe(
      "reply partly refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 198.51.100.7:1024 (implicit deny *); the rest passes",
    );
    const linux = { from: 32768, to: 60999 };
    expect(
      ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443, clientPorts: linux }).reply,
    ).toBe(true);
  });

  it("finds a single port that is missing in the middle of the ephemeral range", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", [
      [100, "allow", "tcp", "0.0.0.0/0", 1024, 40000],
      [110, "allow", "tcp", "0.0.0.0/0", 40002, 65535],
    ]);
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(answer.reason).toBe(
      "reply partly refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 198.51.100.7:40001 (implicit deny *); the rest passes",
    );
  });

  it("loses the load balancer's own requests when the public NACL does not let out the app port", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", [[100, "allow", "tcp", "0.0.0.0/0", 443, 443]]);
    const answer = ask(fixture, { from: alb, to: app, protocol: "tcp", port: 8080 });
    expect(answer.request).toBe("refused");
    expect(answer.reason).toBe(
      "refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 10.0.10.4:8080 (implicit deny *)",
    );
  });
});

describe("NAT keeps the internet's address", () => {
  it("loses replies when the private NACL lets in only the NAT gateway's subnet", () => {
    const fixture = platform();
    aclRules(fixture, "app", "in", [[110, "allow", "tcp", "10.0.0.0/24", 1024, 65535]]);
    const answer = ask(fixture, { from: app, to: VIEWER, protocol: "tcp", port: 443 });
    expect([answer.reachable, answer.reply]).toEqual([true, false]);
    expect(answer.reason).toBe(
      "reply refused by NACL aws_network_acl.app (telemedicina-dev-nacl-app): no inbound rule matches tcp from 198.51.100.7 to port 1024 (implicit deny *)",
    );
  });

  it("loses requests when the private NACL lets out only to the NAT gateway's subnet", () => {
    const fixture = platform();
    aclRules(fixture, "app", "out", [[100, "allow", "tcp", "10.0.0.0/24", 443, 443]]);
    const answer = ask(fixture, { from: app, to: VIEWER, protocol: "tcp", port: 443 });
    expect(answer.reason).toBe(
      "refused by NACL aws_network_acl.app (telemedicina-dev-nacl-app): no outbound rule matches tcp 198.51.100.7:443 (implicit deny *)",
    );
  });

  it("crosses both subnets both ways, with the addresses that each border sees", () => {
    const answer = ask(platform(), { from: app, to: VIEWER, protocol: "tcp", port: 443 });
    expect(answer.trace.map((hop) => `${hop.leg} ${hop.check} ${hop.at}: ${hop.by}`)).toEqual([
      "request security group aws_security_group.app: outbound rule aws_vpc_security_group_egress_rule.app_https",
      "request NACL aws_network_acl.app (telemedicina-dev-nacl-app): outbound rule 100 (aws_network_acl_rule.app_out_100)",
      "request route table aws_route_table.app: aws_route.app leads to aws_nat_gateway.a",
      "request NAT gateway aws_nat_gateway.a: it stands in aws_subnet.public_a (subnet-public) and sends the packet on under its own address",
      "request NACL aws_network_acl.public (telemedicina-dev-nacl-public): inbound rule 100 (aws_network_acl_rule.public_in_100)",
      "request NACL aws_network_acl.public (telemedicina-dev-nacl-public): outbound rule 100 (aws_network_acl_rule.public_out_100)",
      "request route table aws_route_table.public: aws_route.public leads to aws_internet_gateway.main",
      "request internet gateway aws_internet_gateway.main: attached to aws_vpc.main",
      "reply NACL aws_network_acl.public (telemedicina-dev-nacl-public): inbound rule 110 (aws_network_acl_rule.public_in_110)",
      "reply route table aws_route_table.public: the local route of aws_vpc.main leads to the VPC itself",
      "reply NACL aws_network_acl.public (telemedicina-dev-nacl-public): outbound rule 110 (aws_network_acl_rule.public_out_110)",
      "reply NACL aws_network_acl.app (telemedicina-dev-nacl-app): inbound rule 110 (aws_network_acl_rule.app_in_110)",
      "reply security group aws_security_group.app: stateful: the reply of a request it let pass",
    ]);
  });

  it("needs the NAT gateway's subnet to let the host in from its private address", () => {
    const fixture = platform();
    aclRules(fixture, "public", "in", [
      [90, "deny", "tcp", "10.0.10.0/24", 443, 443],
      [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
      [110, "allow", "tcp", "0.0.0.0/0", 1024, 65535],
    ]);
    expect(ask(fixture, { from: app, to: VIEWER, protocol: "tcp", port: 443 }).reason).toBe(
      "refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): inbound rule 90 (aws_network_acl_rule.public_in_90) denies tcp from 10.0.10.4 to port 443",
    );
    expect(ask(fixture, { from: appB, to: VIEWER, protocol: "tcp", port: 443 }).reply).toBe(true);
  });

  it("needs the NAT gateway's subnet to let the reply in to the NAT gateway's own ports, whatever the host uses", () => {
    const fixture = platform();
    aclRules(fixture, "public", "in", [
      [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
      [110, "allow", "tcp", "0.0.0.0/0", 32768, 65535],
    ]);
    const clientPorts = { from: 32768, to: 60999 };
    const answer = ask(fixture, { from: app, to: VIEWER, protocol: "tcp", port: 443, clientPorts });
    expect(answer.reason).toBe(
      "reply partly refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no inbound rule matches tcp from 198.51.100.7 to port 1024 (implicit deny *); the rest passes",
    );
  });

  it("needs the NAT gateway's subnet to let the reply out to the host's private address", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", [
      [50, "deny", "tcp", "10.0.0.0/8", 1024, 65535],
      [100, "allow", "tcp", "0.0.0.0/0", 0, 65535],
    ]);
    expect(ask(fixture, { from: app, to: VIEWER, protocol: "tcp", port: 443 }).reason).toBe(
      "reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): outbound rule 50 (aws_network_acl_rule.public_out_50) denies tcp 10.0.10.4:1024",
    );
  });
});

describe("rules by protocol", () => {
  const turn = host({
    subnet: "aws_subnet.public_a",
    securityGroups: ["aws_security_group.turn"],
    publicIp: true,
  });
  const withTurn = (): Fixture => {
    const fixture = platform();
    of(fixture, "aws_security_group")["turn"] = { vpc_id: "${aws_vpc.main.id}" };
    of(fixture, "aws_vpc_security_group_ingress_rule")["turn"] = groupRule("turn", "udp", 3478, 3478, {
      cidr_ipv4: "0.0.0.0/0",
    });
    of(fixture, "aws_vpc_security_group_ingress_rule")["relay"] = groupRule("turn", "17", 49152, 65535, {
      cidr_ipv4: "0.0.0.0/0",
    });
    return fixture;
  };

  it("refuses TURN over udp where the NACL speaks only of tcp", () => {
    const answer = ask(withTurn(), { from: VIEWER, to: turn, protocol: "udp", port: 3478 });
    expect(answer.reason).toBe(
      "refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no inbound rule matches udp from 198.51.100.7 to port 3478 (implicit deny *)",
    );
  });

  it("lets TURN pass with udp rules both ways, the relay range included", () => {
    const fixture = withTurn();
    aclRules(fixture, "public", "in", [
      [100, "allow", "17", "0.0.0.0/0", 3478, 3478],
      [110, "allow", "udp", "0.0.0.0/0", 49152, 65535],
    ]);
    aclRules(fixture, "public", "out", [[100, "allow", "udp", "0.0.0.0/0", 1024, 65535]]);
    const model = readNetwork(fixture);
    expect(reach(model, { from: internet(), to: turn, protocol: "udp", port: 3478 }).reply).toBe(true);
    const relay = { from: 49152, to: 65535 };
    expect(reach(model, { from: internet(), to: turn, protocol: 17, portRange: relay }).reply).toBe(true);
    expect(reach(model, { from: internet(), to: turn, protocol: "tcp", port: 3478 }).request).toBe("refused");
  });

  it("needs a reply rule for udp too", () => {
    const fixture = withTurn();
    aclRules(fixture, "public", "in", [[100, "allow", "udp", "0.0.0.0/0", 3478, 3478]]);
    const answer = ask(fixture, { from: VIEWER, to: turn, protocol: "udp", port: 3478 });
    expect(answer.reason).toBe(
      "reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches udp 198.51.100.7:1024 (implicit deny *)",
    );
  });

  it("takes protocol -1 for every protocol and ignores its ports", () => {
    const fixture = withTurn();
    aclRules(fixture, "public", "in", [[100, "allow", "-1", "0.0.0.0/0", 80, 80]]);
    aclRules(fixture, "public", "out", [[100, "allow", "all", "0.0.0.0/0", 0, 0]]);
    expect(ask(fixture, { from: VIEWER, to: turn, protocol: "udp", port: 3478 }).reply).toBe(true);
  });

  it.each(["6", "tcp", "TCP"])("reads protocol %s as tcp", (protocol) => {
    const fixture = platform();
    aclRules(fixture, "public", "in", [[100, "allow", protocol, "0.0.0.0/0", 443, 443]]);
    const model = readNetwork(fixture);
    expect(reach(model, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reachable).toBe(true);
    expect(reach(model, { from: VIEWER, to: alb, protocol: "udp", port: 443 }).reachable).toBe(false);
  });
});

describe("ICMP", () => {
  const fragmentation = { protocol: "icmp", icmp: { type: 3, code: 4 }, established: true } as const;
  const allowIcmp = (fixture: Fixture, type: number, code: number): void => {
    change(fixture, "aws_network_acl_rule.public_in_110", {
      protocol: "1",
      icmp_type: type,
      icmp_code: code,
    });
  };

  it("refuses fragmentation needed (type 3 code 4) without a NACL rule, though the groups track the connection", () => {
    const answer = ask(platform(), { from: VIEWER, to: alb, ...fragmentation });
    expect(answer.reason).toBe(
      "refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no inbound rule matches icmp type 3 code 4 from 198.51.100.7 (implicit deny *)",
    );
  });

  it.each([
    [3, 4, true],
    [3, -1, true],
    [-1, -1, true],
    [3, 3, false],
    [8, 0, false],
  ])("with a rule for type %i code %i, passes: %s", (type, code, passes) => {
    const fixture = platform();
    allowIcmp(fixture, type, code);
    const answer = ask(fixture, { from: VIEWER, to: alb, ...fragmentation });
    expect([answer.reachable, answer.reply]).toEqual([passes, passes]);
  });

  it("asks the security groups about an ICMP message of no connection", () => {
    const fixture = platform();
    allowIcmp(fixture, -1, -1);
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "icmp", icmp: { type: 3, code: 4 } });
    expect(answer.reason).toBe(
      "refused by security group aws_security_group.alb: no inbound rule allows icmp type 3 code 4 from 198.51.100.7",
    );
  });

  it("reads type and code of a security group from its port attributes, and asks for the echo reply", () => {
    const fixture = platform();
    allowIcmp(fixture, 8, -1);
    of(fixture, "aws_vpc_security_group_ingress_rule")["ping"] = groupRule("alb", "icmp", 8, 0, {
      cidr_ipv4: "0.0.0.0/0",
    });
    const ping = { from: VIEWER, to: alb, protocol: "icmp", icmp: { type: 8, code: 0 } };
    expect(ask(fixture, ping).reason).toBe(
      "reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches icmp type 0 code 0 to 198.51.100.7 (implicit deny *)",
    );
    change(fixture, "aws_network_acl_rule.public_out_110", { protocol: "icmp", icmp_type: 0, icmp_code: 0 });
    expect(ask(fixture, ping).reply).toBe(true);
    change(fixture, "aws_vpc_security_group_ingress_rule.ping", { to_port: 1 });
    expect(ask(fixture, ping).request).toBe("refused");
  });
});

describe("order of rules", () => {
  it("lets the lowest number win, whatever the order in the file", () => {
    const fixture = platform();
    aclRules(fixture, "public", "in", [
      [200, "deny", "tcp", "0.0.0.0/0", 443, 443],
      [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
    ]);
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reachable).toBe(true);
  });

  it("lets a lower-numbered deny win over an allow, and names it", () => {
    const fixture = platform();
    of(fixture, "aws_network_acl_rule")["block"] = {
      network_acl_id: "${aws_network_acl.public.id}",
      rule_number: 90,
      rule_action: "deny",
      protocol: "tcp",
      cidr_block: "198.51.100.0/24",
      from_port: 0,
      to_port: 65535,
    };
    const model = readNetwork(fixture);
    const blocked = reach(model, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(blocked.reason).toBe(
      "refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): inbound rule 90 (aws_network_acl_rule.block) denies tcp from 198.51.100.7 to port 443",
    );
    expect(reach(model, { from: internet("203.0.113.9"), to: alb, protocol: "tcp", port: 443 }).reply).toBe(
      true,
    );
    // "The internet" is every address: one blocked network makes the answer partial, neither yes nor no.
    const everyone = reach(model, { from: internet(), to: alb, protocol: "tcp", port: 443 });
    expect([everyone.request, everyone.reachable]).toEqual(["partly", false]);
  });

  it("does not take two rules with one number, which AWS refuses, for either of them", () => {
    const fixture = platform();
    of(fixture, "aws_network_acl_rule")["twin"] = {
      network_acl_id: "${aws_network_acl.public.id}",
      rule_number: 100,
      rule_action: "deny",
      protocol: "tcp",
      cidr_block: "0.0.0.0/0",
      from_port: 443,
      to_port: 443,
    };
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect([answer.request, answer.reason]).toEqual([
      "unknown",
      "unknown: aws_network_acl.public: aws_network_acl_rule.public_in_100 and aws_network_acl_rule.twin have the same number 100 in the same direction, and AWS accepts only one",
    ]);
  });

  it("sees inline rules, with the nulls that cdktf writes", () => {
    const fixture = platform();
    aclRules(fixture, "public", "in", []);
    change(fixture, "aws_network_acl.public", {
      ingress: [
        {
          rule_no: 100,
          action: "allow",
          protocol: "tcp",
          cidr_block: "0.0.0.0/0",
          from_port: 443,
          to_port: 443,
          icmp_code: null,
          icmp_type: null,
          ipv6_cidr_block: null,
        },
        { rule_no: 101, action: "allow", protocol: "-1", ipv6_cidr_block: "::/0", from_port: 0, to_port: 0 },
      ],
    });
    const model = readNetwork(fixture);
    const answer = reach(model, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(answer.trace.find((hop) => hop.check === "NACL")?.by).toBe(
      "inbound rule 100 (aws_network_acl.public ingress[0])",
    );
    expect(answer.reply).toBe(true);
    expect(reach(model, { from: VIEWER, to: alb, protocol: "tcp", port: 80 }).request).toBe("refused");
    expect(model.findings).toEqual([]);
  });

  it("does not trust separate rules beside inline ones, which take each other away", () => {
    const fixture = platform();
    change(fixture, "aws_network_acl.public", { ingress: [] });
    const answer = ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(answer.reason).toBe(
      "unknown: aws_network_acl.public: it has inline ingress rules and separate aws_network_acl_rule resources, which undo each other at every apply; use one of the two",
    );
  });
});

describe("inside one subnet", () => {
  const neighbour = host({ subnet: "aws_subnet.app_a", securityGroups: ["aws_security_group.app"] });

  it("does not ask the NACL, only the groups", () => {
    const fixture = platform();
    aclRules(fixture, "app", "in", []);
    aclRules(fixture, "app", "out", []);
    of(fixture, "aws_vpc_security_group_ingress_rule")["peer"] = groupRule("app", "tcp", 7000, 7000, {
      referenced_security_group_id: "${aws_security_group.app.id}",
    });
    of(fixture, "aws_vpc_security_group_egress_rule")["peer"] = groupRule("app", "tcp", 7000, 7000, {
      referenced_security_group_id: "${aws_security_group.app.id}",
    });
    const model = readNetwork(fixture);
    const near = reach(model, { from: app, to: neighbour, protocol: "tcp", port: 7000 });
    expect([near.reachable, near.reply]).toEqual([true, true]);
    expect(near.trace.filter((hop) => hop.check === "NACL").map((hop) => hop.decision)).toEqual([
      "skipped",
      "skipped",
      "skipped",
      "skipped",
    ]);
    const far = reach(model, { from: app, to: appB, protocol: "tcp", port: 7000 });
    expect(far.reason).toBe(
      "refused by NACL aws_network_acl.app (telemedicina-dev-nacl-app): no outbound rule matches tcp 10.0.11.4:7000 (implicit deny *)",
    );
  });
});

describe("which NACL a subnet has", () => {
  const withoutOwnAcl = (): Fixture => {
    const fixture = platform();
    change(fixture, "aws_network_acl.public", { subnet_ids: [] });
    return fixture;
  };

  it("is the VPC's default, which allows everything, when it is given none", () => {
    const answer = ask(withoutOwnAcl(), { from: VIEWER, to: alb, protocol: "tcp", port: 443 });
    expect(answer.trace.find((hop) => hop.check === "NACL")).toEqual({
      leg: "request",
      check: "NACL",
      at: "aws_vpc.main.default_network_acl_id (dev-network/vpc/Vpc)",
      decision: "allowed",
      by: "inbound rule 100 (AWS's default NACL of aws_vpc.main)",
    });
    expect(answer.reply).toBe(true);
  });

  it("is the default, which refuses everything once it is adopted without rules", () => {
    const fixture = withoutOwnAcl();
    of(fixture, "aws_default_network_acl")["default"] = {
      default_network_acl_id: "${aws_vpc.main.default_network_acl_id}",
    };
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reason).toBe(
      "refused by NACL aws_default_network_acl.default: no inbound rule matches tcp from 198.51.100.7 to port 443 (implicit deny *)",
    );
  });

  it("is the default with its own rules when they are written", () => {
    const fixture = withoutOwnAcl();
    const all = {
      rule_no: 100,
      action: "allow",
      protocol: "-1",
      cidr_block: "0.0.0.0/0",
      from_port: 0,
      to_port: 0,
    };
    of(fixture, "aws_default_network_acl")["default"] = {
      default_network_acl_id: "${aws_vpc.main.default_network_acl_id}",
      ingress: [all],
      egress: [all],
    };
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reply).toBe(true);
  });

  it("is the one of an association resource", () => {
    const fixture = withoutOwnAcl();
    of(fixture, "aws_network_acl_association")["public"] = {
      network_acl_id: "${aws_network_acl.data.id}",
      subnet_id: "${aws_subnet.public_a.id}",
    };
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reason).toBe(
      "refused by NACL aws_network_acl.data (telemedicina-dev-nacl-data): no inbound rule matches tcp from 198.51.100.7 to port 443 (implicit deny *)",
    );
  });

  it("is unknown when two NACLs claim the subnet", () => {
    const fixture = platform();
    of(fixture, "aws_network_acl_association")["second"] = {
      network_acl_id: "${aws_network_acl.data.id}",
      subnet_id: "${aws_subnet.public_a.id}",
    };
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reason).toBe(
      "unknown: aws_subnet.public_a: it is given two NACLs, aws_network_acl.public and aws_network_acl.data",
    );
  });

  it("is unknown when an association's subnet can't be resolved, for every subnet it may be", () => {
    const fixture = withoutOwnAcl();
    of(fixture, "aws_network_acl_association")["public"] = {
      network_acl_id: "${aws_network_acl.public.id}",
      subnet_id: "${var.subnet}",
    };
    expect(ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", port: 443 }).reason).toBe(
      'unknown: aws_network_acl_association.public: subnet_id can\'t be resolved: a variable has no value in the file; give it as values: { "var.subnet": … }',
    );
  });
});

describe("port ranges", () => {
  it("refuses a question of which a part is refused, and names the first refused port", () => {
    const fixture = platform();
    aclRules(fixture, "public", "in", [[100, "allow", "tcp", "0.0.0.0/0", 440, 445]]);
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", { from_port: 0, to_port: 65535 });
    const ask443 = (from: number, to: number) =>
      ask(fixture, { from: VIEWER, to: alb, protocol: "tcp", portRange: { from, to } });
    expect(ask443(440, 445).request).toBe("allowed");
    expect(ask443(446, 500).request).toBe("refused");
    expect([ask443(443, 450).request, ask443(443, 450).reachable, ask443(443, 450).reason]).toEqual([
      "partly",
      false,
      "partly refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no inbound rule matches tcp from 198.51.100.7 to port 446 (implicit deny *); the rest passes",
    ]);
  });

  it("judges every address of a subnet, not one of them", () => {
    const fixture = platform();
    aclRules(fixture, "data", "in", [[100, "allow", "tcp", "10.0.10.0/25", 5432, 5432]]);
    const answer = ask(fixture, { from: app, to: db, protocol: "tcp", port: 5432 });
    expect([answer.request, answer.reason]).toEqual([
      "partly",
      "partly refused by NACL aws_network_acl.data (telemedicina-dev-nacl-data): no inbound rule matches tcp from 10.0.10.128 to port 5432 (implicit deny *); the rest passes",
    ]);
    const low = host({
      subnet: "aws_subnet.app_a",
      securityGroups: ["aws_security_group.app"],
      ip: "10.0.10.9",
    });
    expect(ask(fixture, { from: low, to: db, protocol: "tcp", port: 5432 }).reply).toBe(true);
  });
});

it("sees a rule that is taken away", () => {
  const fixture = platform();
  remove(fixture, "aws_network_acl_rule.data_out_100");
  expect(ask(fixture, { from: app, to: db, protocol: "tcp", port: 5432 }).reason).toBe(
    "reply refused by NACL aws_network_acl.data (telemedicina-dev-nacl-data): no outbound rule matches tcp 10.0.10.4:1024 (implicit deny *)",
  );
});
