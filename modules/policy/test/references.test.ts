import { describe, expect, it } from "vitest";
import { internet, reach, readNetwork } from "../src/index.js";
import { change, type Fixture, of, platform } from "./fixture.js";
import { alb, app, db } from "./hosts.js";

const VIEWER = internet("198.51.100.7");
const question = { from: VIEWER, to: alb, protocol: "tcp", port: 443 } as const;

/** The public NACL's HTTPS rule with this CIDR. */
function withCidr(cidr: unknown, more: Record<string, unknown> = {}): Fixture {
  const fixture = platform();
  change(fixture, "aws_network_acl_rule.public_in_100", {
    cidr_block: cidr,
    "//": { metadata: { path: "dev-network/nacl/public/in-100" } },
  });
  return Object.assign(fixture, more);
}

describe("a reference", () => {
  it.each([
    ["to another attribute", "${aws_subnet.data_a.cidr_block}", "10.0.20.0/24"],
    ["through several resources", "${local.clinics}", "198.51.100.0/24"],
    ["to an element of a list", "${local.networks[1]}", "198.51.100.0/24"],
    ["to an element by a name", '${local.by_name["b"].cidr}', "198.51.100.0/24"],
    ["inside a longer text", "${local.base}.0/24", "198.51.100.0/24"],
    ["to a value of the caller", "${var.clinics}", "198.51.100.0/24"],
  ])("%s is followed", (_, cidr, expected) => {
    const fixture = withCidr(cidr, {
      locals: {
        base: "198.51.100",
        clinics: "${aws_vpc_ipam_pool_cidr.clinics.cidr}",
        networks: ["10.0.0.0/8", "198.51.100.0/24"],
        by_name: { b: { cidr: "198.51.100.0/24" } },
      },
    });
    of(fixture, "aws_vpc_ipam_pool_cidr")["clinics"] = { cidr: "198.51.100.0/24" };
    const model = readNetwork(fixture, { values: { "var.clinics": "198.51.100.0/24" } });
    expect(model.findings).toEqual([]);
    expect(reach(model, question).reachable).toBe(expected === "198.51.100.0/24");
  });

  it.each([
    [
      "a variable",
      "${var.clinics}",
      'a variable has no value in the file; give it as values: { "var.clinics": … }',
    ],
    [
      "a function",
      "${cidrsubnet(aws_vpc.main.cidr_block, 8, 1)}",
      "only plain references are followed, and this is an expression: cidrsubnet(aws_vpc.main.cidr_block, 8, 1)",
    ],
    [
      "an attribute that AWS fills in",
      "${aws_eip.nat.public_ip}/32",
      'aws_eip.nat.public_ip is known only after apply; give it as values: { "aws_eip.nat.public_ip": … }',
    ],
    ["a missing resource", "${aws_subnet.gone.cidr_block}", "there is no aws_subnet.gone in its document"],
    ["a missing local", "${local.gone}", "there is no local.gone in its document"],
    ["a module", "${module.net.cidr}", 'modules are not read; give it as values: { "module.net.cidr": … }'],
    ["a template directive", "%{ if true }10.0.0.0/8%{ endif }", "a template directive is not evaluated"],
    ["a circle", "${local.circle}", "its references form a cycle"],
  ])("to %s is unknown and named", (_, cidr, why) => {
    const fixture = withCidr(cidr, { locals: { circle: "${local.circle}" } });
    const model = readNetwork(fixture);
    const text = `aws_network_acl_rule.public_in_100 (dev-network/nacl/public/in-100): cidr_block can't be resolved: ${why}`;
    expect(model.findings).toEqual([
      { address: "aws_network_acl_rule.public_in_100", path: "dev-network/nacl/public/in-100", text },
    ]);
    const answer = reach(model, question);
    expect([answer.request, answer.reachable, answer.reason]).toEqual(["unknown", false, `unknown: ${text}`]);
  });

  it.each([
    [{ cidr_block: "10.0.0.0" }, 'cidr_block is "10.0.0.0", which is not an IPv4 CIDR such as 10.0.0.0/16'],
    [{ cidr_block: null }, "cidr_block is not set"],
    [{ protocol: "tpc" }, 'protocol is "tpc", which is not a protocol such as tcp, 6 or -1'],
    [
      { from_port: 500 },
      "from_port 500 with to_port 443 is not a port range: both are 0-65535, the lower one first",
    ],
    [{ rule_action: "permit" }, 'rule_action is "permit"; it is allow or deny'],
    [{ rule_number: 40000 }, 'rule_number is "40000"; it is 1-32766'],
    [{ egress: "maybe" }, 'egress is "maybe", which is neither true nor false'],
  ])("or value that AWS would not take (%o) is unknown and named", (attributes, problem) => {
    const fixture = platform();
    change(fixture, "aws_network_acl_rule.public_in_100", attributes);
    expect(reach(readNetwork(fixture), question).reason).toBe(
      `unknown: aws_network_acl_rule.public_in_100: ${problem}`,
    );
  });

  it("that is unknown does not cloud what it can't change", () => {
    const fixture = withCidr("${var.clinics}");
    const model = readNetwork(fixture);
    expect(reach(model, { ...question, port: 80 }).request).toBe("refused");
    expect(reach(model, { from: app, to: db, protocol: "tcp", port: 5432 }).reply).toBe(true);
    // Whatever the unknown rule says, the next one allows the same.
    change(fixture, "aws_network_acl_rule.public_in_110", { from_port: 443 });
    expect(reach(readNetwork(fixture), question).reachable).toBe(true);
    // ... unless it may deny.
    change(fixture, "aws_network_acl_rule.public_in_100", { rule_action: "deny" });
    expect(reach(readNetwork(fixture), question).request).toBe("unknown");
  });
});

describe("an override in the JSON", () => {
  it("is what counts", () => {
    const fixture = platform();
    // As `addOverride` leaves it: a string where the construct wrote a number, another port.
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", { from_port: "444", to_port: "444" });
    expect(reach(readNetwork(fixture), question).reason).toBe(
      "refused by security group aws_security_group.alb: no inbound rule allows tcp from 198.51.100.7 to port 443",
    );
  });
});

describe("what the file does not show", () => {
  it.each([
    ["count", "aws_network_acl_rule.public_in_100", { count: 2 }],
    ["for_each", "aws_vpc_security_group_ingress_rule.alb_https", { for_each: "${var.rules}" }],
    ["count", "aws_subnet.public_a", { count: 1 }],
    ["for_each", "aws_security_group.alb", { for_each: "${var.groups}" }],
    ["count", "aws_network_acl.public", { count: 1 }],
    ["count", "aws_internet_gateway.main", { count: 1 }],
  ])("by %s on %s is unknown", (kind, address, attributes) => {
    const fixture = platform();
    change(fixture, address, attributes);
    const model = readNetwork(fixture);
    const text = `${address}: it is repeated by ${kind}, and the file does not show what that yields`;
    expect(model.findings.map((finding) => finding.text)).toContain(text);
    const answer = reach(model, question);
    expect([answer.reachable && answer.reply, [answer.request, answer.answer].includes("unknown")]).toEqual([
      false,
      true,
    ]);
  });

  const dynamic = { ingress: { for_each: "${var.rules}", content: {} } };
  it.each([[dynamic], [[dynamic]]])("by dynamic blocks is unknown", (blocks) => {
    const fixture = platform();
    change(fixture, "aws_network_acl.public", { dynamic: blocks });
    expect(reach(readNetwork(fixture), question).reason).toBe(
      'unknown: aws_network_acl.public: it has a dynamic "ingress" block, and the file does not show what that yields',
    );
  });

  it("by a module that is given a group is unknown, also for what would be refused", () => {
    const fixture = Object.assign(platform(), {
      module: { rules: { source: "./rules", group: "${aws_security_group.db.id}" } },
    });
    const model = readNetwork(fixture);
    expect(reach(model, { from: app, to: db, protocol: "tcp", port: 22 }).request).toBe("refused");
    change(fixture, "aws_vpc_security_group_egress_rule.app_db", { from_port: 0, to_port: 65535 });
    change(fixture, "aws_network_acl_rule.data_in_100", { from_port: 0, to_port: 65535 });
    change(fixture, "aws_network_acl_rule.app_out_110", { from_port: 0, to_port: 65535 });
    expect(reach(readNetwork(fixture), { from: app, to: db, protocol: "tcp", port: 22 }).reason).toBe(
      "unknown: aws_security_group.db: module.rules is given it, and modules are not read",
    );
    expect(reach(readNetwork(fixture), { from: app, to: db, protocol: "tcp", port: 5432 }).reply).toBe(true);
    expect(model.findings.map((finding) => finding.text)).toContain(
      "module.rules: modules are not read; what it makes is not seen",
    );
  });
});

describe("what a subnet is given", () => {
  it.each(["count", "module"])("by %s leaves its filters or routes unknown", (kind) => {
    const fixture = platform();
    if (kind === "count") change(fixture, "aws_route_table_association.public_a", { count: 1 });
    else Object.assign(fixture, { module: { x: { subnets: ["${aws_subnet.public_a.id}"] } } });
    const answer = reach(readNetwork(fixture), question);
    expect(answer.reply).toBe(false);
    expect(answer.reason).toBe(
      kind === "count"
        ? "reply unknown: aws_route_table_association.public_a: it is repeated by count, and the file does not show what that yields"
        : "unknown: aws_subnet.public_a: module.x is given it, and modules are not read",
    );
  });
});

describe("several documents", () => {
  it("meet by remote state, found by the state's own address", () => {
    const network = platform();
    const group = of(network, "aws_vpc_security_group_ingress_rule")["app_http"];
    const rules: Record<string, unknown> = {
      resource: {
        aws_vpc_security_group_ingress_rule: {
          admin: {
            security_group_id: "${data.terraform_remote_state.network.outputs.app_group}",
            ip_protocol: "tcp",
            from_port: 8080,
            to_port: 8080,
            referenced_security_group_id: "${data.terraform_remote_state.network.outputs.alb_group}",
          },
        },
      },
      data: {
        terraform_remote_state: {
          network: { backend: "s3", config: { bucket: "state", key: "dev/network.tfstate" } },
        },
      },
    };
    expect(group).toBeDefined();
    delete of(network, "aws_vpc_security_group_ingress_rule")["app_http"];
    Object.assign(network, {
      output: {
        app_group: { value: "${aws_security_group.app.id}" },
        alb_group: { value: "${aws_security_group.alb.id}" },
      },
      terraform: { backend: { s3: { bucket: "state", key: "dev/network.tfstate", region: "us-east-1" } } },
    });
    const toApp = { from: alb, to: app, protocol: "tcp", port: 8080 } as const;
    expect(reach(readNetwork([network, rules]), toApp).reply).toBe(true);
    expect(reach(readNetwork(network), toApp).request).toBe("refused");
    Object.assign(network, { terraform: { backend: { s3: { bucket: "state", key: "other.tfstate" } } } });
    expect(reach(readNetwork([network, rules]), toApp).reason).toBe(
      "unknown: aws_vpc_security_group_ingress_rule.admin: security_group_id can't be resolved: none of the documents read keeps its state where data.terraform_remote_state.network looks",
    );
  });

  it("keep resources of one address apart", () => {
    const east = platform();
    const west = platform();
    change(east, "aws_subnet.public_a", { "//": { metadata: { path: "east/public-a" } } });
    change(west, "aws_subnet.public_a", { "//": { metadata: { path: "west/public-a" } } });
    const model = readNetwork([east, west]);
    expect(() => reach(model, question)).toThrow(
      "aws_subnet.public_a is more than one subnet: aws_subnet.public_a (subnet-public), aws_subnet.public_a (subnet-public). Name one by its address, or by its construct path.",
    );
    const west_group = "aws_security_group.alb";
    expect(() => reach(model, { ...question, to: { ...alb, subnet: "west/public-a" } })).toThrow(
      `${west_group} is more than one security group`,
    );
    change(west, "aws_security_group.alb", { "//": { metadata: { path: "west/alb" } } });
    const to = { ...alb, subnet: "west/public-a", securityGroups: ["west/alb"] };
    expect(reach(readNetwork([east, west]), { ...question, to }).reply).toBe(true);
  });
});

describe("Terraform's own ways to write JSON", () => {
  it("accepts lists of blocks where cdktf writes objects", () => {
    const fixture = platform();
    const resource = Object.entries(fixture.resource).map(([type, named]) => ({
      [type]: Object.entries(named).map(([name, body]) => ({ [name]: [body] })),
    }));
    expect(reach(readNetwork({ resource }), question).reply).toBe(true);
  });

  it("reads an empty document as a network without anything", () => {
    expect(readNetwork({})).toMatchObject({ vpcs: [], subnets: [], securityGroups: [], findings: [] });
  });
});
