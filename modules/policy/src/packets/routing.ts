import { type Entry, firstMatch } from "../first-match.js";
import {
  type Finding,
  label,
  type NetworkModel,
  type Route,
  type RouteTable,
  type Subnet,
  type Target,
} from "../network/model.js";
import { unknownContents } from "../network/wording.js";
import { addressText, type Box, prefixLength, type Region } from "../ranges.js";
import type { Remote } from "./filters.js";
import type { Journey, Lane } from "./journey.js";

/** The packets that a route table sends to one target. */
export interface Way {
  readonly target: Target;
  /** The route that decided. */
  readonly source: string;
  readonly journey: Journey;
}

/** Splits a journey by where the subnet's route table sends its packets. */
export function waysOut(journey: Journey, model: NetworkModel, subnet: Subnet, remote: Remote): Way[] {
  if (journey.lanes.length === 0) return [];
  if (!subnet.routeTable.ok) {
    journey.lose("route table", `of ${label(subnet)}`, subnet.routeTable.finding);
    return [];
  }
  const table = subnet.routeTable.value;
  const entries = expand(model, table, remote);
  const sorted = new Map<string, { target: Target; source: string; lanes: Lane[] }>();
  const homeless: Lane[] = [];
  for (const lane of journey.lanes) {
    for (const { box, decided, maybe } of firstMatch(entries, lane.box)) {
      const other = maybe.find((entry) => targetKey(entry.target) !== targetKey(decided?.target));
      if (other !== undefined) {
        journey.only([{ box, doubt: lane.doubt }]).lose("route table", label(table), doubtOf(other, table));
      } else if (decided === undefined) {
        homeless.push({ box, doubt: lane.doubt });
      } else if (decided.target !== undefined) {
        const key = `${targetKey(decided.target)} ${decided.source}`;
        const way = sorted.get(key) ?? { target: decided.target, source: decided.source, lanes: [] };
        way.lanes.push({ box, doubt: lane.doubt });
        sorted.set(key, way);
      }
    }
  }
  journey
    .only(homeless)
    .through("route table", label(table), (box) => [
      { box, outcome: "refused", by: "", refusal: (one) => `no route matches ${addressOf(one, remote)}` },
    ]);
  return [...sorted.values()].map(({ target, source, lanes }) => ({
    target,
    source,
    journey: journey
      .only(lanes)
      .note("route table", label(table), "allowed", `${source} leads to ${targetText(target)}`),
  }));
}

/** The packets that stay in the VPC; every other way is refused. */
export function staysLocal(journey: Journey, model: NetworkModel, subnet: Subnet, remote: Remote): Journey {
  const lanes = waysOut(journey, model, subnet, remote).flatMap((way) => {
    if (way.target.kind === "local") return way.journey.lanes;
    return leaves(way, subnet).lanes;
  });
  return journey.only(lanes);
}

/** A way that does not lead where the packet has to go. */
export function leaves(way: Way, subnet: Subnet): Journey {
  const at = subnet.routeTable.ok ? label(subnet.routeTable.value) : label(subnet);
  if (way.target.kind === "not-modelled") return way.journey.lose("route table", at, notModelled(way, at));
  return way.journey.gate("route table", at, "refused", `${way.source} leads to ${targetText(way.target)}`);
}

function targetText(target: Target): string {
  if (target.kind === "local") return "the VPC itself";
  return target.kind === "not-modelled" ? target.text : target.identity.text;
}

interface RouteEntry extends Entry {
  /** undefined: packets that are, by definition, not part of "the internet". */
  readonly target: Target | undefined;
  readonly source: string;
  readonly doubt: Finding | undefined;
  readonly rank: number;
}

/** Before every prefix length: an uncertain route without a known destination may be any of them. */
const ANY_LENGTH = 100;
/** A prefix list that is known to hold the far end, at a length that is not known. */
const LIST_LENGTH = 50;

/** Longest prefix first; of equal ones a CIDR's route before a prefix list's, as AWS ranks them. */
function expand(model: NetworkModel, table: RouteTable, remote: Remote): RouteEntry[] {
  return table.routes.flatMap((route) => routeEntries(model, route, remote)).sort((a, b) => b.rank - a.rank);
}

function routeEntries(model: NetworkModel, route: Route, { party, side }: Remote): RouteEntry[] {
  const { destination, target, source, doubt } = route;
  const entry = (region: Region, rank: number, over: Partial<RouteEntry> = {}): RouteEntry => ({
    regions: [region],
    certain: doubt === undefined,
    target,
    source,
    doubt,
    rank,
    ...over,
  });
  if (destination.kind === "anywhere") return [entry({}, ANY_LENGTH)];
  if (destination.kind === "cidr") {
    // A route to exactly the VPC's own CIDR is how AWS replaces the local route.
    const bonus = target.kind === "local" ? 0.5 : 0.75;
    return [entry({ [side]: destination.addresses }, prefixLength(destination.addresses) + bonus)];
  }
  const list = model.prefixLists.get(destination.list.key);
  if (party.kind === "outside" && party.list?.key === destination.list.key) return [entry({}, LIST_LENGTH)];
  const isEndpoint = target.kind === "gateway-endpoint";
  if (list === undefined || !list.ranges.ok) {
    // Hosts behind a gateway endpoint are asked about as a prefix list; other questions are not about them.
    if (isEndpoint) return [];
    const finding =
      list?.ranges.ok === false ? list.ranges.finding : unknownContents(source, destination.list.text);
    return [entry({}, ANY_LENGTH, { certain: false, doubt: doubt ?? finding })];
  }
  const isLeftOut = isEndpoint && party.kind === "outside" && party.isEverywhere && doubt === undefined;
  return list.ranges.value.map((range) =>
    entry({ [side]: range }, prefixLength(range), isLeftOut ? { target: undefined } : {}),
  );
}

function targetKey(target: Target | undefined): string {
  if (target === undefined) return "none";
  if (target.kind === "local") return "local";
  return target.kind === "not-modelled"
    ? `not modelled ${target.text}`
    : `${target.kind} ${target.identity.key}`;
}

function doubtOf(entry: RouteEntry, table: RouteTable): Finding {
  return (
    entry.doubt ?? { address: table.address, path: table.path, text: `${label(table)}: ${entry.source}` }
  );
}

function notModelled(way: Way, at: string): Finding {
  return {
    address: way.source,
    path: undefined,
    text: `${way.source}: the route leads from ${at} to ${targetText(way.target)}, which is not modelled`,
  };
}

function addressOf(box: Box, remote: Remote): string {
  return addressText(box[remote.side].lo);
}
