type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** A document that tests change in place. */
export interface Fixture {
  resource: Resources;
  data: Resources;
  [section: string]: unknown;
}

type RuleSpec = readonly [
  number: number,
  action: "allow" | "deny",
  protocol: string,
  cidr: string,
  from?: number,
  to?: number,
];

/**
 * A VPC with a public subnet (load balancer, NAT gateway), an app subnet and a data subnet, each with the
 * NACL that lets the platform's flows pass and nothing else.
 */
export function platform(): Fixture {
  const fixture: Fixture = {
    resource: {
      aws_vpc: { main: { cidr_block: "10.0.0.0/16", "//": { metadata: { path: "dev-network/vpc/Vpc" } } } },
      aws_internet_gateway: { main: { vpc_id: "${aws_vpc.main.id}" } },
      aws_eip: { nat: { domain: "vpc" } },
      aws_nat_gateway: {
        a: { subnet_id: "${aws_subnet.public_a.id}", allocation_id: "${aws_eip.nat.id}" },
      },
      aws_subnet: {
        public_a: subnet("10.0.0.0/24", "public"),
        app_a: subnet("10.0.10.0/24", "app"),
        app_b: subnet("10.0.11.0/24", "app"),
        data_a: subnet("10.0.20.0/24", "data"),
      },
      aws_route_table: {
        public: { vpc_id: "${aws_vpc.main.id}" },
        app: { vpc_id: "${aws_vpc.main.id}" },
        data: { vpc_id: "${aws_vpc.main.id}" },
      },
      aws_route: {
        public: {
          route_table_id: "${aws_route_table.public.id}",
          destination_cidr_block: "0.0.0.0/0",
          gateway_id: "${aws_internet_gateway.main.id}",
        },
        app: {
          route_table_id: "${aws_route_table.app.id}",
          destination_cidr_block: "0.0.0.0/0",
          nat_gateway_id: "${aws_nat_gateway.a.id}",
        },
      },
      aws_route_table_association: {
        public_a: association("public_a", "public"),
        app_a: association("app_a", "app"),
        app_b: association("app_b", "app"),
        data_a: association("data_a", "data"),
      },
      aws_network_acl: {
        public: acl(["public_a"], "telemedicina-dev-nacl-public"),
        app: acl(["app_a", "app_b"], "telemedicina-dev-nacl-app"),
        data: acl(["data_a"], "telemedicina-dev-nacl-data"),
      },
      aws_network_acl_rule: {},
      aws_security_group: {
        alb: { vpc_id: "${aws_vpc.main.id}" },
        app: { vpc_id: "${aws_vpc.main.id}" },
        db: { vpc_id: "${aws_vpc.main.id}" },
      },
      aws_vpc_security_group_ingress_rule: {
        alb_https: groupRule("alb", "tcp", 443, 443, { cidr_ipv4: "0.0.0.0/0", description: "HTTPS" }),
        app_http: groupRule("app", "tcp", 8080, 8080, { referenced_security_group_id: id("alb") }),
        db_postgres: groupRule("db", "tcp", 5432, 5432, { referenced_security_group_id: id("app") }),
      },
      aws_vpc_security_group_egress_rule: {
        alb_app: groupRule("alb", "tcp", 8080, 8080, { referenced_security_group_id: id("app") }),
        app_db: groupRule("app", "tcp", 5432, 5432, { referenced_security_group_id: id("db") }),
        app_https: groupRule("app", "tcp", 443, 443, { cidr_ipv4: "0.0.0.0/0" }),
      },
    },
    data: {},
  };
  aclRules(fixture, "public", "in", [
    [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
    [110, "allow", "tcp", "0.0.0.0/0", 1024, 65535],
  ]);
  aclRules(fixture, "public", "out", [
    [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
    [110, "allow", "tcp", "0.0.0.0/0", 1024, 65535],
  ]);
  aclRules(fixture, "app", "in", [
    [100, "allow", "tcp", "10.0.0.0/24", 8080, 8080],
    [110, "allow", "tcp", "0.0.0.0/0", 1024, 65535],
  ]);
  aclRules(fixture, "app", "out", [
    [100, "allow", "tcp", "0.0.0.0/0", 443, 443],
    [110, "allow", "tcp", "10.0.0.0/16", 1024, 65535],
  ]);
  aclRules(fixture, "data", "in", [[100, "allow", "tcp", "10.0.10.0/23", 5432, 5432]]);
  aclRules(fixture, "data", "out", [[100, "allow", "tcp", "10.0.10.0/23", 1024, 65535]]);
  return fixture;
}

export function subnet(cidr: string, tier: string): Record<string, unknown> {
  return { vpc_id: "${aws_vpc.main.id}", cidr_block: cidr, tags: { Tier: tier, Name: `subnet-${tier}` } };
}

export function association(subnetName: string, table: string): Record<string, unknown> {
  return {
    subnet_id: `\${aws_subnet.${subnetName}.id}`,
    route_table_id: `\${aws_route_table.${table}.id}`,
  };
}

function acl(subnets: readonly string[], name: string): Record<string, unknown> {
  return {
    vpc_id: "${aws_vpc.main.id}",
    subnet_ids: subnets.map((each) => `\${aws_subnet.${each}.id}`),
    tags: { Name: name },
  };
}

/** Replaces all rules of a NACL in one direction. */
export function aclRules(
  fixture: Fixture,
  aclName: string,
  direction: "in" | "out",
  rules: readonly RuleSpec[],
): void {
  const all = of(fixture, "aws_network_acl_rule");
  for (const name of Object.keys(all)) {
    if (name.startsWith(`${aclName}_${direction}_`)) delete all[name];
  }
  for (const [number, action, protocol, cidr, from, to] of rules) {
    all[`${aclName}_${direction}_${number}`] = {
      network_acl_id: `\${aws_network_acl.${aclName}.id}`,
      egress: direction === "out",
      rule_number: number,
      rule_action: action,
      protocol,
      cidr_block: cidr,
      from_port: from ?? 0,
      to_port: to ?? 0,
    };
  }
}

export function groupRule(
  group: string,
  protocol: string,
  from: number,
  to: number,
  peer: Record<string, unknown>,
): Record<string, unknown> {
  return { security_group_id: id(group), ip_protocol: protocol, from_port: from, to_port: to, ...peer };
}

export function id(group: string): string {
  return `\${aws_security_group.${group}.id}`;
}

/** The resources of one type, made when there are none. */
export function of(fixture: Fixture, type: string): Record<string, Record<string, unknown>> {
  const named = fixture.resource[type] ?? {};
  fixture.resource[type] = named;
  return named;
}

/** Changes attributes of a resource that must exist. */
export function change(fixture: Fixture, address: string, attributes: Record<string, unknown>): void {
  const [type = "", name = ""] = address.split(".");
  const body = of(fixture, type)[name];
  if (body === undefined) throw new Error(`The fixture has no ${address}.`);
  Object.assign(body, attributes);
}

/** Takes a resource away that must exist. */
export function remove(fixture: Fixture, address: string): void {
  const [type = "", name = ""] = address.split(".");
  if (of(fixture, type)[name] === undefined) throw new Error(`The fixture has no ${address}.`);
  delete of(fixture, type)[name];
}
