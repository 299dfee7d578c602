import { type Entry, firstMatch } from "../first-match.js";
import {
  type AclRule,
  type Direction,
  type Finding,
  label,
  type NetworkModel,
  type SecurityGroupRule,
  type Subnet,
  same,
} from "../network/model.js";
import { unknownContents } from "../network/wording.js";
import type { Protocol } from "../protocol.js";
import type { Box, Region } from "../ranges.js";
import type { Journey, Ruling } from "./journey.js";
import type { Inside, Party } from "./parties.js";
import { packetText, type Traffic } from "./traffic.js";

/** The far end of a filter, and which side of the packet box its addresses are. */
export interface Remote {
  readonly party: Party;
  readonly side: "client" | "server";
}

/** Security groups of one interface: the union of their rules allows, nothing denies. */
export function passGroups(
  journey: Journey,
  model: NetworkModel,
  traffic: Traffic,
  interfaceOf: Inside,
  direction: Direction,
  remote: Remote,
): Journey {
  const at = interfaceOf.groups.map(label).join(" + ");
  if (traffic.established)
    return journey.note(
      "security group",
      at,
      "skipped",
      "security groups let pass what belongs to a connection they track",
    );
  return journey.through("security group", at, (box) =>
    judgeGroups(
      model,
      interfaceOf.groups.flatMap((group) => group.rules[direction]),
      direction,
      traffic.protocol,
      remote,
      box,
    ),
  );
}

/** A security group remembers the request and lets its reply pass. */
export function passStateful(journey: Journey, interfaceOf: Inside): Journey {
  const at = interfaceOf.groups.map(label).join(" + ");
  return journey.note("security group", at, "allowed", "stateful: the reply of a request it let pass");
}

/** The NACL of a subnet, which judges every packet that crosses the subnet's border by itself. */
export function passAcl(
  journey: Journey,
  traffic: Traffic,
  subnet: Subnet,
  direction: Direction,
  side: Remote["side"],
): Journey {
  if (!subnet.acl.ok) return journey.gate("NACL", `of ${label(subnet)}`, "unknown", "", subnet.acl.finding);
  const acl = subnet.acl.value;
  return journey.through("NACL", label(acl), (box) =>
    judgeAcl(acl.rules[direction], direction, traffic.protocol, side, box),
  );
}

function judgeAcl(
  rules: readonly AclRule[],
  direction: Direction,
  protocol: number,
  side: Remote["side"],
  box: Box,
): Ruling[] {
  const entries = rules
    .filter((rule) => covers(rule.protocol, protocol))
    .map((rule) => ({
      rule,
      certain: rule.doubt === undefined,
      regions: [{ [side]: rule.addresses, port: rule.ports } satisfies Region],
    }));
  const packet = (one: Box) => packetText(protocol, direction, one[side].lo, one.port.lo);
  return firstMatch(entries, box).map(({ box: piece, decided, maybe }): Ruling => {
    const action = decided?.rule.action ?? "deny";
    const other = maybe.find(({ rule }) => rule.action !== action);
    if (other !== undefined) return { box: piece, outcome: "unknown", by: "", doubt: other.rule.doubt };
    const by =
      decided === undefined
        ? "implicit deny *"
        : `${direction} rule ${decided.rule.number} (${decided.rule.source})`;
    if (action === "allow") return { box: piece, outcome: "allowed", by };
    const refusal =
      decided === undefined
        ? (one: Box) => `no ${direction} rule matches ${packet(one)} (implicit deny *)`
        : (one: Box) => `${by} denies ${packet(one)}`;
    return { box: piece, outcome: "refused", by, refusal };
  });
}

function judgeGroups(
  model: Pick<NetworkModel, "prefixLists">,
  rules: readonly SecurityGroupRule[],
  direction: Direction,
  protocol: number,
  remote: Remote,
  box: Box,
): Ruling[] {
  const entries = rules
    .filter((rule) => covers(rule.protocol, protocol))
    .flatMap((rule) => groupEntries(model, rule, remote))
    // A rule that is certain settles it, whatever an uncertain one would say: allow is all that rules can do.
    .sort((a, b) => Number(b.certain) - Number(a.certain));
  return firstMatch(entries, box).map(({ box: piece, decided, maybe }): Ruling => {
    if (decided !== undefined)
      return { box: piece, outcome: "allowed", by: `${direction} rule ${decided.source}` };
    const [unsure] = maybe;
    if (unsure !== undefined) return { box: piece, outcome: "unknown", by: "", doubt: unsure.doubt };
    return {
      box: piece,
      outcome: "refused",
      by: "no rule",
      refusal: (one) =>
        `no ${direction} rule allows ${packetText(protocol, direction, one[remote.side].lo, one.port.lo)}`,
    };
  });
}

interface GroupEntry extends Entry {
  readonly source: string;
  readonly doubt: Finding | undefined;
}

function groupEntries(
  model: Pick<NetworkModel, "prefixLists">,
  rule: SecurityGroupRule,
  { party, side }: Remote,
): GroupEntry[] {
  const { source, peer } = rule;
  const everyone: Region = { port: rule.ports };
  const entry = (regions: readonly Region[], doubt: Finding | undefined): GroupEntry[] => [
    { regions, certain: doubt === undefined, source, doubt },
  ];
  if (peer.kind === "anyone") return entry([everyone], rule.doubt);
  if (peer.kind === "cidr") return entry([{ ...everyone, [side]: peer.addresses }], rule.doubt);
  if (peer.kind === "prefix-list") {
    if (party.kind === "outside" && party.list?.key === peer.list.key) return entry([everyone], rule.doubt);
    const ranges = model.prefixLists.get(peer.list.key)?.ranges ?? {
      ok: false,
      finding: unknownContents(source, peer.list.text),
    };
    if (!ranges.ok) return entry([everyone], rule.doubt ?? ranges.finding);
    return entry(
      ranges.value.map((addresses) => ({ ...everyone, [side]: addresses })),
      rule.doubt,
    );
  }
  // A group stands for the private addresses of its interfaces; from outside nothing matches it.
  if (party.kind === "outside") return [];
  const member = party.groups.map((group) => same(group.identity, peer.group));
  if (member.includes(true)) return entry([everyone], rule.doubt);
  if (member.includes(undefined))
    return entry([everyone], rule.doubt ?? maybeMember(source, peer.group.text));
  return [];
}

function covers(rule: Protocol, protocol: number): boolean {
  return rule === "all" || rule === protocol;
}

function maybeMember(source: string, group: string): Finding {
  return {
    address: source,
    path: undefined,
    text: `${source}: ${group} may be a group of the other host; give the ids of the groups as values: { "aws_security_group.<name>.id": "sg-…" }`,
  };
}
