import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstMatch } from "../src/first-match.js";
import { host, internet, reach, readNetwork, type Verdict } from "../src/index.js";
import { type Box, cut, type Range } from "../src/ranges.js";
import { of, platform, remove } from "./fixture.js";

/** A universe small enough to try every packet: eight client addresses, 24 ports. */
const CLIENTS = Array.from({ length: 8 }, (_, index) => index);
const PORTS = Array.from({ length: 24 }, (_, index) => index);
const EVERYONE = internet("198.51.100.0/29");
const server = host({
  subnet: "aws_subnet.public_a",
  securityGroups: ["aws_security_group.alb"],
  publicIp: true,
});

interface Rule {
  readonly first: number;
  readonly size: number;
  readonly from: number;
  readonly to: number;
  readonly protocol: "tcp" | "udp" | "-1";
  readonly allow: boolean;
}

const rule: fc.Arbitrary<Rule> = fc
  .record({
    bits: fc.integer({ min: 29, max: 32 }),
    start: fc.integer({ min: 0, max: 7 }),
    ports: fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 })),
    protocol: fc.constantFrom("tcp" as const, "udp" as const, "-1" as const),
    allow: fc.boolean(),
  })
  .map(({ bits, start, ports, protocol, allow }) => {
    const size = 2 ** (32 - bits);
    return {
      first: start - (start % size),
      size,
      from: Math.min(...ports),
      to: Math.max(...ports),
      protocol,
      allow,
    };
  });

function cidrOf(one: Pick<Rule, "first" | "size">): string {
  return `198.51.100.${one.first}/${32 - Math.log2(one.size)}`;
}

function matches(one: Rule, client: number, port: number, protocol: string): boolean {
  const inside = client >= one.first && client < one.first + one.size;
  if (one.protocol === "-1") return inside;
  return inside && one.protocol === protocol && port >= one.from && port <= one.to;
}

function verdictOf(decisions: readonly boolean[]): Verdict {
  if (decisions.every((each) => each)) return "allowed";
  return decisions.some((each) => each) ? "partly" : "refused";
}

/** The platform with one open side and one random side of the load balancer. */
function withRules(kind: "NACL" | "group", rules: readonly Rule[], numbers: readonly number[]) {
  const fixture = platform();
  const isAcl = kind === "NACL";
  remove(fixture, "aws_vpc_security_group_ingress_rule.alb_https");
  for (const name of ["public_in_100", "public_in_110"]) remove(fixture, `aws_network_acl_rule.${name}`);
  const open: Rule[] = [{ first: 0, size: 8, from: 0, to: 0, protocol: "-1", allow: true }];
  (isAcl ? rules : open).forEach((each, index) => {
    of(fixture, "aws_network_acl_rule")[`random_${index}`] = {
      network_acl_id: "${aws_network_acl.public.id}",
      rule_number: isAcl ? numbers[index] : 100,
      rule_action: each.allow ? "allow" : "deny",
      protocol: each.protocol,
      cidr_block: cidrOf(each),
      from_port: each.from,
      to_port: each.to,
    };
  });
  (isAcl ? open : rules).forEach((each, index) => {
    of(fixture, "aws_vpc_security_group_ingress_rule")[`random_${index}`] = {
      security_group_id: "${aws_security_group.alb.id}",
      ip_protocol: each.protocol,
      cidr_ipv4: cidrOf(each),
      from_port: each.from,
      to_port: each.to,
    };
  });
  return fixture;
}

const ports = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 23 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const protocols = fc.constantFrom("tcp", "udp");
const numbered = fc.array(rule, { maxLength: 8 }).chain((rules) =>
  fc.tuple(
    fc.constant(rules),
    fc.uniqueArray(fc.integer({ min: 1, max: 32766 }), {
      minLength: rules.length,
      maxLength: rules.length,
    }),
  ),
);

describe("every packet, one by one, against the answer for all of them", () => {
  it("NACL: the lowest number that matches decides", () => {
    fc.assert(
      fc.property(numbered, ports, protocols, ([rules, numbers], portRange, protocol) => {
        const model = readNetwork(withRules("NACL", rules, numbers));
        const answer = reach(model, { from: EVERYONE, to: server, protocol, portRange });
        const order = rules
          .map((each, index) => ({ each, number: numbers[index] ?? 0 }))
          .sort((a, b) => a.number - b.number);
        const decisions = CLIENTS.flatMap((client) =>
          PORTS.filter((port) => port >= portRange.from && port <= portRange.to).map(
            (port) => order.find(({ each }) => matches(each, client, port, protocol))?.each.allow ?? false,
          ),
        );
        expect(answer.request).toBe(verdictOf(decisions));
      }),
      { numRuns: 100 },
    );
  });

  it("security group: any rule that matches allows", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 8 }), ports, protocols, (rules, portRange, protocol) => {
        const model = readNetwork(withRules("group", rules, []));
        const answer = reach(model, { from: EVERYONE, to: server, protocol, portRange });
        const decisions = CLIENTS.flatMap((client) =>
          PORTS.filter((port) => port >= portRange.from && port <= portRange.to).map((port) =>
            rules.some((each) => matches(each, client, port, protocol)),
          ),
        );
        expect(answer.request).toBe(verdictOf(decisions));
      }),
      { numRuns: 100 },
    );
  });

  it("route table: the longest prefix that matches decides", () => {
    const route = fc.record({ rule, good: fc.boolean() });
    fc.assert(
      fc.property(
        fc.uniqueArray(route, { maxLength: 8, selector: (each) => cidrOf(each.rule) }),
        fc.integer({ min: 0, max: 7 }),
        (routes, client) => {
          const fixture = platform();
          remove(fixture, "aws_route.public");
          of(fixture, "aws_internet_gateway")["elsewhere"] = {};
          routes.forEach((each, index) => {
            of(fixture, "aws_route")[`random_${index}`] = {
              route_table_id: "${aws_route_table.public.id}",
              destination_cidr_block: cidrOf(each.rule),
              gateway_id: `\${aws_internet_gateway.${each.good ? "main" : "elsewhere"}.id}`,
            };
          });
          const model = readNetwork(fixture);
          const one = reach(model, {
            from: internet(`198.51.100.${client}`),
            to: server,
            protocol: "tcp",
            port: 443,
          });
          const all = reach(model, { from: EVERYONE, to: server, protocol: "tcp", port: 443 });
          const comesBack = (address: number): boolean =>
            routes
              .filter(({ rule: { first, size } }) => address >= first && address < first + size)
              .sort((a, b) => a.rule.size - b.rule.size)[0]?.good ?? false;
          expect(one.reply).toBe(comesBack(client));
          expect(all.answer).toBe(verdictOf(CLIENTS.map(comesBack)));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("what is not known", () => {
  it("never turns into a yes or a no that some value would prove wrong", () => {
    fc.assert(
      fc.property(
        numbered,
        ports,
        fc.constantFrom("cidr_block", "rule_number", "rule_action", "protocol", "from_port"),
        fc.constantFrom<"NACL" | "group">("NACL", "group"),
        rule,
        fc.integer({ min: 1, max: 32766 }),
        ([rules, numbers], portRange, attribute, kind, other, number) => {
          fc.pre(rules.length > 0 && !numbers.slice(1).includes(number));
          const fixture = withRules(kind, rules, numbers);
          const type = kind === "NACL" ? "aws_network_acl_rule" : "aws_vpc_security_group_ingress_rule";
          const names: Record<string, string> =
            kind === "NACL" ? {} : { cidr_block: "cidr_ipv4", protocol: "ip_protocol" };
          const name = names[attribute] ?? attribute;
          const body = of(fixture, type)["random_0"];
          fc.pre(body !== undefined && name in body);
          Object.assign(body ?? {}, { [name]: "${var.hidden}" });
          const values: Record<string, unknown> = {
            cidr_block: cidrOf(other),
            rule_number: number,
            rule_action: other.allow ? "allow" : "deny",
            protocol: other.protocol,
            from_port: 0,
          };
          const question = { from: EVERYONE, to: server, protocol: "tcp", portRange };
          const blind = reach(readNetwork(fixture), question).request;
          const told = reach(
            readNetwork(fixture, { values: { "var.hidden": values[attribute] } }),
            question,
          ).request;
          if (blind !== "unknown") expect(told).toBe(blind);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("boxes of packets", () => {
  const range = (max: number): fc.Arbitrary<Range> =>
    fc
      .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max }))
      .map(([a, b]) => ({ lo: Math.min(a, b), hi: Math.max(a, b) }));
  const box: fc.Arbitrary<Box> = fc.record({ client: range(5), server: range(5), port: range(5) });
  const points = (one: Box): string[] => {
    const all = ({ lo, hi }: Range) => Array.from({ length: hi - lo + 1 }, (_, index) => lo + index);
    return all(one.client).flatMap((c) =>
      all(one.server).flatMap((s) => all(one.port).map((p) => `${c} ${s} ${p}`)),
    );
  };

  it("are cut without losing a packet or having one twice", () => {
    fc.assert(
      fc.property(box, box, (whole, region) => {
        const { inside, outside } = cut(whole, region);
        const pieces = [...(inside === undefined ? [] : [inside]), ...outside].flatMap(points);
        expect(pieces.sort()).toEqual(points(whole).sort());
        const limit = new Set(points(region));
        expect(inside === undefined ? [] : points(inside).filter((point) => !limit.has(point))).toEqual([]);
        expect(outside.flatMap(points).filter((point) => limit.has(point))).toEqual([]);
      }),
    );
  });

  it("keep every packet through an ordered list", () => {
    const entry = fc.record({ regions: fc.array(box, { maxLength: 3 }), certain: fc.boolean() });
    fc.assert(
      fc.property(box, fc.array(entry, { maxLength: 5 }), (whole, entries) => {
        expect(
          firstMatch(entries, whole)
            .flatMap((match) => points(match.box))
            .sort(),
        ).toEqual(points(whole).sort());
      }),
    );
  });
});
