import { badAddress, badQuestion, noSuchThing, severalThings } from "../errors.js";
import {
  type Finding,
  type Identity,
  label,
  type Named,
  type NetworkModel,
  type Resolved,
  type SecurityGroup,
  type Subnet,
  same,
} from "../network/model.js";
import { prefixListNamed, vpcDefault } from "../network/reading.js";
import { ALL_ADDRESSES, addressText, parseAddresses, parseCidr, type Range, subtract } from "../ranges.js";
import type { HostProps, InternetHost, PrefixListHost, SubnetSelector, VpcHost } from "./hosts.js";

/** Hosts outside the VPC. */
export interface Outside {
  readonly kind: "outside";
  readonly text: string;
  readonly ranges: readonly Range[];
  /** false: the hosts have some of these addresses, and it is not known which. */
  readonly exact: boolean;
  /** The whole internet, which by definition leaves out what a gateway endpoint leads to. */
  readonly isEverywhere: boolean;
  readonly list: Identity | undefined;
}

/** An interface in a VPC. */
export interface Inside {
  readonly kind: "inside";
  readonly text: string;
  readonly subnet: Subnet;
  readonly vpc: Identity;
  readonly groups: readonly SecurityGroup[];
  readonly ranges: readonly Range[];
  readonly isPublic: Resolved<boolean>;
  readonly publicAddress: Range | undefined;
}

export type Party = Outside | Inside;

/** Not the internet: private, shared, loopback, link-local, multicast and reserved blocks (RFC 6890). */
const NOT_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
].flatMap((cidr) => parseCidr(cidr) ?? []);

const PUBLIC: readonly Range[] = NOT_PUBLIC.reduce<readonly Range[]>(subtract, [ALL_ADDRESSES]);

export function outside(model: NetworkModel, host: InternetHost | PrefixListHost): Outside {
  return host.kind === "internet" ? onInternet(model, host) : inPrefixList(model, host);
}

/** An address that nobody told us: it may be any public one. */
export function someAddress(model: NetworkModel, text: string, known: Range | undefined): Outside {
  return {
    kind: "outside",
    text,
    ranges: known === undefined ? publicRanges(model) : [known],
    exact: known !== undefined,
    isEverywhere: false,
    list: undefined,
  };
}

export function inside(model: NetworkModel, host: VpcHost): Resolved<Inside> {
  const subnet = oneSubnet(model, host.subnet);
  const { vpc } = subnet;
  if (!vpc.ok) return vpc;
  const groups = securityGroups(model, host, vpc.value);
  if (!groups.ok) return groups;
  const ranges = addresses(host, subnet);
  if (!ranges.ok) return ranges;
  const isGiven = host.publicIp !== undefined;
  const publicAddress =
    typeof host.publicIp === "string"
      ? (parseAddresses(host.publicIp) ?? notAnAddress(host.publicIp))
      : undefined;
  return {
    ok: true,
    value: {
      kind: "inside",
      text: host.name ?? `host in ${label(subnet)}`,
      subnet,
      vpc: vpc.value,
      groups: groups.value,
      ranges: ranges.value,
      isPublic: isGiven ? { ok: true, value: host.publicIp !== false } : subnet.mapPublicIp,
      publicAddress,
    },
  };
}

/** The subnets that a selector means; it is an error when there are none, so that nothing is proven by nothing. */
export function selectSubnets(model: NetworkModel, selector: SubnetSelector): readonly Subnet[] {
  const subnets =
    typeof selector === "string"
      ? model.subnets.filter((subnet) => isNamed(subnet, selector))
      : model.subnets.filter((subnet) =>
          Object.entries(selector.tags).every(([key, value]) => subnet.tags.get(key) === value),
        );
  if (subnets.length > 0) return subnets;
  throw noSuchThing("subnet", selectorText(selector), model.subnets.map(label));
}

function oneSubnet(model: NetworkModel, selector: SubnetSelector): Subnet {
  const [subnet, ...others] = selectSubnets(model, selector);
  if (subnet !== undefined && others.length === 0) return subnet;
  throw severalThings("subnet", selectorText(selector), selectSubnets(model, selector).map(label));
}

function securityGroups(model: NetworkModel, host: HostProps, vpc: Identity): Resolved<SecurityGroup[]> {
  const wanted = host.securityGroups ?? [];
  if (wanted.length === 0) {
    const key = vpcDefault(vpc, "default_security_group_id").key;
    const group = model.securityGroups.find((each) => each.identity.key === key);
    if (group !== undefined) return { ok: true, value: [group] };
    return missing(
      vpc.text,
      `${vpc.text} is not in the documents, so the rules of its default security group are not known`,
    );
  }
  const groups = wanted.map((name) => {
    const found = model.securityGroups.filter((group) => isNamed(group, name));
    const [group, ...others] = found;
    if (group === undefined) throw noSuchThing("security group", name, model.securityGroups.map(label));
    if (others.length > 0) throw severalThings("security group", name, found.map(label));
    if (group.vpc.ok && same(group.vpc.value, vpc) === false)
      throw badQuestion(
        `${label(group)} is in another VPC than the subnet: AWS gives an interface only groups of its VPC.`,
      );
    return group;
  });
  return { ok: true, value: groups };
}

function addresses(host: HostProps, subnet: Subnet): Resolved<readonly Range[]> {
  const ip = host.ip === undefined ? undefined : (parseAddresses(host.ip) ?? notAnAddress(host.ip));
  if (!subnet.cidr.ok) return ip === undefined ? subnet.cidr : { ok: true, value: [ip] };
  // AWS keeps the first four addresses and the last one of every subnet.
  const usable = { lo: subnet.cidr.value.lo + 4, hi: subnet.cidr.value.hi - 1 };
  if (ip === undefined) return { ok: true, value: [usable] };
  if (ip.lo >= usable.lo && ip.hi <= usable.hi) return { ok: true, value: [ip] };
  throw badQuestion(
    `${host.ip} is not an address that AWS gives a host in ${label(subnet)}: those are ${addressText(usable.lo)} to ${addressText(usable.hi)}.`,
  );
}

function onInternet(model: NetworkModel, host: InternetHost): Outside {
  const only = host.addresses;
  if (only === undefined) {
    return {
      kind: "outside",
      text: "the internet",
      ranges: publicRanges(model),
      exact: true,
      isEverywhere: true,
      list: undefined,
    };
  }
  const range = parseAddresses(only);
  if (range === undefined || !isPublic(range))
    throw badAddress(
      only,
      "a public IPv4 address or CIDR; questions are about IPv4, and hosts of a VPC are asked about with host()",
    );
  return { kind: "outside", text: only, ranges: [range], exact: true, isEverywhere: false, list: undefined };
}

function inPrefixList(model: NetworkModel, host: PrefixListHost): Outside {
  const name = prefixListNamed(host.list);
  const key =
    [name.key, `id ${host.list}`].find((each) => model.prefixLists.has(each)) ??
    [...model.prefixLists.keys()].find((each) => each.endsWith(` ${host.list}`)) ??
    name.key;
  const list = model.prefixLists.get(key);
  const ranges = list?.ranges.ok === true ? list.ranges.value : undefined;
  return {
    kind: "outside",
    text: `prefix list ${host.list}`,
    ranges: ranges ?? publicRanges(model),
    exact: ranges !== undefined,
    isEverywhere: false,
    list: { kind: "resource", key, text: host.list },
  };
}

function publicRanges(model: NetworkModel): readonly Range[] {
  const own = model.vpcs.flatMap((vpc) => vpc.cidrs.flatMap((cidr) => (cidr.ok ? [cidr.value] : [])));
  return own.reduce<readonly Range[]>(subtract, PUBLIC);
}

function isPublic(range: Range): boolean {
  return PUBLIC.some((block) => block.lo <= range.lo && range.hi <= block.hi);
}

function isNamed(named: Named, wanted: string): boolean {
  return named.address === wanted || named.path === wanted;
}

function selectorText(selector: SubnetSelector): string {
  if (typeof selector === "string") return selector;
  const tags = Object.entries(selector.tags).map(([key, value]) => `${key}=${value}`);
  return `tagged ${tags.join(" ")}`;
}

function notAnAddress(text: string): never {
  throw badAddress(text, "an IPv4 address");
}

function missing(address: string, text: string): { readonly ok: false; readonly finding: Finding } {
  return { ok: false, finding: { address, path: undefined, text } };
}
