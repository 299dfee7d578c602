import { ALL_ADDRESSES, ALL_PORTS } from "../ranges.js";
import type { Block } from "../terraform/document.js";
import type { Value } from "../terraform/resolver.js";
import type {
  Direction,
  Finding,
  Identity,
  Named,
  Peer,
  Resolved,
  SecurityGroup,
  SecurityGroupRule,
} from "./model.js";
import { GROUP_PORTS, readPorts } from "./ports.js";
import { type Fields, type Reading, vpcDefault } from "./reading.js";
import { attribution, firstDoubt, quoted } from "./wording.js";

const INLINE: Readonly<Record<Direction, string>> = { inbound: "ingress", outbound: "egress" };

export function readSecurityGroups(reading: Reading): SecurityGroup[] {
  const written = reading
    .resources("aws_security_group", "aws_default_security_group")
    .map((block) => readGroup(reading, block));
  return [...written, ...untouchedDefaults(reading, written)];
}

function readGroup(reading: Reading, block: Block): SecurityGroup {
  const identity = reading.identityOf(block);
  const doubts = [reading.repeated(block), reading.givenToModule(block)];
  const rules = (direction: Direction): SecurityGroupRule[] => {
    const inline = reading.nested(block, INLINE[direction]);
    const separate = separateRules(reading, identity, direction);
    const conflict = separate.some((each) => each.certain)
      ? conflictOf(reading, block, direction, inline.blocks !== undefined)
      : undefined;
    return [
      ...(inline.blocks ?? []).flatMap((fields, index) =>
        peers(reading, block, fields, INLINE_PEERS, identity).map((peer) =>
          rule(reading, block, fields, "protocol", peer, `${block.address} ${INLINE[direction]}[${index}]`),
        ),
      ),
      ...separate.map((each) => ({ ...each.rule, doubt: each.rule.doubt ?? conflict })),
      ...[inline.doubt, ...doubts].flatMap((doubt) => (doubt === undefined ? [] : [anything(doubt)])),
    ];
  };
  return {
    ...reading.named(block),
    identity,
    vpc: reading.identity(block, "vpc_id", reading.fields(block)("vpc_id")),
    rules: { inbound: rules("inbound"), outbound: rules("outbound") },
  };
}

/** What AWS gives a VPC's default group, unless an aws_default_security_group takes it over. */
function untouchedDefaults(reading: Reading, written: readonly SecurityGroup[]): SecurityGroup[] {
  return reading.resources("aws_vpc").flatMap((block) => {
    const vpc = reading.identityOf(block);
    const identity = vpcDefault(vpc, "default_security_group_id");
    if (written.some((group) => group.identity.key === identity.key)) return [];
    const adopters = reading.resources("aws_default_security_group").map((adopter) => ({
      adopter,
      may: reading.means(reading.identity(adopter, "vpc_id", reading.fields(adopter)("vpc_id")), vpc),
    }));
    const doubt = adopters
      .filter(({ may }) => may === undefined)
      .map(({ adopter }) =>
        reading.finding(adopter, `it may adopt the default group of ${block.address}`),
      )[0];
    const source = `the rules AWS gives the default group of ${block.address}`;
    const own = (peer: Peer): SecurityGroupRule => ({
      protocol: "all",
      ports: ALL_PORTS,
      peer,
      source,
      doubt,
    });
    const group: Named = { address: identity.text, path: block.path, name: undefined };
    const separate = (direction: Direction) =>
      separateRules(reading, identity, direction).map((each) => each.rule);
    return [
      {
        ...group,
        identity,
        vpc: { ok: true, value: vpc },
        rules: {
          inbound: [own({ kind: "group", group: identity }), ...separate("inbound"), ...optional(doubt)],
          outbound: [
            own({ kind: "cidr", addresses: ALL_ADDRESSES }),
            ...separate("outbound"),
            ...optional(doubt),
          ],
        },
      },
    ];
  });
}

interface SeparateRule {
  readonly rule: SecurityGroupRule;
  /** false: the rule may belong to another group. */
  readonly certain: boolean;
}

function separateRules(reading: Reading, group: Identity, direction: Direction): SeparateRule[] {
  const type = `aws_vpc_security_group_${INLINE[direction]}_rule`;
  return reading.resources(type, "aws_security_group_rule").flatMap((block) => {
    const fields = reading.fields(block);
    const owner = reading.identity(block, "security_group_id", fields("security_group_id"));
    const belongs = reading.means(owner, group);
    if (belongs === false) return [];
    const isOld = block.type === "aws_security_group_rule";
    const side = isOld ? reading.text(block, "type", fields("type")) : undefined;
    if (side?.ok === true && side.value !== INLINE[direction]) return [];
    const doubt = firstDoubt(
      side,
      reading.repeated(block),
      belongs === undefined ? attribution(reading, block, "security_group_id", owner) : undefined,
    );
    const description = quoted(fields("description"));
    return peers(reading, block, fields, isOld ? OLD_PEERS : NEW_PEERS, group).map((peer) => {
      const read = rule(
        reading,
        block,
        fields,
        isOld ? "protocol" : "ip_protocol",
        peer,
        `${block.address}${description}`,
      );
      return { rule: { ...read, doubt: doubt ?? read.doubt }, certain: belongs === true };
    });
  });
}

function rule(
  reading: Reading,
  block: Block,
  fields: Fields,
  protocolAttribute: string,
  peer: Resolved<Peer>,
  source: string,
): SecurityGroupRule {
  const protocol = reading.protocol(block, protocolAttribute, fields(protocolAttribute));
  const ports = readPorts(reading, block, fields, protocol.ok ? protocol.value : "all", GROUP_PORTS);
  return {
    protocol: protocol.ok ? protocol.value : "all",
    ports: ports.ok ? ports.value : ALL_PORTS,
    peer: peer.ok ? peer.value : { kind: "anyone" },
    source,
    doubt: firstDoubt(protocol, ports, peer),
  };
}

interface PeerAttributes {
  readonly cidrs: string;
  readonly prefixLists: string;
  readonly groups: string;
}

const NEW_PEERS: PeerAttributes = {
  cidrs: "cidr_ipv4",
  prefixLists: "prefix_list_id",
  groups: "referenced_security_group_id",
};
const OLD_PEERS: PeerAttributes = {
  cidrs: "cidr_blocks",
  prefixLists: "prefix_list_ids",
  groups: "source_security_group_id",
};
const INLINE_PEERS: PeerAttributes = {
  cidrs: "cidr_blocks",
  prefixLists: "prefix_list_ids",
  groups: "security_groups",
};

/** IPv6 peers are set aside: the questions are about IPv4. */
function peers(
  reading: Reading,
  block: Block,
  fields: Fields,
  names: PeerAttributes,
  own: Identity,
): Resolved<Peer>[] {
  const each = (attribute: string, read: (value: Value) => Resolved<Peer>): Resolved<Peer>[] => {
    const value = fields(attribute);
    const items = value.kind === "list" ? value.items : [value];
    return items.filter((item) => item.kind !== "absent").map(read);
  };
  const self = reading.boolean(block, "self", fields("self"), false);
  return [
    ...each(names.cidrs, (value) => {
      const cidr = reading.cidr(block, names.cidrs, value);
      return cidr.ok ? { ok: true, value: { kind: "cidr", addresses: cidr.value } } : cidr;
    }),
    ...each(names.prefixLists, (value) => {
      const list = reading.identity(block, names.prefixLists, value);
      return list.ok ? { ok: true, value: { kind: "prefix-list", list: list.value } } : list;
    }),
    ...each(names.groups, (value) => {
      const group = reading.identity(block, names.groups, value);
      return group.ok ? { ok: true, value: { kind: "group", group: group.value } } : group;
    }),
    ...(!self.ok ? [self] : self.value ? [{ ok: true, value: { kind: "group", group: own } } as const] : []),
  ];
}

function anything(doubt: Finding): SecurityGroupRule {
  return { protocol: "all", ports: ALL_PORTS, peer: { kind: "anyone" }, source: doubt.address, doubt };
}

function optional(doubt: Finding | undefined): SecurityGroupRule[] {
  return doubt === undefined ? [] : [anything(doubt)];
}

function conflictOf(
  reading: Reading,
  block: Block,
  direction: Direction,
  hasInline: boolean,
): Finding | undefined {
  if (block.type === "aws_default_security_group")
    return reading.finding(
      block,
      "adopting the default group removes the rules that separate resources add to it",
    );
  if (!hasInline) return undefined;
  return reading.finding(
    block,
    `it has inline ${INLINE[direction]} rules and separate rule resources, which undo each other at every apply; use one of the two`,
  );
}
