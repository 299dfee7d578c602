import { parseCidr } from "../ranges.js";
import type { Block, TerraformDocument } from "../terraform/document.js";
import { Resolver } from "../terraform/resolver.js";
import {
  type Finding,
  type Identity,
  type InternetGateway,
  type NatGateway,
  type NetworkAcl,
  type NetworkModel,
  type Resolved,
  type RouteTable,
  type Subnet,
  same,
  type Vpc,
} from "./model.js";
import { type AclAssociation, readAclAssociations, readNetworkAcls } from "./network-acls.js";
import { readPrefixLists } from "./prefix-lists.js";
import { Reading, vpcDefault } from "./reading.js";
import {
  mainRouteTable,
  type RouteTableAssociation,
  readRouteTableAssociations,
  readRouteTables,
} from "./route-tables.js";
import { readSecurityGroups } from "./security-groups.js";
import { attribution, firstDoubt } from "./wording.js";

export interface ReadOptions {
  /**
   * Contents of prefix lists that the documents only name, by the list's name or id:
   * `{ "com.amazonaws.global.cloudfront.origin-facing": ["13.32.0.0/15"] }`. A list without contents is
   * unknown, never allowed. @default {}
   */
  readonly prefixLists?: Readonly<Record<string, readonly string[]>>;
  /**
   * What the file can't tell, by reference: `{ "var.admin_cidr": "203.0.113.0/24", "aws_eip.nat.public_ip":
   * "198.51.100.1" }`. These win over what the file says. @default {}
   */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Reads parsed Terraform JSON into what decides over packets. It never throws for what a document holds. */
export function readNetwork(
  documents: TerraformDocument | readonly TerraformDocument[],
  options: ReadOptions = {},
): NetworkModel {
  const values = options.values ?? {};
  const list = (Array.isArray(documents) ? documents : [documents]) as readonly TerraformDocument[];
  const resolver = new Resolver(list, values);
  const reading = new Reading(resolver, values);
  const vpcs = reading.resources("aws_vpc").map((block) => readVpc(reading, block));
  const networkAcls = readNetworkAcls(reading);
  const routeTables = readRouteTables(reading, vpcs);
  const associations = {
    acls: readAclAssociations(reading),
    tables: readRouteTableAssociations(reading),
  };
  const model = {
    vpcs,
    networkAcls,
    routeTables,
    securityGroups: readSecurityGroups(reading),
    subnets: reading
      .resources("aws_subnet")
      .map((block) => readSubnet(reading, block, networkAcls, routeTables, associations)),
    internetGateways: reading
      .resources("aws_internet_gateway")
      .map((block) => readInternetGateway(reading, block)),
    natGateways: reading.resources("aws_nat_gateway").map((block) => readNatGateway(reading, block)),
    prefixLists: readPrefixLists(reading, options.prefixLists ?? {}),
    internetDoubts: readInternetDoubts(reading),
  };
  list.forEach((_, document) => {
    for (const [name] of resolver.modules(document)) noteModule(reading, name);
  });
  return { ...model, findings: reading.findings };
}

function noteModule(reading: Reading, name: string): void {
  const block: Block = {
    document: 0,
    address: `module.${name}`,
    mode: "resource",
    type: "module",
    body: {},
    path: undefined,
    repeatedBy: undefined,
  };
  reading.finding(block, "modules are not read; what it makes is not seen");
}

function readVpc(reading: Reading, block: Block): Vpc {
  const fields = reading.fields(block);
  const identity = reading.identityOf(block);
  const first =
    fields("cidr_block").kind === "absent"
      ? reading.fails(block, "cidr_block is not set, so its addresses are known only after apply")
      : reading.cidr(block, "cidr_block", fields("cidr_block"));
  const more = reading.resources("aws_vpc_ipv4_cidr_block_association").flatMap((association) => {
    const own = reading.fields(association);
    const owner = reading.identity(association, "vpc_id", own("vpc_id"));
    const belongs = reading.means(owner, identity);
    if (belongs === false) return [];
    const doubt = firstDoubt(
      reading.repeated(association),
      belongs === undefined ? attribution(reading, association, "vpc_id", owner) : undefined,
    );
    if (doubt !== undefined) return [{ ok: false as const, finding: doubt }];
    return [reading.cidr(association, "cidr_block", own("cidr_block"))];
  });
  const repeated = reading.repeated(block);
  return {
    ...reading.named(block),
    identity,
    cidrs: repeated === undefined ? [first, ...more] : [{ ok: false, finding: repeated }],
    dnsSupport: reading.boolean(block, "enable_dns_support", fields("enable_dns_support"), true),
  };
}

interface Associations {
  readonly acls: readonly AclAssociation[];
  readonly tables: readonly RouteTableAssociation[];
}

function readSubnet(
  reading: Reading,
  block: Block,
  acls: readonly NetworkAcl[],
  tables: readonly RouteTable[],
  associations: Associations,
): Subnet {
  const fields = reading.fields(block);
  const identity = reading.identityOf(block);
  const vpc = reading.identity(block, "vpc_id", fields("vpc_id"));
  const doubt = reading.repeated(block) ?? reading.givenToModule(block);
  const aclLinks = associations.acls.map((link) => ({ ...link, target: link.acl }));
  const tableLinks = associations.tables.map((link) => ({ ...link, target: link.table }));
  const byDefault: Resolved<Identity> = vpc.ok
    ? { ok: true, value: vpcDefault(vpc.value, "default_network_acl_id") }
    : vpc;
  const acl = doubtful(doubt) ?? chosen(reading, block, identity, aclLinks, byDefault, "NACL");
  const table =
    doubtful(doubt) ??
    chosen(
      reading,
      block,
      identity,
      tableLinks,
      vpc.ok ? mainRouteTable(reading, vpc.value) : vpc,
      "route table",
    );
  return {
    ...reading.named(block),
    identity,
    vpc,
    cidr: doubtful(reading.repeated(block)) ?? reading.cidr(block, "cidr_block", fields("cidr_block")),
    mapPublicIp: reading.boolean(block, "map_public_ip_on_launch", fields("map_public_ip_on_launch"), false),
    tags: reading.tags(block),
    acl: found(reading, block, acl, acls, "NACL"),
    routeTable: found(reading, block, table, tables, "route table"),
  };
}

function doubtful(doubt: Finding | undefined): { readonly ok: false; readonly finding: Finding } | undefined {
  return doubt === undefined ? undefined : { ok: false, finding: doubt };
}

interface Link {
  readonly subnet: Resolved<Identity>;
  readonly target: Resolved<Identity>;
  readonly block: Block;
  readonly doubt: Finding | undefined;
}

/** The one NACL or route table that a subnet is given; its VPC's own when nothing gives it another. */
function chosen(
  reading: Reading,
  block: Block,
  subnet: Identity,
  links: readonly Link[],
  byDefault: Resolved<Identity>,
  what: string,
): Resolved<Identity> {
  const own = links.filter((link) => reading.means(link.subnet, subnet) === true);
  const targets: Identity[] = [];
  for (const link of own) {
    if (link.doubt !== undefined) return { ok: false, finding: link.doubt };
    if (!link.target.ok) return link.target;
    targets.push(link.target.value);
  }
  const [first] = targets;
  const other = targets.find((target) => first !== undefined && target.key !== first.key);
  if (first !== undefined && other !== undefined)
    return reading.fails(block, `it is given two ${what}s, ${first.text} and ${other.text}`);
  const maybe = links.find(
    (link) =>
      reading.means(link.subnet, subnet) === undefined &&
      !(link.target.ok && first !== undefined && link.target.value.key === first.key),
  );
  if (maybe !== undefined) {
    return { ok: false, finding: attribution(reading, maybe.block, "the subnet it is for", maybe.subnet) };
  }
  return first === undefined ? byDefault : { ok: true, value: first };
}

function found<T extends { readonly identity: Identity }>(
  reading: Reading,
  block: Block,
  identity: Resolved<Identity>,
  among: readonly T[],
  what: string,
): Resolved<T> {
  if (!identity.ok) return identity;
  const thing = among.find((each) => same(each.identity, identity.value) === true);
  if (thing !== undefined) return { ok: true, value: thing };
  return reading.fails(block, `its ${what} ${identity.value.text} is not in the documents`);
}

function readInternetGateway(reading: Reading, block: Block): InternetGateway {
  const fields = reading.fields(block);
  const identity = reading.identityOf(block);
  const attached = reading.resources("aws_internet_gateway_attachment").flatMap((attachment) => {
    const own = reading.fields(attachment);
    const gateway = reading.identity(attachment, "internet_gateway_id", own("internet_gateway_id"));
    const belongs = reading.means(gateway, identity);
    if (belongs === false) return [];
    if (belongs === undefined)
      return [
        { ok: false as const, finding: attribution(reading, attachment, "internet_gateway_id", gateway) },
      ];
    return [reading.identity(attachment, "vpc_id", own("vpc_id"))];
  });
  const direct =
    fields("vpc_id").kind === "absent" ? [] : [reading.identity(block, "vpc_id", fields("vpc_id"))];
  const repeated = doubtful(reading.repeated(block));
  return {
    ...reading.named(block),
    identity,
    vpcs: repeated === undefined ? [...direct, ...attached] : [repeated],
  };
}

function readNatGateway(reading: Reading, block: Block): NatGateway {
  const fields = reading.fields(block);
  const repeated = doubtful(reading.repeated(block));
  const mode = reading.text(block, "availability_mode", fields("availability_mode"));
  const regional =
    mode.ok && (mode.value ?? "zonal") === "zonal"
      ? undefined
      : reading.fails(block, "regional NAT gateways are not modelled");
  const kind = reading.text(block, "connectivity_type", fields("connectivity_type"));
  return {
    ...reading.named(block),
    identity: reading.identityOf(block),
    subnet: repeated ?? regional ?? reading.identity(block, "subnet_id", fields("subnet_id")),
    isPublic: kind.ok ? { ok: true, value: (kind.value ?? "public") === "public" } : kind,
    publicAddress: elasticIp(reading, block),
  };
}

/** Its one public address; with secondary ones nobody can say which of them a packet gets. */
function elasticIp(reading: Reading, block: Block): NatGateway["publicAddress"] {
  const fields = reading.fields(block);
  const allocation = fields("allocation_id");
  const hasMore = fields("secondary_allocation_ids").kind !== "absent";
  if (allocation.kind !== "symbol" || hasMore) return undefined;
  const address = reading.value(`\${${allocation.block.address}.public_ip}`, block.document);
  return address.kind === "literal" ? parseCidr(`${address.value}/32`) : undefined;
}

/** Things that can stop or divert all internet traffic, and that the simulator does not follow. */
function readInternetDoubts(reading: Reading): NetworkModel["internetDoubts"] {
  const blocked = reading.resources("aws_vpc_block_public_access_options").flatMap((block) => {
    const mode = reading.text(
      block,
      "internet_gateway_block_mode",
      reading.fields(block)("internet_gateway_block_mode"),
    );
    if (mode.ok && mode.value === "off") return [];
    return [reading.finding(block, "VPC Block Public Access is not modelled unless it is off")];
  });
  const diverted = reading.resources("aws_route_table_association").flatMap((block) => {
    const fields = reading.fields(block);
    if (fields("gateway_id").kind === "absent") return [];
    return [reading.finding(block, "route tables of gateways (ingress routing) are not modelled")];
  });
  return [...blocked, ...diverted];
}
