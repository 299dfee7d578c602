import { describe, expect, it } from "vitest";
import { host, internet, prefixList, reach, readNetwork } from "../src/index.js";
import { change, type Fixture, groupRule, id, of, platform, remove } from "./fixture.js";
import { alb, app, db } from "./hosts.js";

const VIEWER = internet("198.51.100.7");
const https = { protocol: "tcp", port: 443 } as const;

describe("rules of a security group", () => {
  it("refuse everything when there are none", () => {
    const fixture = platform();
    remove(fixture, "aws_vpc_security_group_ingress_rule.alb_https");
    const answer = reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https });
    expect([answer.request, answer.reason]).toEqual([
      "refused",
      "refused by security group aws_security_group.alb: no inbound rule allows tcp from 198.51.100.7 to port 443",
    ]);
  });

  it("need no rule for replies", () => {
    const fixture = platform();
    const model = readNetwork(fixture);
    expect(
      model.securityGroups.find((each) => each.address === "aws_security_group.db")?.rules.outbound,
    ).toEqual([]);
    const answer = reach(model, { from: app, to: db, protocol: "tcp", port: 5432 });
    expect(answer.trace.filter((hop) => hop.leg === "reply" && hop.check === "security group")).toEqual([
      {
        leg: "reply",
        check: "security group",
        at: "aws_security_group.db",
        decision: "allowed",
        by: "stateful: the reply of a request it let pass",
      },
      {
        leg: "reply",
        check: "security group",
        at: "aws_security_group.app",
        decision: "allowed",
        by: "stateful: the reply of a request it let pass",
      },
    ]);
  });

  it("refuse on the way out as well as on the way in", () => {
    const fixture = platform();
    remove(fixture, "aws_vpc_security_group_egress_rule.app_db");
    expect(reach(readNetwork(fixture), { from: app, to: db, protocol: "tcp", port: 5432 }).reason).toBe(
      "refused by security group aws_security_group.app: no outbound rule allows tcp 10.0.20.4:5432",
    );
  });

  it("are added up over all groups of an interface", () => {
    const fixture = platform();
    of(fixture, "aws_security_group")["extra"] = { vpc_id: "${aws_vpc.main.id}" };
    of(fixture, "aws_vpc_security_group_ingress_rule")["extra"] = groupRule("extra", "tcp", 8443, 8443, {
      cidr_ipv4: "0.0.0.0/0",
    });
    const both = host({
      subnet: "aws_subnet.public_a",
      securityGroups: ["aws_security_group.alb", "aws_security_group.extra"],
      publicIp: true,
    });
    const model = readNetwork(fixture);
    expect(reach(model, { from: VIEWER, to: both, protocol: "tcp", port: 8443 }).reply).toBe(true);
    expect(reach(model, { from: VIEWER, to: both, protocol: "tcp", port: 443 }).reply).toBe(true);
    expect(reach(model, { from: VIEWER, to: both, protocol: "tcp", port: 8444 }).reason).toBe(
      "refused by security group aws_security_group.alb + aws_security_group.extra: no inbound rule allows tcp from 198.51.100.7 to port 8444",
    );
  });

  it("name the rule that allowed, with its description", () => {
    const answer = reach(readNetwork(platform()), { from: VIEWER, to: alb, ...https });
    expect(answer.trace.filter((hop) => hop.leg === "request").at(-1)?.by).toBe(
      'inbound rule aws_vpc_security_group_ingress_rule.alb_https "HTTPS"',
    );
  });
});

describe("rules that name a group", () => {
  it("refuse a host that is in another group", () => {
    const fixture = platform();
    change(fixture, "aws_vpc_security_group_ingress_rule.db_postgres", {
      referenced_security_group_id: id("alb"),
    });
    expect(reach(readNetwork(fixture), { from: app, to: db, protocol: "tcp", port: 5432 }).reason).toBe(
      "refused by security group aws_security_group.db: no inbound rule allows tcp from 10.0.10.4 to port 5432",
    );
  });

  it("do not match at public addresses, where AWS sees only the address", () => {
    const fixture = platform();
    of(fixture, "aws_vpc_security_group_ingress_rule")["alb_from_app"] = groupRule("alb", "tcp", 8443, 8443, {
      referenced_security_group_id: id("app"),
    });
    of(fixture, "aws_vpc_security_group_egress_rule")["app_out"] = groupRule("app", "tcp", 8443, 8443, {
      cidr_ipv4: "0.0.0.0/0",
    });
    change(fixture, "aws_network_acl_rule.app_out_100", { to_port: 8443 });
    const model = readNetwork(fixture, { values: { "aws_eip.nat.public_ip": "203.0.113.10" } });
    const question = { from: app, to: alb, protocol: "tcp", port: 8443 } as const;
    expect(reach(model, { ...question, via: "private" }).reply).toBe(true);
    const byPublic = reach(model, { ...question, via: "public" });
    expect([byPublic.request, byPublic.reason]).toEqual([
      "refused",
      "refused by security group aws_security_group.alb: no inbound rule allows tcp from 203.0.113.10 to port 8443",
    ]);
    of(fixture, "aws_vpc_security_group_ingress_rule")["nat"] = groupRule("alb", "tcp", 8443, 8443, {
      cidr_ipv4: "${aws_eip.nat.public_ip}/32",
    });
    const known = { values: { "aws_eip.nat.public_ip": "203.0.113.10" } };
    expect(reach(readNetwork(fixture, known), { ...question, via: "public" }).reply).toBe(true);
  });

  it("do not match the internet", () => {
    const fixture = platform();
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", {
      cidr_ipv4: null,
      referenced_security_group_id: id("app"),
    });
    expect(reach(readNetwork(fixture), { from: internet(), to: alb, ...https }).request).toBe("refused");
  });

  it("mean their own group with self", () => {
    const fixture = platform();
    of(fixture, "aws_security_group_rule")["self_in"] = selfRule("ingress");
    of(fixture, "aws_security_group_rule")["self_out"] = selfRule("egress");
    const model = readNetwork(fixture);
    const twin = host({ subnet: "aws_subnet.app_b", securityGroups: ["aws_security_group.app"] });
    expect(reach(model, { from: app, to: twin, protocol: "tcp", port: 9000 }).request).toBe("allowed");
    // A host of the default group may send anything to anyone, so that only the app's own rules can refuse.
    const stranger = host({ subnet: "aws_subnet.app_b" });
    expect(reach(model, { from: stranger, to: app, protocol: "tcp", port: 9000 }).reason).toBe(
      "refused by security group aws_security_group.app: no inbound rule allows tcp from 10.0.11.4 to port 9000",
    );
  });

  it("are unknown when they name a group by an id, until the ids of the groups are given", () => {
    const fixture = platform();
    change(fixture, "aws_vpc_security_group_ingress_rule.db_postgres", {
      referenced_security_group_id: "sg-0abc",
    });
    const question = { from: app, to: db, protocol: "tcp", port: 5432 } as const;
    expect(reach(readNetwork(fixture), question).reason).toBe(
      'unknown: aws_vpc_security_group_ingress_rule.db_postgres: sg-0abc may be a group of the other host; give the ids of the groups as values: { "aws_security_group.<name>.id": "sg-…" }',
    );
    const ids = { values: { "aws_security_group.app.id": "sg-0abc" } };
    expect(reach(readNetwork(fixture, ids), question).reply).toBe(true);
    const others = { values: { "aws_security_group.alb.id": "sg-0abc" } };
    expect(reach(readNetwork(fixture, others), question).request).toBe("refused");
  });
});

describe("inline rules", () => {
  const inline = (fixture: Fixture, ingress: unknown): void => {
    remove(fixture, "aws_vpc_security_group_ingress_rule.alb_https");
    change(fixture, "aws_security_group.alb", { ingress });
  };
  const rule = {
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    cidr_blocks: ["0.0.0.0/0"],
    ipv6_cidr_blocks: ["::/0"],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
  };

  it("are read", () => {
    const fixture = platform();
    inline(fixture, [rule]);
    const answer = reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https });
    expect(answer.trace.filter((hop) => hop.leg === "request").at(-1)?.by).toBe(
      "inbound rule aws_security_group.alb ingress[0]",
    );
    expect(answer.reply).toBe(true);
  });

  it("are read when there is one, written as an object, and with groups", () => {
    const fixture = platform();
    remove(fixture, "aws_vpc_security_group_ingress_rule.app_http");
    change(fixture, "aws_security_group.app", {
      ingress: { protocol: "-1", from_port: 0, to_port: 0, security_groups: [id("alb")] },
    });
    const model = readNetwork(fixture);
    expect(reach(model, { from: alb, to: app, protocol: "tcp", port: 8080 }).reply).toBe(true);
    const stranger = host({ subnet: "aws_subnet.app_b" });
    expect(reach(model, { from: stranger, to: app, protocol: "tcp", port: 8080 }).reason).toBe(
      "refused by security group aws_security_group.app: no inbound rule allows tcp from 10.0.11.4 to port 8080",
    );
  });

  it("refuse everything when they are an empty list", () => {
    const fixture = platform();
    inline(fixture, []);
    expect(reach(readNetwork(fixture), { from: internet(), to: alb, ...https }).request).toBe("refused");
  });

  it("make separate rules uncertain, because each apply takes those away", () => {
    const fixture = platform();
    change(fixture, "aws_security_group.alb", { ingress: [] });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "unknown: aws_security_group.alb: it has inline ingress rules and separate rule resources, which undo each other at every apply; use one of the two",
    );
  });
});

describe("an interface without groups", () => {
  const plain = host({ subnet: "aws_subnet.app_a" });

  it("has the VPC's default group: all from itself, all to anywhere", () => {
    const model = readNetwork(platform());
    expect(reach(model, { from: plain, to: plain, protocol: "tcp", port: 9000 }).reply).toBe(true);
    expect(reach(model, { from: plain, to: VIEWER, ...https }).reply).toBe(true);
    expect(reach(model, { from: alb, to: plain, protocol: "tcp", port: 8080 }).request).toBe("refused");
  });

  it("reaches nothing once the default group is adopted without rules", () => {
    const fixture = platform();
    of(fixture, "aws_default_security_group")["default"] = { vpc_id: "${aws_vpc.main.id}" };
    const model = readNetwork(fixture);
    expect(reach(model, { from: plain, to: VIEWER, ...https }).reason).toBe(
      "refused by security group aws_default_security_group.default: no outbound rule allows tcp 198.51.100.7:443",
    );
    expect(reach(model, { from: plain, to: plain, protocol: "tcp", port: 9000 }).request).toBe("refused");
  });
});

describe("prefix lists", () => {
  const CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing";
  const locked = (): Fixture => {
    const fixture = platform();
    fixture.data["aws_ec2_managed_prefix_list"] = { cloudfront: { name: CLOUDFRONT } };
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", {
      cidr_ipv4: null,
      prefix_list_id: "${data.aws_ec2_managed_prefix_list.cloudfront.id}",
    });
    return fixture;
  };

  it("are unknown, never allowed and never refused, while their contents are not given", () => {
    const model = readNetwork(locked());
    for (const from of [internet(), VIEWER, internet("13.32.0.1")]) {
      const answer = reach(model, { from, to: alb, ...https });
      expect([answer.request, answer.reachable, answer.reason]).toEqual([
        "unknown",
        false,
        `unknown: data.aws_ec2_managed_prefix_list.cloudfront: the contents of prefix list ${CLOUDFRONT} are not in the file; give them as prefixLists: { "${CLOUDFRONT}": ["…/…"] }`,
      ]);
    }
  });

  it("allow their addresses and no others once they are given", () => {
    const model = readNetwork(locked(), {
      prefixLists: { [CLOUDFRONT]: ["13.32.0.0/15", "2600:9000::/28"] },
    });
    expect(reach(model, { from: internet("13.33.255.255"), to: alb, ...https }).reply).toBe(true);
    expect(reach(model, { from: internet("13.34.0.0"), to: alb, ...https }).request).toBe("refused");
    expect(reach(model, { from: internet(), to: alb, ...https }).request).toBe("partly");
    expect(reach(model, { from: prefixList(CLOUDFRONT), to: alb, ...https }).reply).toBe(true);
  });

  it("let their own hosts in even while it is not known which addresses those are", () => {
    const model = readNetwork(locked());
    expect(reach(model, { from: prefixList(CLOUDFRONT), to: alb, ...https }).reply).toBe(true);
    const fixture = locked();
    change(fixture, "aws_network_acl_rule.public_in_100", { cidr_block: "13.32.0.0/15" });
    const answer = reach(readNetwork(fixture), { from: prefixList(CLOUDFRONT), to: alb, ...https });
    expect([answer.request, answer.reason]).toEqual([
      "unknown",
      `unknown: the addresses of prefix list ${CLOUDFRONT} are not known, and only some would pass; refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no inbound rule matches tcp from 198.51.100.7 to port 443 (implicit deny *)`,
    ]);
  });

  it("of one's own are read from the file", () => {
    const fixture = platform();
    of(fixture, "aws_ec2_managed_prefix_list")["clinics"] = {
      name: "clinics",
      address_family: "IPv4",
      max_entries: 2,
      entry: [{ cidr: "203.0.113.0/24" }],
    };
    of(fixture, "aws_ec2_managed_prefix_list_entry")["more"] = {
      prefix_list_id: "${aws_ec2_managed_prefix_list.clinics.id}",
      cidr: "198.51.100.0/28",
    };
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", {
      cidr_ipv4: null,
      prefix_list_id: "${aws_ec2_managed_prefix_list.clinics.id}",
    });
    const model = readNetwork(fixture);
    expect(reach(model, { from: VIEWER, to: alb, ...https }).reply).toBe(true);
    expect(reach(model, { from: internet("203.0.113.200"), to: alb, ...https }).reply).toBe(true);
    expect(reach(model, { from: internet("198.51.100.16"), to: alb, ...https }).request).toBe("refused");
  });

  it("given with something that is not a CIDR are an error of the caller", () => {
    expect(() => readNetwork(platform(), { prefixLists: { [CLOUDFRONT]: ["13.32.0.0"] } })).toThrow(
      `prefixLists["${CLOUDFRONT}"] holds "13.32.0.0", which is not a CIDR. Write each entry as in "13.32.0.0/15".`,
    );
  });
});

function selfRule(type: string): Record<string, unknown> {
  return {
    type,
    security_group_id: "${aws_security_group.app.id}",
    protocol: "6",
    from_port: 9000,
    to_port: 9000,
    self: true,
  };
}
