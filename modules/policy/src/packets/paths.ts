import {
  type Direction,
  type Finding,
  type Identity,
  label,
  type NatGateway,
  type NetworkModel,
  type Subnet,
  same,
} from "../network/model.js";
import { hasPorts, ICMP, protocolText } from "../protocol.js";
import type { Range } from "../ranges.js";
import { passAcl, passGroups, passStateful, type Remote } from "./filters.js";
import { Journey, type Lane, type Log } from "./journey.js";
import { type Inside, type Outside, type Party, someAddress } from "./parties.js";
import { leaves, staysLocal, type Way, waysOut } from "./routing.js";
import { EPHEMERAL, type Traffic } from "./traffic.js";

/** What a path needs besides its ends. */
export interface Trip {
  readonly model: NetworkModel;
  readonly traffic: Traffic;
  readonly log: Log;
}

/** The packets of each leg that got through. */
export interface Result {
  readonly arrived: readonly Lane[];
  readonly returned: readonly Lane[];
  /** As whom the client appears at the far end: itself, its public address, or its NAT gateway. */
  readonly appearsAs: readonly Outside[];
}

/** What every NAT gateway uses as its own source ports. */
const NAT_PORTS: Range = { lo: EPHEMERAL.from, hi: EPHEMERAL.to };

/** Host to host by private addresses. */
export function privatePath(trip: Trip, client: Inside, server: Inside): Result {
  const toServer: Remote = { party: server, side: "server" };
  const toClient: Remote = { party: client, side: "client" };
  const crosses = client.subnet.identity.key !== server.subnet.identity.key;
  let request = start(trip, client, server);
  request = passGroups(request, trip.model, trip.traffic, client, "outbound", toServer);
  request = border(request, trip, client.subnet, "outbound", "server", crosses);
  request = staysLocal(request, trip.model, client.subnet, toServer);
  request = inOneVpc(request, client, server);
  request = border(request, trip, server.subnet, "inbound", "client", crosses);
  request = passGroups(request, trip.model, trip.traffic, server, "inbound", toClient);

  let reply = answer(request, trip);
  reply = passStateful(reply, server);
  reply = border(reply, trip, server.subnet, "outbound", "client", crosses);
  reply = staysLocal(reply, trip.model, server.subnet, toClient);
  reply = border(reply, trip, client.subnet, "inbound", "server", crosses);
  reply = passStateful(reply, client);
  return { arrived: request.lanes, returned: reply.lanes, appearsAs: [] };
}

/** A host of the VPC to hosts outside: by internet gateway, NAT gateway or gateway endpoint. */
export function exitPath(trip: Trip, client: Inside, server: Outside): Result {
  const { model, traffic } = trip;
  const toServer: Remote = { party: server, side: "server" };
  let request = start(trip, client, server);
  request = passGroups(request, model, traffic, client, "outbound", toServer);
  request = passAcl(request, traffic, client.subnet, "outbound", "server");
  const exits = waysOut(request, model, client.subnet, toServer).map((way) =>
    exit(trip, client, server, way),
  );
  const returned = exits.flatMap((each) => each.comeBack().lanes);
  return {
    arrived: exits.flatMap((each) => each.arrived.lanes),
    returned,
    appearsAs: exits.flatMap((each) => (each.arrived.lanes.length > 0 ? each.appearsAs : [])),
  };
}

/** Hosts outside to a host of the VPC, at its public address. */
export function entryPath(trip: Trip, client: Outside, server: Inside): Result {
  const { model, traffic } = trip;
  const toClient: Remote = { party: client, side: "client" };
  let request = start(trip, client, server);
  request = hasPublicAddress(request, server);
  request = throughInternetGateway(request, model, server.vpc, undefined);
  request = passAcl(request, traffic, server.subnet, "inbound", "client");
  request = passGroups(request, model, traffic, server, "inbound", toClient);

  let reply = answer(request, trip);
  reply = passStateful(reply, server);
  reply = passAcl(reply, traffic, server.subnet, "outbound", "client");
  const lanes = waysOut(reply, model, server.subnet, toClient).flatMap((way) =>
    way.target.kind === "internet-gateway"
      ? throughInternetGateway(way.journey, model, server.vpc, way.target.identity).lanes
      : leaves(way, server.subnet).lanes,
  );
  return { arrived: request.lanes, returned: lanes, appearsAs: [] };
}

interface Exit {
  readonly arrived: Journey;
  readonly comeBack: () => Journey;
  readonly appearsAs: readonly Outside[];
}

function exit(trip: Trip, client: Inside, server: Outside, way: Way): Exit {
  const { model, traffic } = trip;
  const intoSubnet = (reply: Journey): Journey =>
    passStateful(passAcl(reply, traffic, client.subnet, "inbound", "server"), client);
  const { target } = way;
  if (target.kind === "nat-gateway") {
    const nat = model.natGateways.find((each) => same(each.identity, target.identity) === true);
    if (nat !== undefined) return natExit(trip, client, server, way, nat);
    return nowhere(way.journey.lose("NAT gateway", target.identity.text, notInDocuments(target.identity)));
  }
  if (target.kind === "gateway-endpoint") {
    const arrived = way.journey.note(
      "gateway endpoint",
      target.identity.text,
      "allowed",
      "leads to its service; its policy and the service's own are not part of this answer",
    );
    return { arrived, comeBack: () => intoSubnet(answer(arrived, trip)), appearsAs: [] };
  }
  if (target.kind !== "internet-gateway") return nowhere(leaves(way, client.subnet));
  const arrived = throughInternetGateway(
    hasPublicAddress(way.journey, client),
    model,
    client.vpc,
    target.identity,
  );
  return {
    arrived,
    comeBack: () => intoSubnet(answer(arrived, trip)),
    appearsAs: [someAddress(model, `the public address of ${client.text}`, client.publicAddress)],
  };
}

/**
 * By NAT gateway: the packet crosses the host's subnet, then enters and leaves the NAT gateway's subnet.
 * Between host and NAT gateway the far end keeps its internet address in both directions; only between NAT
 * gateway and internet is the near end the NAT gateway itself.
 */
function natExit(trip: Trip, client: Inside, server: Outside, way: Way, nat: NatGateway): Exit {
  const { model, traffic } = trip;
  const toServer: Remote = { party: server, side: "server" };
  const toClient: Remote = { party: client, side: "client" };
  const at = label(nat);
  if (!nat.subnet.ok) return nowhere(way.journey.lose("NAT gateway", at, nat.subnet.finding));
  const where = nat.subnet.value;
  const subnet = model.subnets.find((each) => same(each.identity, where) === true);
  if (subnet === undefined) return nowhere(way.journey.lose("NAT gateway", at, notInDocuments(where)));
  const crosses = subnet.identity.key !== client.subnet.identity.key;

  let request = natAccepts(way.journey, nat, subnet, client.vpc, traffic.protocol);
  request = border(request, trip, subnet, "inbound", "client", crosses);
  request = passAcl(request, traffic, subnet, "outbound", "server");
  const lanes = waysOut(request, model, subnet, toServer).flatMap((next) =>
    next.target.kind === "internet-gateway"
      ? throughInternetGateway(next.journey, model, client.vpc, next.target.identity).lanes
      : leaves(next, subnet).lanes,
  );
  const arrived = request.only(lanes);

  const comeBack = (): Journey => {
    let reply = answer(arrived, trip);
    const { replyPorts } = traffic;
    if (replyPorts === undefined) return reply;
    if (hasPorts(traffic.protocol)) reply = reply.toPorts(NAT_PORTS);
    reply = passAcl(reply, traffic, subnet, "inbound", "server");
    reply = reply.toPorts(replyPorts);
    reply = staysLocal(reply, model, subnet, toClient);
    reply = border(reply, trip, subnet, "outbound", "client", crosses);
    reply = border(reply, trip, client.subnet, "inbound", "server", crosses);
    return passStateful(reply, client);
  };
  return { arrived, comeBack, appearsAs: [someAddress(model, `the address of ${at}`, nat.publicAddress)] };
}

function natAccepts(
  journey: Journey,
  nat: NatGateway,
  subnet: Subnet,
  vpc: Identity,
  protocol: number,
): Journey {
  const at = label(nat);
  const gate = (outcome: "allowed" | "refused" | "unknown", by: string, doubt?: Finding): Journey =>
    journey.gate("NAT gateway", at, outcome, by, doubt);
  if (!hasPorts(protocol) && protocol !== ICMP)
    return gate("refused", `NAT gateways carry tcp, udp and icmp, not ${protocolText(protocol)}`);
  if (!nat.isPublic.ok) return gate("unknown", "", nat.isPublic.finding);
  if (!nat.isPublic.value)
    return gate("refused", "its connectivity_type is private, so it does not reach the internet");
  if (!subnet.vpc.ok) return gate("unknown", "", subnet.vpc.finding);
  if (same(subnet.vpc.value, vpc) !== true)
    return gate("refused", `it stands in ${label(subnet)}, which is not in the VPC ${vpc.text}`);
  return gate("allowed", `it stands in ${label(subnet)} and sends the packet on under its own address`);
}

/** Into or out of a subnet; a NACL does not see what stays inside. */
function border(
  journey: Journey,
  trip: Trip,
  subnet: Subnet,
  direction: Direction,
  side: Remote["side"],
  crosses: boolean,
): Journey {
  if (crosses) return passAcl(journey, trip.traffic, subnet, direction, side);
  return journey.note("NACL", `of ${label(subnet)}`, "skipped", "both ends are in this subnet");
}

function hasPublicAddress(journey: Journey, host: Inside): Journey {
  const { isPublic } = host;
  if (!isPublic.ok) return journey.gate("public address", host.text, "unknown", "", isPublic.finding);
  return isPublic.value
    ? journey.gate("public address", host.text, "allowed", "it has one")
    : journey.gate(
        "public address",
        host.text,
        "refused",
        "it has none, and only private addresses of its own",
      );
}

/** `gateway`: the one that a route names; without it, whichever is attached to the VPC. */
function throughInternetGateway(
  journey: Journey,
  model: NetworkModel,
  vpc: Identity,
  gateway: Identity | undefined,
): Journey {
  const [doubt] = model.internetDoubts;
  const candidates = model.internetGateways.filter(
    (each) => gateway === undefined || same(each.identity, gateway) === true,
  );
  const attached = candidates.map((each) => ({
    at: label(each),
    isHere: each.vpcs.map((own) => (own.ok ? same(own.value, vpc) : undefined)),
    doubt: each.vpcs.flatMap((own) => (own.ok ? [] : [own.finding]))[0],
  }));
  const here = attached.find(({ isHere }) => isHere.includes(true));
  const at = here?.at ?? gateway?.text ?? `of ${vpc.text}`;
  if (doubt !== undefined) return journey.gate("internet gateway", at, "unknown", "", doubt);
  if (here !== undefined) return journey.gate("internet gateway", at, "allowed", `attached to ${vpc.text}`);
  const maybe = attached.find(({ isHere }) => isHere.includes(undefined));
  if (maybe !== undefined) {
    const finding = maybe.doubt ?? {
      address: maybe.at,
      path: undefined,
      text: `${maybe.at}: it may be attached to ${vpc.text}, the documents don't tell`,
    };
    return journey.gate("internet gateway", maybe.at, "unknown", "", finding);
  }
  return gateway === undefined
    ? journey.gate("internet gateway", at, "refused", "none is attached")
    : journey.gate("internet gateway", at, "refused", `it is not attached to ${vpc.text}`);
}

function inOneVpc(journey: Journey, client: Inside, server: Inside): Journey {
  const isOne = same(client.vpc, server.vpc);
  if (isOne === true) return journey;
  const at = client.subnet.routeTable.ok ? label(client.subnet.routeTable.value) : label(client.subnet);
  if (isOne === false)
    return journey.gate(
      "route table",
      at,
      "refused",
      `the address is the VPC's own, and ${server.text} is in another VPC`,
    );
  return journey.lose("route table", at, {
    address: client.subnet.address,
    path: client.subnet.path,
    text: `${label(client.subnet)}: its VPC ${client.vpc.text} may be ${server.vpc.text}, the documents don't tell`,
  });
}

function start(trip: Trip, client: Party, server: Party): Journey {
  const lanes = client.ranges.flatMap((from) =>
    server.ranges.map((to) => ({
      box: { client: from, server: to, port: trip.traffic.ports },
      doubt: undefined,
    })),
  );
  return new Journey(trip.log, "request", lanes);
}

/** The reply to what arrived; nothing travels back when the packet has no reply. */
function answer(request: Journey, trip: Trip): Journey {
  const { replyPorts } = trip.traffic;
  return replyPorts === undefined ? new Journey(trip.log, "reply", []) : request.reply(replyPorts);
}

function nowhere(arrived: Journey): Exit {
  return { arrived, comeBack: () => new Journey(arrived.log, "reply", []), appearsAs: [] };
}

function notInDocuments(identity: Identity): Finding {
  return {
    address: identity.text,
    path: undefined,
    text: `${identity.text} is not in the documents, so what it does is not known`,
  };
}
