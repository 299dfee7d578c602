import { describe, expect, it } from "vitest";
import { amazonService, host, internet, prefixList, reach, readNetwork } from "../src/index.js";
import { aclRules, association, change, type Fixture, of, platform, remove, subnet } from "./fixture.js";
import { alb, app, db } from "./hosts.js";

const VIEWER = internet("198.51.100.7");
const https = { protocol: "tcp", port: 443 } as const;

describe("the internet gateway", () => {
  it("needs a route for the replies; without it packets still get in", () => {
    const fixture = platform();
    remove(fixture, "aws_route.public");
    const answer = reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https });
    expect([answer.reachable, answer.reply, answer.reason]).toEqual([
      true,
      false,
      "reply refused by route table aws_route_table.public: no route matches 198.51.100.7",
    ]);
  });

  it("does not carry replies that a route sends to the NAT gateway, under another address", () => {
    const fixture = platform();
    change(fixture, "aws_route.public", {
      gateway_id: null,
      nat_gateway_id: "${aws_nat_gateway.a.id}",
    });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "reply refused by route table aws_route_table.public: aws_route.public leads to aws_nat_gateway.a",
    );
  });

  it("does not reach a host without a public address", () => {
    const model = readNetwork(platform());
    const hidden = host({ subnet: "aws_subnet.public_a", securityGroups: ["aws_security_group.alb"] });
    expect(reach(model, { from: VIEWER, to: hidden, ...https }).reason).toBe(
      "refused by public address host in aws_subnet.public_a (subnet-public): it has none, and only private addresses of its own",
    );
  });

  it("takes the subnet's map_public_ip_on_launch for a host that does not say", () => {
    const fixture = platform();
    change(fixture, "aws_subnet.public_a", { map_public_ip_on_launch: true });
    const shown = host({ subnet: "aws_subnet.public_a", securityGroups: ["aws_security_group.alb"] });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: shown, ...https }).reply).toBe(true);
  });

  it("does not let out a host without a public address", () => {
    const fixture = platform();
    change(fixture, "aws_route.app", {
      nat_gateway_id: null,
      gateway_id: "${aws_internet_gateway.main.id}",
    });
    const model = readNetwork(fixture);
    expect(reach(model, { from: app, to: VIEWER, ...https }).reason).toBe(
      "refused by public address app host: it has none, and only private addresses of its own",
    );
    const shown = host({
      subnet: "aws_subnet.app_a",
      securityGroups: ["aws_security_group.app"],
      publicIp: true,
    });
    expect(reach(model, { from: shown, to: VIEWER, ...https }).reply).toBe(true);
  });

  it("must be attached to the VPC", () => {
    const fixture = platform();
    change(fixture, "aws_internet_gateway.main", { vpc_id: null });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "refused by internet gateway of aws_vpc.main: none is attached",
    );
    of(fixture, "aws_internet_gateway_attachment")["main"] = {
      internet_gateway_id: "${aws_internet_gateway.main.id}",
      vpc_id: "${aws_vpc.main.id}",
    };
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reply).toBe(true);
  });

  it("is not judged while VPC Block Public Access is on", () => {
    const fixture = platform();
    of(fixture, "aws_vpc_block_public_access_options")["all"] = {
      internet_gateway_block_mode: "block-ingress",
    };
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "unknown: aws_vpc_block_public_access_options.all: VPC Block Public Access is not modelled unless it is off",
    );
    change(fixture, "aws_vpc_block_public_access_options.all", { internet_gateway_block_mode: "off" });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reply).toBe(true);
  });
});

describe("the NAT gateway", () => {
  it("needs a route to an internet gateway in its own subnet", () => {
    const fixture = platform();
    change(fixture, "aws_nat_gateway.a", { subnet_id: "${aws_subnet.data_a.id}" });
    aclRules(fixture, "data", "in", [[100, "allow", "-1", "0.0.0.0/0"]]);
    aclRules(fixture, "data", "out", [[100, "allow", "-1", "0.0.0.0/0"]]);
    expect(reach(readNetwork(fixture), { from: app, to: VIEWER, ...https }).reason).toBe(
      "refused by route table aws_route_table.data: no route matches 198.51.100.7",
    );
  });

  it("does not send on to itself", () => {
    const fixture = platform();
    change(fixture, "aws_nat_gateway.a", { subnet_id: "${aws_subnet.app_b.id}" });
    aclRules(fixture, "app", "in", [[100, "allow", "-1", "0.0.0.0/0"]]);
    expect(reach(readNetwork(fixture), { from: app, to: VIEWER, ...https }).reason).toBe(
      "refused by route table aws_route_table.app: aws_route.app leads to aws_nat_gateway.a",
    );
  });

  it("must be public to reach the internet", () => {
    const fixture = platform();
    change(fixture, "aws_nat_gateway.a", { connectivity_type: "private" });
    expect(reach(readNetwork(fixture), { from: app, to: VIEWER, ...https }).reason).toBe(
      "refused by NAT gateway aws_nat_gateway.a: its connectivity_type is private, so it does not reach the internet",
    );
  });

  it("carries tcp, udp and icmp only", () => {
    const fixture = platform();
    change(fixture, "aws_vpc_security_group_egress_rule.app_https", { ip_protocol: "-1" });
    aclRules(fixture, "app", "out", [[100, "allow", "-1", "0.0.0.0/0"]]);
    expect(reach(readNetwork(fixture), { from: app, to: VIEWER, protocol: 47 }).reason).toBe(
      "refused by NAT gateway aws_nat_gateway.a: NAT gateways carry tcp, udp and icmp, not protocol 47",
    );
  });

  it("is not modelled when it is regional", () => {
    const fixture = platform();
    change(fixture, "aws_nat_gateway.a", { availability_mode: "regional", vpc_id: "${aws_vpc.main.id}" });
    expect(reach(readNetwork(fixture), { from: app, to: VIEWER, ...https }).reason).toBe(
      "unknown: aws_nat_gateway.a: regional NAT gateways are not modelled",
    );
  });
});

describe("route tables", () => {
  it("let the longest prefix win", () => {
    const fixture = platform();
    of(fixture, "aws_internet_gateway")["elsewhere"] = {};
    of(fixture, "aws_route")["trap"] = {
      route_table_id: "${aws_route_table.app.id}",
      destination_cidr_block: "198.51.100.0/24",
      gateway_id: "${aws_internet_gateway.elsewhere.id}",
    };
    const model = readNetwork(fixture);
    const shown = host({
      subnet: "aws_subnet.app_a",
      securityGroups: ["aws_security_group.app"],
      publicIp: true,
    });
    expect(reach(model, { from: shown, to: VIEWER, ...https }).reason).toBe(
      "refused by internet gateway aws_internet_gateway.elsewhere: it is not attached to aws_vpc.main",
    );
    expect(reach(model, { from: shown, to: internet("203.0.113.1"), ...https }).reply).toBe(true);
    expect(reach(model, { from: shown, to: internet(), ...https }).request).toBe("partly");
  });

  it("keep what is inside the VPC inside, with secondary CIDRs", () => {
    const fixture = platform();
    of(fixture, "aws_vpc_ipv4_cidr_block_association")["more"] = {
      vpc_id: "${aws_vpc.main.id}",
      cidr_block: "10.9.0.0/16",
    };
    of(fixture, "aws_subnet")["far"] = subnet("10.9.0.0/24", "far");
    of(fixture, "aws_route_table_association")["far"] = association("far", "data");
    change(fixture, "aws_network_acl_rule.app_out_110", { cidr_block: "10.0.0.0/8", from_port: 0 });
    const far = host({ subnet: "aws_subnet.far", securityGroups: ["aws_security_group.db"] });
    expect(reach(readNetwork(fixture), { from: app, to: far, protocol: "tcp", port: 5432 }).reply).toBe(true);
    remove(fixture, "aws_vpc_ipv4_cidr_block_association.more");
    expect(reach(readNetwork(fixture), { from: app, to: far, protocol: "tcp", port: 5432 }).reason).toBe(
      "refused by route table aws_route_table.app: aws_route.app leads to aws_nat_gateway.a",
    );
  });

  it("are the VPC's main one for a subnet without association", () => {
    const fixture = platform();
    remove(fixture, "aws_route_table_association.public_a");
    const question = { from: VIEWER, to: alb, ...https };
    expect(reach(readNetwork(fixture), question).reason).toBe(
      "reply refused by route table aws_vpc.main.default_route_table_id (dev-network/vpc/Vpc): no route matches 198.51.100.7",
    );
    of(fixture, "aws_default_route_table")["main"] = {
      default_route_table_id: "${aws_vpc.main.default_route_table_id}",
      route: [{ cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.main.id}" }],
    };
    expect(reach(readNetwork(fixture), question).reply).toBe(true);
    of(fixture, "aws_main_route_table_association")["main"] = {
      vpc_id: "${aws_vpc.main.id}",
      route_table_id: "${aws_route_table.data.id}",
    };
    expect(reach(readNetwork(fixture), question).reason).toBe(
      "reply refused by route table aws_route_table.data: no route matches 198.51.100.7",
    );
  });

  it("read inline routes and do not trust separate ones beside them", () => {
    const fixture = platform();
    const route = [
      { cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.main.id}", nat_gateway_id: "" },
    ];
    remove(fixture, "aws_route.public");
    change(fixture, "aws_route_table.public", { route });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reply).toBe(true);
    change(fixture, "aws_route_table.public", { route: [] });
    of(fixture, "aws_route")["public"] = {
      route_table_id: "${aws_route_table.public.id}",
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: "${aws_internet_gateway.main.id}",
    };
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "reply unknown: aws_route_table.public: it has inline routes and separate aws_route resources, which undo each other at every apply; use one of the two",
    );
  });

  it("are unknown where a VPN gateway adds routes that the file does not show", () => {
    const fixture = platform();
    change(fixture, "aws_route_table.public", { propagating_vgws: ["vgw-1"] });
    expect(reach(readNetwork(fixture), { from: VIEWER, to: alb, ...https }).reason).toBe(
      "reply unknown: aws_route_table.public: a VPN gateway propagates routes into it that the file does not show",
    );
  });

  it("leave unknown what goes where the simulator does not follow", () => {
    const fixture = platform();
    of(fixture, "aws_route")["inspect"] = {
      route_table_id: "${aws_route_table.app.id}",
      destination_cidr_block: "10.0.20.0/24",
      vpc_endpoint_id: "vpce-1",
    };
    expect(reach(readNetwork(fixture), { from: app, to: db, protocol: "tcp", port: 5432 }).reason).toBe(
      "unknown: aws_route.inspect: the route leads from aws_route_table.app to vpc_endpoint_id, which is not modelled",
    );
  });

  it("do not lead into another VPC, even one with the same addresses", () => {
    const fixture = platform();
    of(fixture, "aws_vpc")["other"] = { cidr_block: "10.0.0.0/16" };
    of(fixture, "aws_subnet")["other"] = {
      ...subnet("10.0.77.0/24", "other"),
      vpc_id: "${aws_vpc.other.id}",
    };
    change(fixture, "aws_vpc_security_group_egress_rule.app_https", { from_port: 0, to_port: 65535 });
    const there = host({ subnet: "aws_subnet.other", name: "host of the other VPC" });
    expect(reach(readNetwork(fixture), { from: app, to: there, protocol: "tcp", port: 5432 }).reason).toBe(
      "refused by route table aws_route_table.app: the address is the VPC's own, and host of the other VPC is in another VPC",
    );
  });
});

describe("a gateway endpoint for S3", () => {
  const S3 = "com.amazonaws.us-east-1.s3";
  const withEndpoint = (): Fixture => {
    const fixture = platform();
    of(fixture, "aws_vpc_endpoint")["s3"] = {
      vpc_id: "${aws_vpc.main.id}",
      service_name: S3,
      vpc_endpoint_type: "Gateway",
      route_table_ids: ["${aws_route_table.data.id}"],
    };
    of(fixture, "aws_vpc_security_group_egress_rule")["db_s3"] = {
      security_group_id: "${aws_security_group.db.id}",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      prefix_list_id: "${aws_vpc_endpoint.s3.prefix_list_id}",
    };
    aclRules(fixture, "data", "out", [[100, "allow", "tcp", "0.0.0.0/0", 443, 443]]);
    aclRules(fixture, "data", "in", [[100, "allow", "tcp", "0.0.0.0/0", 1024, 65535]]);
    return fixture;
  };
  const question = { from: db, to: prefixList(S3), ...https };

  it("leads an isolated subnet to S3, whose addresses need not be known", () => {
    const answer = reach(readNetwork(withEndpoint()), question);
    expect([answer.reachable, answer.reply]).toEqual([true, true]);
    expect(answer.trace.map((hop) => `${hop.leg} ${hop.check}: ${hop.by}`)).toEqual([
      "request security group: outbound rule aws_vpc_security_group_egress_rule.db_s3",
      "request NACL: outbound rule 100 (aws_network_acl_rule.data_out_100)",
      "request route table: aws_vpc_endpoint.s3 leads to aws_vpc_endpoint.s3",
      "request gateway endpoint: leads to its service; its policy and the service's own are not part of this answer",
      "reply NACL: inbound rule 100 (aws_network_acl_rule.data_in_100)",
      "reply security group: stateful: the reply of a request it let pass",
    ]);
  });

  it("leads nowhere from a table it is not in", () => {
    const fixture = withEndpoint();
    change(fixture, "aws_vpc_endpoint.s3", { route_table_ids: [] });
    expect(reach(readNetwork(fixture), question).reason).toBe(
      "refused by route table aws_route_table.data: no route matches 198.51.100.7",
    );
    of(fixture, "aws_vpc_endpoint_route_table_association")["data"] = {
      vpc_endpoint_id: "${aws_vpc_endpoint.s3.id}",
      route_table_id: "${aws_route_table.data.id}",
    };
    expect(reach(readNetwork(fixture), question).reply).toBe(true);
  });

  it("does not make the rest of the internet reachable, whether or not its addresses are known", () => {
    const fixture = withEndpoint();
    change(fixture, "aws_vpc_security_group_egress_rule.db_s3", {
      prefix_list_id: null,
      cidr_ipv4: "0.0.0.0/0",
    });
    const contents = { prefixLists: { [S3]: ["52.216.0.0/15"] } };
    for (const options of [{}, contents]) {
      const model = readNetwork(fixture, options);
      expect(reach(model, { from: db, to: internet(), ...https }).request).toBe("refused");
      expect(reach(model, { from: db, to: prefixList(S3), ...https }).reply).toBe(true);
    }
    const model = readNetwork(fixture, contents);
    expect(reach(model, { from: db, to: internet("52.217.0.1"), ...https }).reply).toBe(true);
    expect(reach(model, { from: db, to: internet("52.218.0.1"), ...https }).request).toBe("refused");
  });

  it("is known by its address where the service name can't be resolved", () => {
    const fixture = withEndpoint();
    change(fixture, "aws_vpc_endpoint.s3", { service_name: "com.amazonaws.${data.aws_region.here.name}.s3" });
    const to = prefixList("aws_vpc_endpoint.s3");
    expect(reach(readNetwork(fixture), { ...question, to }).reply).toBe(true);
    const model = readNetwork(fixture, { prefixLists: { "aws_vpc_endpoint.s3": ["52.216.0.0/15"] } });
    expect(reach(model, { ...question, to: internet("52.217.0.1") }).reply).toBe(true);
    expect(reach(model, { ...question, to: internet("52.218.0.1") }).request).toBe("refused");
  });

  it("is the same list by data source, by name and by endpoint", () => {
    const fixture = withEndpoint();
    fixture.data["aws_prefix_list"] = {
      s3: { filter: [{ name: "prefix-list-name", values: [S3] }] },
    };
    change(fixture, "aws_vpc_security_group_egress_rule.db_s3", {
      prefix_list_id: "${data.aws_prefix_list.s3.id}",
    });
    expect(reach(readNetwork(fixture), question).reply).toBe(true);
  });
});

describe("what AWS serves inside the VPC", () => {
  it.each(["dns", "imds", "time"] as const)("reaches %s past groups and NACLs", (service) => {
    const fixture = platform();
    for (const direction of ["in", "out"] as const) aclRules(fixture, "app", direction, []);
    const answer = reach(readNetwork(fixture), {
      from: app,
      to: amazonService(service),
      protocol: "udp",
      port: 53,
    });
    expect([answer.reachable, answer.reply]).toEqual([true, true]);
  });

  it("has no resolver when the VPC switches it off", () => {
    const fixture = platform();
    change(fixture, "aws_vpc.main", { enable_dns_support: false });
    const answer = reach(readNetwork(fixture), {
      from: app,
      to: amazonService("dns"),
      protocol: "udp",
      port: 53,
    });
    expect(answer.reason).toBe("refused by Amazon service AmazonProvidedDNS: enable_dns_support is false");
  });
});
