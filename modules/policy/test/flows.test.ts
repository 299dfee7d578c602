import { describe, expect, it } from "vitest";
import {
  checkFlows,
  type Flow,
  forEverySubnet,
  host,
  internet,
  readNetwork,
  renderFlows,
} from "../src/index.js";
import { aclRules, change, platform } from "./fixture.js";
import { alb, app, db } from "./hosts.js";

const viewer: Flow = {
  id: "viewer-alb",
  title: "Viewers reach the load balancer",
  from: internet("198.51.100.7"),
  to: alb,
  protocol: "tcp",
  ports: 443,
  expect: "reachable",
};
const intruder: Flow = {
  id: "internet-db",
  title: "Nobody reaches the database from outside",
  from: internet(),
  to: db,
  protocol: "tcp",
  ports: { from: 0, to: 65535 },
  expect: "refused",
};

describe("a flow that is expected to be reachable", () => {
  it("passes when request and reply pass", () => {
    const [finding] = checkFlows(readNetwork(platform()), [viewer]);
    expect(finding).toMatchObject({
      id: "viewer-alb",
      title: "Viewers reach the load balancer",
      expect: "reachable",
      status: "pass",
      reachable: true,
      reply: true,
      reason:
        'request and reply pass: security group aws_security_group.alb: inbound rule aws_vpc_security_group_ingress_rule.alb_https "HTTPS"',
    });
    expect(finding?.trace.length).toBeGreaterThan(5);
  });

  it("fails when only the request passes", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", []);
    expect(checkFlows(readNetwork(fixture), [viewer])[0]).toMatchObject({
      status: "fail",
      reachable: true,
      reply: false,
      reason:
        "reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 198.51.100.7:1024 (implicit deny *)",
    });
  });
});

describe("a flow that is expected to be refused", () => {
  it("passes when not one packet arrives, and says what refuses it", () => {
    expect(checkFlows(readNetwork(platform()), [intruder])[0]).toMatchObject({
      status: "pass",
      reachable: false,
      reason: "refused by public address database: it has none, and only private addresses of its own",
    });
  });

  it("fails when a packet arrives, although its reply is lost", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", []);
    expect(checkFlows(readNetwork(fixture), [{ ...viewer, expect: "refused" }])[0]).toMatchObject({
      status: "fail",
      reason:
        'the request arrives: security group aws_security_group.alb: inbound rule aws_vpc_security_group_ingress_rule.alb_https "HTTPS"',
    });
  });

  it("fails when one port of many gets through", () => {
    const ports = { from: 0, to: 65535 };
    const flow: Flow = { ...viewer, ports, expect: "refused" };
    expect(checkFlows(readNetwork(platform()), [flow])[0]).toMatchObject({
      status: "fail",
      reachable: false,
    });
  });
});

describe("a flow that hangs on something unknown", () => {
  it.each(["reachable", "refused"] as const)("is unknown when it is expected to be %s", (expected) => {
    const fixture = platform();
    change(fixture, "aws_vpc_security_group_ingress_rule.alb_https", { cidr_ipv4: "${var.viewers}" });
    expect(checkFlows(readNetwork(fixture), [{ ...viewer, expect: expected }])[0]).toMatchObject({
      status: "unknown",
      reachable: false,
      reason:
        'unknown: aws_vpc_security_group_ingress_rule.alb_https: cidr_ipv4 can\'t be resolved: a variable has no value in the file; give it as values: { "var.viewers": … }',
    });
  });

  it("is unknown when only the reply does", () => {
    const fixture = platform();
    change(fixture, "aws_network_acl_rule.public_out_110", { cidr_block: "${var.viewers}" });
    expect(checkFlows(readNetwork(fixture), [viewer])[0]).toMatchObject({
      status: "unknown",
      reachable: true,
      reply: false,
    });
  });

  it.each(["reachable", "refused"] as const)(
    "is unknown, not %s, when it names a subnet that is not there",
    (expected) => {
      const from = host({ subnet: "aws_subnet.gone" });
      const [finding] = checkFlows(readNetwork(platform()), [{ ...intruder, from, expect: expected }]);
      expect(finding?.status).toBe("unknown");
      expect(finding?.reason).toMatch(/^unknown: No subnet of the documents is aws_subnet\.gone; they hold /);
    },
  );
});

describe("flows for every subnet", () => {
  const model = readNetwork(platform());

  it("are made for each that the selector means", () => {
    const flows = forEverySubnet(model, { tags: { Tier: "app" } }, (subnet) => ({
      ...intruder,
      id: `internet-${subnet.address}`,
      to: host({ subnet: subnet.address, securityGroups: ["aws_security_group.app"] }),
    }));
    expect(flows.map((flow) => flow.id)).toEqual(["internet-aws_subnet.app_a", "internet-aws_subnet.app_b"]);
    expect(checkFlows(model, flows).map((finding) => finding.status)).toEqual(["pass", "pass"]);
  });

  it("are an error when there is none, so that nothing is proven by nothing", () => {
    expect(() => forEverySubnet(model, { tags: { Tier: "turn" } }, () => intruder)).toThrow(
      "No subnet of the documents is tagged Tier=turn; they hold aws_subnet.app_a (subnet-app), aws_subnet.app_b (subnet-app), aws_subnet.data_a (subnet-data), aws_subnet.public_a (subnet-public).",
    );
  });
});

describe("the table", () => {
  it("shows the worst first, each with its reason, and counts", () => {
    const fixture = platform();
    aclRules(fixture, "public", "out", []);
    change(fixture, "aws_vpc_security_group_ingress_rule.db_postgres", { from_port: "${var.port}" });
    const query: Flow = {
      id: "app-db",
      title: "The app reaches the database",
      from: app,
      to: db,
      protocol: "tcp",
      ports: 5432,
      expect: "reachable",
    };
    expect(renderFlows(checkFlows(readNetwork(fixture), [intruder, query, viewer]))).toBe(
      [
        "STATUS   FLOW         EXPECTED   TITLE",
        "fail     viewer-alb   reachable  Viewers reach the load balancer",
        "        reply refused by NACL aws_network_acl.public (telemedicina-dev-nacl-public): no outbound rule matches tcp 198.51.100.7:1024 (implicit deny *)",
        "unknown  app-db       reachable  The app reaches the database",
        '        unknown: aws_vpc_security_group_ingress_rule.db_postgres: from_port can\'t be resolved: a variable has no value in the file; give it as values: { "var.port": … }',
        "pass     internet-db  refused    Nobody reaches the database from outside",
        "        refused by public address database: it has none, and only private addresses of its own",
        "3 flows: 1 pass, 1 fail, 1 unknown",
      ].join("\n"),
    );
  });
});
