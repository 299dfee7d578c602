import { flows, ports, turnRelayPorts } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { fullNetwork, idOf, network, securityGroupRules, tagsOf } from "./support.js";

const openToInternet = {
  loadBalancerIngress: { from: "internet", reason: "No CloudFront here yet" },
} as const;
const ruleTypes = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

const byDefault = network();
const open = network(openToInternet);
const full = fullNetwork();

describe("security groups", () => {
  it("NET-07: makes exactly the rules of the port matrix by default", () => {
    expect(securityGroupRules(byDefault)).toEqual([
      "egress alb tcp 8080-8080 app",
      "egress app tcp 443-443 0.0.0.0/0",
      "egress app tcp 5432-5432 database",
      "egress app tcp 6379-6379 cache",
      "egress turn all 0.0.0.0/0",
      "ingress alb tcp 443-443 list:cloudfront",
      "ingress app tcp 8080-8080 alb",
      "ingress cache tcp 6379-6379 app",
      "ingress database tcp 5432-5432 app",
      "ingress turn tcp 3478-3478 0.0.0.0/0",
      "ingress turn tcp 5349-5349 0.0.0.0/0",
      "ingress turn udp 3478-3478 0.0.0.0/0",
      "ingress turn udp 49152-65535 0.0.0.0/0",
    ]);
  });

  it("NET-07: adds the rules of endpoints, administrators and open viewers where they are asked for", () => {
    const defaults = securityGroupRules(byDefault);
    const added = securityGroupRules(full).filter((rule) => !defaults.includes(rule));

    expect(added).toEqual([
      "egress app tcp 443-443 endpoints",
      "egress turn tcp 443-443 endpoints",
      "ingress alb tcp 443-443 0.0.0.0/0",
      "ingress alb tcp 80-80 0.0.0.0/0",
      "ingress app tcp 22-22 10.200.0.0/24",
      "ingress app tcp 22-22 10.201.0.0/24",
      "ingress endpoints tcp 443-443 app",
      "ingress endpoints tcp 443-443 turn",
    ]);
  });

  it("DB-10: puts RDS Proxy between application and database where it is asked for, and leaves the direct way", () => {
    const defaults = securityGroupRules(byDefault);
    const added = securityGroupRules(network({ databaseProxy: true })).filter(
      (rule) => !defaults.includes(rule),
    );

    expect(added).toEqual([
      "egress app tcp 5432-5432 database-proxy",
      "egress database-proxy tcp 5432-5432 database",
      "ingress database tcp 5432-5432 database-proxy",
      "ingress database-proxy tcp 5432-5432 app",
    ]);
  });

  it("PORT-04: opens 8080 on the application to the load balancer alone", () => {
    expect(opening(8080)).toEqual(["ingress app tcp 8080-8080 alb"]);
  });

  it("PORT-05: opens SSH only where administrators are named", () => {
    expect(securityGroupRules(byDefault).filter((rule) => rule.includes(" 22-22 "))).toEqual([]);
    expect(opening(22)).toEqual([
      "ingress app tcp 22-22 10.200.0.0/24",
      "ingress app tcp 22-22 10.201.0.0/24",
    ]);
  });

  it("PORT-06: opens 5432 on the database to the application alone", () => {
    expect(opening(5432)).toEqual(["ingress database tcp 5432-5432 app"]);
  });

  it("PORT-07: opens 6379 on the cache to the application alone", () => {
    expect(opening(6379)).toEqual(["ingress cache tcp 6379-6379 app"]);
  });

  it("PORT-08: opens UDP 3478 on TURN to the internet", () => {
    expect(opening(3478)).toContain("ingress turn udp 3478-3478 0.0.0.0/0");
  });

  it("PORT-09: opens TCP 5349 on TURN to the internet", () => {
    expect(opening(5349)).toEqual(["ingress turn tcp 5349-5349 0.0.0.0/0"]);
  });

  it("PORT-10: opens the relay range on TURN as coturn is told to use it", () => {
    expect(turnRelayPorts).toEqual({ from: 49152, to: 65535 });
    expect(opening(49152)).toEqual([
      `ingress turn udp ${turnRelayPorts.from}-${turnRelayPorts.to} 0.0.0.0/0`,
    ]);
  });

  it("SG-ALB-I1: opens 80 to everybody where the environment says so, and says why", () => {
    const stack = open;
    const [rule] = stack
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ attributes }) => attributes["from_port"] === 80);

    expect(securityGroupRules(stack)).toContain("ingress alb tcp 80-80 0.0.0.0/0");
    expect(rule === undefined ? {} : tagsOf(rule)).toMatchObject({ Reason: "No CloudFront here yet" });
  });

  it("SG-ALB-I2: opens 443 to everybody where the environment says so", () => {
    expect(securityGroupRules(open)).toContain("ingress alb tcp 443-443 0.0.0.0/0");
  });

  it("SG-ALB-I2: opens 443 to CloudFront's prefix list alone by default, and 80 to nobody", () => {
    const stack = byDefault;
    const rules = securityGroupRules(stack).filter((rule) => rule.startsWith("ingress alb"));
    const lists = stack.allData("aws_ec2_managed_prefix_list");

    expect(rules).toEqual(["ingress alb tcp 443-443 list:cloudfront"]);
    expect(lists.map((list) => list.attributes["name"])).toEqual([
      "com.amazonaws.global.cloudfront.origin-facing",
    ]);
    expect(open.allData("aws_ec2_managed_prefix_list")).toEqual([]);
  });

  it("SG-ALB-O1: lets the load balancer reach the application's port and nothing else", () => {
    expect(leaving("alb")).toEqual(["egress alb tcp 8080-8080 app"]);
  });

  it("SG-EC2-I1: lets the load balancer in on 8080", () => {
    expect(securityGroupRules(byDefault)).toContain("ingress app tcp 8080-8080 alb");
  });

  it("SG-EC2-I2: gives each administrator's CIDR one rule", () => {
    expect(securityGroupRules(network({ adminCidrs: ["10.200.0.0/24"] }))).toContain(
      "ingress app tcp 22-22 10.200.0.0/24",
    );
  });

  it("SG-EC2-O1: lets the application reach the database", () => {
    expect(leaving("app")).toContain("egress app tcp 5432-5432 database");
  });

  it("SG-EC2-O2: lets the application reach the cache", () => {
    expect(leaving("app")).toContain("egress app tcp 6379-6379 cache");
  });

  it("T-07: lets the application reach HTTP anywhere only where packages come by it", () => {
    const http = "egress app tcp 80-80 0.0.0.0/0";
    expect(leaving("app")).not.toContain(http);
    expect(securityGroupRules(network({ httpPackages: true }))).toContain(http);
  });

  it("SG-EC2-O3: lets the application reach HTTPS anywhere", () => {
    expect(leaving("app")).toContain("egress app tcp 443-443 0.0.0.0/0");
  });

  it("SG-EC2-O4: writes HTTPS to anywhere once, S3 included: EC2 refuses a rule that is there already", () => {
    expect(leaving("app").filter((rule) => rule === "egress app tcp 443-443 0.0.0.0/0")).toHaveLength(1);
  });

  it("SG-EC2-X: opens neither 80 nor 443 on the application", () => {
    const entering = securityGroupRules(full).filter((rule) => rule.startsWith("ingress app"));

    expect(entering).toEqual([
      "ingress app tcp 22-22 10.200.0.0/24",
      "ingress app tcp 22-22 10.201.0.0/24",
      "ingress app tcp 8080-8080 alb",
    ]);
  });

  it("SG-RDS-I1: lets nobody but the application reach the database, and names it by its group", () => {
    expect(entering("database")).toEqual(["ingress database tcp 5432-5432 app"]);
  });

  it("SG-RDS-O1: gives the database no way out: replies need none", () => {
    expect(leaving("database")).toEqual([]);
  });

  it("SG-RED-I1: lets nobody but the application reach the cache, and names it by its group", () => {
    expect(entering("cache")).toEqual(["ingress cache tcp 6379-6379 app"]);
  });

  it("SG-RED-O1: gives the cache no way out", () => {
    expect(leaving("cache")).toEqual([]);
  });

  it("SG-TURN-I1: lets UDP 3478 in from anywhere", () => {
    expect(entering("turn")).toContain("ingress turn udp 3478-3478 0.0.0.0/0");
  });

  it("SG-TURN-I2: lets TCP 5349 in from anywhere", () => {
    expect(entering("turn")).toContain("ingress turn tcp 5349-5349 0.0.0.0/0");
  });

  it("SG-TURN-I3: lets relayed media in from anywhere", () => {
    expect(entering("turn")).toContain("ingress turn udp 49152-65535 0.0.0.0/0");
  });

  it("SG-TURN-O1: lets TURN reach peers on any port", () => {
    expect(leaving("turn")).toContain("egress turn all 0.0.0.0/0");
  });

  it("SG-TURN-+: lets TCP 3478 in, for clients without UDP, and nothing the table does not name", () => {
    expect(entering("turn")).toEqual([
      "ingress turn tcp 3478-3478 0.0.0.0/0",
      "ingress turn tcp 5349-5349 0.0.0.0/0",
      "ingress turn udp 3478-3478 0.0.0.0/0",
      "ingress turn udp 49152-65535 0.0.0.0/0",
    ]);
  });

  it("NET-08: opens nothing but TURN, and the load balancer where it was asked for, to the internet", () => {
    const fromAnywhere = securityGroupRules(full).filter(
      (rule) => rule.startsWith("ingress") && rule.endsWith("0.0.0.0/0"),
    );

    expect(new Set(fromAnywhere.map((rule) => rule.split(" ")[1]))).toEqual(new Set(["alb", "turn"]));
  });

  it("gives every rule exactly one source, a description, and no ports with every protocol", () => {
    const stack = full;
    const rules = ruleTypes.flatMap((type) => stack.all(type));

    expect(rules.length).toBeGreaterThan(15);
    for (const { address, attributes } of rules) {
      const sources = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
      expect(
        sources.filter((source) => attributes[source] !== undefined),
        address,
      ).toHaveLength(1);
      expect(attributes["description"], address).toMatch(/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
      if (attributes["ip_protocol"] !== "-1") continue;
      expect(attributes["from_port"], address).toBeUndefined();
      expect(attributes["to_port"], address).toBeUndefined();
    }
  });

  it("makes groups that can be replaced and deleted, without rules inside", () => {
    const groups = full.all("aws_security_group");

    expect(groups.map(idOf)).toEqual(["alb", "app", "cache", "database", "endpoints", "turn"]);
    for (const group of groups) {
      expect(group.attributes["name"]).toBeUndefined();
      expect(group.attributes["name_prefix"]).toBe(`telemedicina-dev-sg-${idOf(group)}-us-east-1-`);
      expect(group.attributes["lifecycle"]).toEqual({ create_before_destroy: true });
      expect(group.attributes["revoke_rules_on_delete"]).toBe(true);
      expect(group.attributes["description"]).toMatch(/^[A-Za-z ]+$/);
      expect(group.attributes["ingress"]).toBeUndefined();
      expect(group.attributes["egress"]).toBeUndefined();
    }
  });

  it("makes no group for endpoints and RDS Proxy where there are none", () => {
    expect(byDefault.all("aws_security_group").map(idOf)).toEqual([
      "alb",
      "app",
      "cache",
      "database",
      "turn",
    ]);
  });

  it("names each rule's flow in its address", () => {
    const ids = new Set(flows.map((flow) => flow.id));
    const stack = full;
    for (const rule of ruleTypes.flatMap((type) => stack.all(type))) {
      const flow = idOf(rule)
        .replace(/^(ingress|egress)-/, "")
        .replace(/-(internet|cloudfront|10-20[01]-0-0-24)$/, "");
      expect([...ids], rule.address).toContain(flow);
    }
  });

  it("T-01: never opens Reverb's port: nginx proxies to it on loopback", () => {
    expect(ports.reverb).toBe(8081);
    expect(opening(8081)).toEqual([]);
  });

  it("T-03: cannot be reached round CloudFront by default", () => {
    const fromAnywhere = securityGroupRules(byDefault).filter((rule) =>
      /^ingress alb .* 0\.0\.0\.0\/0$/.test(rule),
    );

    expect(fromAnywhere).toEqual([]);
  });

  it("fails when a group has more rules than the quota, counting CloudFront's list as 55", () => {
    const adminCidrs = Array.from({ length: 60 }, (_, index) => `10.200.${index}.0/24`);
    const plenty = { naclEntries: 40_000 };

    expect(() => network({ adminCidrs, quotas: plenty })).toThrow(
      "Validation failed with the following errors:\n" +
        "  [test/network/security-groups] security group app has 61 ingress rules, the quota is 60. " +
        "A prefix list counts as many rules as its maximum of entries (CloudFront's: 55). " +
        "Allow fewer adminCidrs, or have the quota raised (Service Quotas L-0EA8095F) and set quotas.rulesPerSecurityGroup.",
    );
    expect(() => network({ adminCidrs: adminCidrs.slice(1), quotas: plenty })).not.toThrow();
    expect(() => network({ quotas: { rulesPerSecurityGroup: 54 } })).toThrow(
      "[test/network/security-groups] security group alb has 55 ingress rules, the quota is 54. ",
    );
    expect(() => network({ quotas: { rulesPerSecurityGroup: 55 } })).not.toThrow();
    expect(() => network({ adminCidrs, quotas: { ...plenty, rulesPerSecurityGroup: 100 } })).not.toThrow();
  });
});

/** Ingress rules, in a network with everything, whose range starts at a port. */
function opening(port: number): string[] {
  return securityGroupRules(full).filter((rule) => rule.startsWith("ingress") && rule.includes(` ${port}-`));
}

function entering(group: string): string[] {
  return securityGroupRules(byDefault).filter((rule) => rule.startsWith(`ingress ${group} `));
}

function leaving(group: string): string[] {
  return securityGroupRules(byDefault).filter((rule) => rule.startsWith(`egress ${group} `));
}
