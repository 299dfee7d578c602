import type { Block } from "../terraform/document.js";
import type { Finding, Identity, Resolved, Route, RouteTable, Target, Vpc } from "./model.js";
import { same } from "./model.js";
import { type Fields, type Reading, vpcDefault } from "./reading.js";
import { attribution, firstDoubt } from "./wording.js";

export function readRouteTables(reading: Reading, vpcs: readonly Vpc[]): RouteTable[] {
  const written = reading
    .resources("aws_route_table", "aws_default_route_table")
    .map((block) => readTable(reading, block, vpcs));
  return [...written, ...untouchedMains(reading, vpcs, written)];
}

function readTable(reading: Reading, block: Block, vpcs: readonly Vpc[]): RouteTable {
  const identity = reading.identityOf(block);
  const fields = reading.fields(block);
  const inline = reading.nested(block, "route");
  const separate = separateRoutes(reading, identity);
  const conflict =
    inline.blocks !== undefined && separate.some((each) => each.certain)
      ? reading.finding(
          block,
          "it has inline routes and separate aws_route resources, which undo each other at every apply; use one of the two",
        )
      : undefined;
  const propagating = reading.items(block, "propagating_vgws", fields("propagating_vgws"));
  const doubts = [
    reading.repeated(block),
    reading.givenToModule(block),
    inline.doubt,
    propagating.length > 0
      ? reading.finding(block, "a VPN gateway propagates routes into it that the file does not show")
      : undefined,
  ];
  return {
    ...reading.named(block),
    identity,
    routes: [
      ...localRoutes(reading, block, vpcOf(reading, block, vpcs)),
      ...(inline.blocks ?? []).flatMap((route, index) =>
        readRoute(reading, block, route, INLINE_NAMES, `${block.address} route[${index}]`),
      ),
      ...separate.map((each) => ({ ...each.route, doubt: each.route.doubt ?? conflict })),
      ...endpointRoutes(reading, identity),
      ...doubts.flatMap((doubt) => (doubt === undefined ? [] : [anything(doubt)])),
    ],
  };
}

/** The main route table that AWS makes with a VPC: local routes only, unless something adds to it. */
function untouchedMains(
  reading: Reading,
  vpcs: readonly Vpc[],
  written: readonly RouteTable[],
): RouteTable[] {
  return reading.resources("aws_vpc").flatMap((block) => {
    const vpc = vpcs.find((each) => each.identity.key === reading.identityOf(block).key);
    const identity = vpcDefault(reading.identityOf(block), "default_route_table_id");
    if (vpc === undefined || written.some((table) => table.identity.key === identity.key)) return [];
    const doubts = reading.resources("aws_default_route_table").flatMap((adopter) => {
      const id = reading.identity(
        adopter,
        "default_route_table_id",
        reading.fields(adopter)("default_route_table_id"),
      );
      return reading.means(id, identity) === undefined
        ? [anything(attribution(reading, adopter, "default_route_table_id", id))]
        : [];
    });
    return [
      {
        address: identity.text,
        path: block.path,
        name: undefined,
        identity,
        routes: [
          ...localRoutes(reading, block, vpc),
          ...separateRoutes(reading, identity).map((each) => each.route),
          ...endpointRoutes(reading, identity),
          ...doubts,
        ],
      },
    ];
  });
}

function vpcOf(reading: Reading, block: Block, vpcs: readonly Vpc[]): Vpc | undefined {
  if (block.type === "aws_default_route_table") {
    const key = reading.identityOf(block).key;
    return vpcs.find((vpc) => vpcDefault(vpc.identity, "default_route_table_id").key === key);
  }
  const vpc = reading.identity(block, "vpc_id", reading.fields(block)("vpc_id"));
  return vpc.ok ? vpcs.find((each) => same(each.identity, vpc.value) === true) : undefined;
}

function localRoutes(reading: Reading, block: Block, vpc: Vpc | undefined): Route[] {
  const target: Target = { kind: "local" };
  if (vpc === undefined) {
    const doubt = reading.finding(block, "its VPC is not in the documents, so its local route is not known");
    return [{ ...anything(doubt), target }];
  }
  return vpc.cidrs.map((cidr) =>
    cidr.ok
      ? {
          destination: { kind: "cidr", addresses: cidr.value },
          target,
          source: `the local route of ${vpc.address}`,
          doubt: undefined,
        }
      : { ...anything(cidr.finding), target },
  );
}

function separateRoutes(
  reading: Reading,
  table: Identity,
): { readonly route: Route; readonly certain: boolean }[] {
  const routes = reading.resources("aws_route").flatMap((block) => {
    const fields = reading.fields(block);
    const owner = reading.identity(block, "route_table_id", fields("route_table_id"));
    const belongs = reading.means(owner, table);
    if (belongs === false) return [];
    const doubt = firstDoubt(
      reading.repeated(block),
      belongs === undefined ? attribution(reading, block, "route_table_id", owner) : undefined,
    );
    return readRoute(reading, block, fields, SEPARATE_NAMES, block.address).map((route) => ({
      route: { ...route, doubt: doubt ?? route.doubt },
      certain: belongs === true,
    }));
  });
  const propagations = reading.resources("aws_vpn_gateway_route_propagation").flatMap((block) => {
    const owner = reading.identity(block, "route_table_id", reading.fields(block)("route_table_id"));
    if (reading.means(owner, table) === false) return [];
    const doubt = reading.finding(block, "a VPN gateway propagates routes that the file does not show");
    return [{ route: anything(doubt), certain: false }];
  });
  return [...routes, ...propagations];
}

interface RouteNames {
  readonly cidr: string;
  readonly ipv6: string;
}

const INLINE_NAMES: RouteNames = { cidr: "cidr_block", ipv6: "ipv6_cidr_block" };
const SEPARATE_NAMES: RouteNames = { cidr: "destination_cidr_block", ipv6: "destination_ipv6_cidr_block" };

/** Nothing for an IPv6 route: the questions are about IPv4. */
function readRoute(
  reading: Reading,
  block: Block,
  fields: Fields,
  names: RouteNames,
  source: string,
): Route[] {
  const cidr = fields(names.cidr);
  const list = fields("destination_prefix_list_id");
  if (cidr.kind === "absent" && list.kind === "absent" && fields(names.ipv6).kind !== "absent") return [];
  const destination = readDestination(reading, block, fields, names);
  const target = readTarget(reading, block, fields);
  return [
    {
      destination: destination.ok ? destination.value : { kind: "anywhere" },
      target: target.ok ? target.value : { kind: "not-modelled", text: target.finding.text },
      source,
      doubt: firstDoubt(destination, target),
    },
  ];
}

function readDestination(
  reading: Reading,
  block: Block,
  fields: Fields,
  names: RouteNames,
): Resolved<Route["destination"]> {
  const list = fields("destination_prefix_list_id");
  if (list.kind !== "absent") {
    const identity = reading.identity(block, "destination_prefix_list_id", list);
    return identity.ok ? { ok: true, value: { kind: "prefix-list", list: identity.value } } : identity;
  }
  const cidr = reading.cidr(block, names.cidr, fields(names.cidr));
  return cidr.ok ? { ok: true, value: { kind: "cidr", addresses: cidr.value } } : cidr;
}

const NOT_MODELLED = [
  "carrier_gateway_id",
  "core_network_arn",
  "egress_only_gateway_id",
  "local_gateway_id",
  "network_interface_id",
  "transit_gateway_id",
  "vpc_endpoint_id",
  "vpc_peering_connection_id",
];

function readTarget(reading: Reading, block: Block, fields: Fields): Resolved<Target> {
  const gateway = fields("gateway_id");
  if (gateway.kind === "literal" && gateway.value === "local") return { ok: true, value: { kind: "local" } };
  if (gateway.kind !== "absent") {
    const identity = reading.identity(block, "gateway_id", gateway);
    if (!identity.ok) return identity;
    const isInternet = reading
      .resources("aws_internet_gateway")
      .some((each) => same(reading.identityOf(each), identity.value) === true);
    if (isInternet) return { ok: true, value: { kind: "internet-gateway", identity: identity.value } };
    return { ok: true, value: { kind: "not-modelled", text: `gateway ${identity.value.text}` } };
  }
  const nat = fields("nat_gateway_id");
  if (nat.kind !== "absent") {
    const identity = reading.identity(block, "nat_gateway_id", nat);
    return identity.ok ? { ok: true, value: { kind: "nat-gateway", identity: identity.value } } : identity;
  }
  const other = NOT_MODELLED.find((attribute) => fields(attribute).kind !== "absent");
  if (other === undefined) return reading.fails(block, "it names no target");
  return { ok: true, value: { kind: "not-modelled", text: other } };
}

/** A gateway endpoint adds a route to its service's prefix list to each of its tables. */
function endpointRoutes(reading: Reading, table: Identity): Route[] {
  return reading.resources("aws_vpc_endpoint").flatMap((block) => {
    const fields = reading.fields(block);
    const type = reading.text(block, "vpc_endpoint_type", fields("vpc_endpoint_type"));
    if (type.ok && (type.value ?? "Gateway") !== "Gateway") return [];
    const list = reading.identity(block, "prefix_list_id", {
      kind: "symbol",
      block,
      attribute: "prefix_list_id",
    });
    if (!list.ok) return [anything(list.finding)];
    const route: Route = {
      destination: { kind: "prefix-list", list: list.value },
      target: { kind: "gateway-endpoint", identity: reading.identityOf(block) },
      source: block.address,
      doubt: firstDoubt(type, reading.repeated(block)),
    };
    return endpointTables(reading, block).flatMap(({ owner, attribute, from }) => {
      const belongs = reading.means(owner, table);
      if (belongs === false) return [];
      const doubt = belongs === undefined ? attribution(reading, from, attribute, owner) : undefined;
      return [{ ...route, doubt: route.doubt ?? doubt ?? reading.repeated(from) }];
    });
  });
}

function endpointTables(
  reading: Reading,
  endpoint: Block,
): { readonly owner: Resolved<Identity>; readonly attribute: string; readonly from: Block }[] {
  const listed = reading
    .items(endpoint, "route_table_ids", reading.fields(endpoint)("route_table_ids"))
    .map((item) => ({
      owner: item.ok ? reading.identity(endpoint, "route_table_ids", item.value) : item,
      attribute: "route_table_ids",
      from: endpoint,
    }));
  const separate = reading.resources("aws_vpc_endpoint_route_table_association").flatMap((block) => {
    const fields = reading.fields(block);
    const owner = reading.identity(block, "vpc_endpoint_id", fields("vpc_endpoint_id"));
    if (reading.means(owner, reading.identityOf(endpoint)) === false) return [];
    return [
      {
        owner: reading.identity(block, "route_table_id", fields("route_table_id")),
        attribute: "route_table_id",
        from: block,
      },
    ];
  });
  return [...listed, ...separate];
}

/** Which route table a subnet, or a gateway, is given. */
export interface RouteTableAssociation {
  readonly subnet: Resolved<Identity>;
  readonly table: Resolved<Identity>;
  readonly block: Block;
  readonly doubt: Finding | undefined;
}

export function readRouteTableAssociations(reading: Reading): RouteTableAssociation[] {
  return reading.resources("aws_route_table_association").flatMap((block) => {
    const fields = reading.fields(block);
    if (fields("gateway_id").kind !== "absent") return [];
    return [
      {
        subnet: reading.identity(block, "subnet_id", fields("subnet_id")),
        table: reading.identity(block, "route_table_id", fields("route_table_id")),
        block,
        doubt: reading.repeated(block),
      },
    ];
  });
}

/** The route table of subnets that have no association of their own. */
export function mainRouteTable(reading: Reading, vpc: Identity): Resolved<Identity> {
  const replaced = reading.resources("aws_main_route_table_association").flatMap((block) => {
    const fields = reading.fields(block);
    const owner = reading.identity(block, "vpc_id", fields("vpc_id"));
    const belongs = reading.means(owner, vpc);
    if (belongs === false) return [];
    const doubt = firstDoubt(
      reading.repeated(block),
      belongs === undefined ? attribution(reading, block, "vpc_id", owner) : undefined,
    );
    if (doubt !== undefined) return [{ ok: false as const, finding: doubt }];
    return [reading.identity(block, "route_table_id", fields("route_table_id"))];
  });
  return replaced[0] ?? { ok: true, value: vpcDefault(vpc, "default_route_table_id") };
}

function anything(doubt: Finding): Route {
  return {
    destination: { kind: "anywhere" },
    target: { kind: "not-modelled", text: doubt.text },
    source: doubt.address,
    doubt,
  };
}
