import { ALL_ADDRESSES, ALL_PORTS } from "../ranges.js";
import type { Block } from "../terraform/document.js";
import type { AclRule, Direction, Finding, Identity, NetworkAcl, Resolved } from "./model.js";
import { ACL_PORTS, readPorts } from "./ports.js";
import { type Fields, type Reading, vpcDefault } from "./reading.js";
import { attribution, firstDoubt } from "./wording.js";

const INLINE: Readonly<Record<Direction, string>> = { inbound: "ingress", outbound: "egress" };
/** Before every real rule: where a rule may stand anywhere, standing first covers every other place. */
const ANYWHERE = 0;

export function readNetworkAcls(reading: Reading): NetworkAcl[] {
  const written = reading
    .resources("aws_network_acl", "aws_default_network_acl")
    .map((block) => readAcl(reading, block));
  return [...written, ...untouchedDefaults(reading, written)];
}

function readAcl(reading: Reading, block: Block): NetworkAcl {
  const identity = reading.identityOf(block);
  const doubts = [reading.repeated(block), reading.givenToModule(block)];
  const rules = (direction: Direction): AclRule[] => {
    const inline = reading.nested(block, INLINE[direction]);
    const separate = separateRules(reading, identity, direction);
    const conflict = separate.some((each) => each.certain)
      ? conflictOf(reading, block, direction, inline.blocks !== undefined)
      : undefined;
    return [
      ...(inline.blocks ?? []).flatMap((fields, index) =>
        readRule(reading, block, fields, INLINE_NAMES, `${block.address} ${INLINE[direction]}[${index}]`),
      ),
      ...separate.map((each) => ({ ...each.rule, doubt: each.rule.doubt ?? conflict })),
      ...[inline.doubt, ...doubts].flatMap((doubt) => (doubt === undefined ? [] : [anything(doubt)])),
    ];
  };
  return {
    ...reading.named(block),
    identity,
    rules: {
      inbound: sorted(reading, block, rules("inbound")),
      outbound: sorted(reading, block, rules("outbound")),
    },
  };
}

/** AWS's default NACL allows everything, unless an aws_default_network_acl takes it over. */
function untouchedDefaults(reading: Reading, written: readonly NetworkAcl[]): NetworkAcl[] {
  return reading.resources("aws_vpc").flatMap((block) => {
    const identity = vpcDefault(reading.identityOf(block), "default_network_acl_id");
    if (written.some((acl) => acl.identity.key === identity.key)) return [];
    const doubts = reading.resources("aws_default_network_acl").flatMap((adopter) => {
      const id = reading.identity(
        adopter,
        "default_network_acl_id",
        reading.fields(adopter)("default_network_acl_id"),
      );
      return reading.means(id, identity) === undefined
        ? [attribution(reading, adopter, "default_network_acl_id", id)]
        : [];
    });
    const allowAll: AclRule = {
      number: 100,
      action: "allow",
      protocol: "all",
      ports: ALL_PORTS,
      addresses: ALL_ADDRESSES,
      source: `AWS's default NACL of ${block.address}`,
      doubt: undefined,
    };
    const rules = (direction: Direction) =>
      sorted(reading, block, [
        allowAll,
        ...separateRules(reading, identity, direction).map((each) => each.rule),
        ...doubts.map(anything),
      ]);
    return [
      {
        address: identity.text,
        path: block.path,
        name: undefined,
        identity,
        rules: { inbound: rules("inbound"), outbound: rules("outbound") },
      },
    ];
  });
}

function separateRules(
  reading: Reading,
  acl: Identity,
  direction: Direction,
): { readonly rule: AclRule; readonly certain: boolean }[] {
  return reading.resources("aws_network_acl_rule").flatMap((block) => {
    const fields = reading.fields(block);
    const owner = reading.identity(block, "network_acl_id", fields("network_acl_id"));
    const belongs = reading.means(owner, acl);
    if (belongs === false) return [];
    const egress = reading.boolean(block, "egress", fields("egress"), false);
    if (egress.ok && egress.value !== (direction === "outbound")) return [];
    const doubt = firstDoubt(
      egress,
      reading.repeated(block),
      belongs === undefined ? attribution(reading, block, "network_acl_id", owner) : undefined,
    );
    return readRule(reading, block, fields, SEPARATE_NAMES, block.address).map((rule) => ({
      rule: { ...rule, doubt: doubt ?? rule.doubt, number: reading.repeated(block) ? ANYWHERE : rule.number },
      certain: belongs === true,
    }));
  });
}

interface RuleNames {
  readonly number: string;
  readonly action: string;
}

const INLINE_NAMES: RuleNames = { number: "rule_no", action: "action" };
const SEPARATE_NAMES: RuleNames = { number: "rule_number", action: "rule_action" };

/** Nothing for an IPv6 rule: the questions are about IPv4. */
function readRule(
  reading: Reading,
  block: Block,
  fields: Fields,
  names: RuleNames,
  source: string,
): AclRule[] {
  const cidr = fields("cidr_block");
  if (cidr.kind === "absent" && fields("ipv6_cidr_block").kind !== "absent") return [];
  const number = reading.number(block, names.number, fields(names.number));
  const action = reading.text(block, names.action, fields(names.action));
  const addresses = reading.cidr(block, "cidr_block", cidr);
  const protocol = reading.protocol(block, "protocol", fields("protocol"));
  const ports = readPorts(reading, block, fields, protocol.ok ? protocol.value : "all", ACL_PORTS);
  const verb = action.ok ? action.value?.toLowerCase() : undefined;
  const isVerb = verb === "allow" || verb === "deny";
  const isNumber = number.ok && number.value !== undefined && number.value >= 1 && number.value <= 32_766;
  return [
    {
      number: isNumber && number.value !== undefined ? number.value : ANYWHERE,
      action: isVerb ? verb : "unknown",
      protocol: protocol.ok ? protocol.value : "all",
      ports: ports.ok ? ports.value : ALL_PORTS,
      addresses: addresses.ok ? addresses.value : ALL_ADDRESSES,
      source,
      doubt: firstDoubt(
        number,
        isNumber ? undefined : badValue(reading, block, names.number, number, "1-32766"),
        action,
        isVerb ? undefined : badValue(reading, block, names.action, action, "allow or deny"),
        addresses,
        protocol,
        ports,
      ),
    },
  ];
}

function badValue(
  reading: Reading,
  block: Block,
  attribute: string,
  value: Resolved<string | number | undefined>,
  allowed: string,
): Finding {
  if (!value.ok) return value.finding;
  return reading.finding(
    block,
    value.value === undefined
      ? `${attribute} is not set; it is ${allowed}`
      : `${attribute} is "${value.value}"; it is ${allowed}`,
  );
}

function sorted(reading: Reading, block: Block, rules: readonly AclRule[]): AclRule[] {
  const byNumber = [...rules].sort((a, b) => a.number - b.number);
  return byNumber.map((rule) => {
    const twin = byNumber.find(
      (other) =>
        other !== rule &&
        other.number === rule.number &&
        [other, rule].every((each) => each.doubt === undefined),
    );
    if (twin === undefined) return rule;
    return {
      ...rule,
      doubt: reading.finding(
        block,
        `${[rule.source, twin.source].sort().join(" and ")} have the same number ${rule.number} in the same direction, and AWS accepts only one`,
      ),
    };
  });
}

function conflictOf(
  reading: Reading,
  block: Block,
  direction: Direction,
  hasInline: boolean,
): Finding | undefined {
  if (block.type === "aws_default_network_acl")
    return reading.finding(
      block,
      "adopting the default NACL removes the rules that separate resources add to it",
    );
  if (!hasInline) return undefined;
  return reading.finding(
    block,
    `it has inline ${INLINE[direction]} rules and separate aws_network_acl_rule resources, which undo each other at every apply; use one of the two`,
  );
}

function anything(doubt: Finding): AclRule {
  return {
    number: ANYWHERE,
    action: "unknown",
    protocol: "all",
    ports: ALL_PORTS,
    addresses: ALL_ADDRESSES,
    source: doubt.address,
    doubt,
  };
}

/** Which NACL a subnet is given, by `subnet_ids` or by an association. */
export interface AclAssociation {
  readonly subnet: Resolved<Identity>;
  readonly acl: Resolved<Identity>;
  readonly block: Block;
  readonly doubt: Finding | undefined;
}

export function readAclAssociations(reading: Reading): AclAssociation[] {
  const listed = reading.resources("aws_network_acl", "aws_default_network_acl").flatMap((block) =>
    reading.items(block, "subnet_ids", reading.fields(block)("subnet_ids")).map((item) => ({
      subnet: item.ok ? reading.identity(block, "subnet_ids", item.value) : item,
      acl: { ok: true as const, value: reading.identityOf(block) },
      block,
      doubt: reading.repeated(block),
    })),
  );
  const separate = reading.resources("aws_network_acl_association").map((block) => {
    const fields = reading.fields(block);
    return {
      subnet: reading.identity(block, "subnet_id", fields("subnet_id")),
      acl: reading.identity(block, "network_acl_id", fields("network_acl_id")),
      block,
      doubt: reading.repeated(block),
    };
  });
  return [...listed, ...separate];
}
