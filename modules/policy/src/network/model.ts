import type { Protocol } from "../protocol.js";
import type { Range } from "../ranges.js";

/** What a reader needs to find a resource: its address, its Name tag and the construct that made it. */
export interface Named {
  readonly address: string;
  readonly path: string | undefined;
  readonly name: string | undefined;
}

/** Something in the documents that could not be understood. Whatever depends on it is not proven. */
export interface Finding {
  readonly address: string;
  readonly path: string | undefined;
  /** One sentence: where, what was found, why it is not understood, what to do. */
  readonly text: string;
}

/** A fact, or the finding that says why it is not known. */
export type Resolved<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly finding: Finding };

/** Which thing a reference means. `external`: an id or data source of something outside the documents. */
export interface Identity {
  readonly kind: "resource" | "external";
  readonly key: string;
  readonly text: string;
}

export type Direction = "inbound" | "outbound";

export interface Vpc extends Named {
  readonly identity: Identity;
  readonly cidrs: readonly Resolved<Range>[];
  readonly dnsSupport: Resolved<boolean>;
}

export interface Subnet extends Named {
  readonly identity: Identity;
  readonly vpc: Resolved<Identity>;
  readonly cidr: Resolved<Range>;
  readonly mapPublicIp: Resolved<boolean>;
  readonly tags: ReadonlyMap<string, string>;
  readonly acl: Resolved<NetworkAcl>;
  readonly routeTable: Resolved<RouteTable>;
}

export interface NetworkAcl extends Named {
  readonly identity: Identity;
  /** Sorted by number: the order in which AWS evaluates them. */
  readonly rules: Readonly<Record<Direction, readonly AclRule[]>>;
}

export interface AclRule {
  readonly number: number;
  readonly action: "allow" | "deny" | "unknown";
  readonly protocol: Protocol;
  readonly ports: Range;
  readonly addresses: Range;
  /** Where it is written. */
  readonly source: string;
  /** Why it is not certain that the rule stands there as read. */
  readonly doubt: Finding | undefined;
}

export interface SecurityGroup extends Named {
  readonly identity: Identity;
  readonly vpc: Resolved<Identity>;
  readonly rules: Readonly<Record<Direction, readonly SecurityGroupRule[]>>;
}

export interface SecurityGroupRule {
  readonly protocol: Protocol;
  readonly ports: Range;
  readonly peer: Peer;
  readonly source: string;
  readonly doubt: Finding | undefined;
}

export type Peer =
  | { readonly kind: "cidr"; readonly addresses: Range }
  | { readonly kind: "prefix-list"; readonly list: Identity }
  | { readonly kind: "group"; readonly group: Identity }
  | { readonly kind: "anyone" };

export interface RouteTable extends Named {
  readonly identity: Identity;
  readonly routes: readonly Route[];
}

export interface Route {
  readonly destination:
    | { readonly kind: "cidr"; readonly addresses: Range }
    | { readonly kind: "prefix-list"; readonly list: Identity }
    | { readonly kind: "anywhere" };
  readonly target: Target;
  readonly source: string;
  readonly doubt: Finding | undefined;
}

export type Target =
  | { readonly kind: "local" }
  | { readonly kind: "internet-gateway" | "nat-gateway" | "gateway-endpoint"; readonly identity: Identity }
  | { readonly kind: "not-modelled"; readonly text: string };

export interface InternetGateway extends Named {
  readonly identity: Identity;
  readonly vpcs: readonly Resolved<Identity>[];
}

export interface NatGateway extends Named {
  readonly identity: Identity;
  readonly subnet: Resolved<Identity>;
  readonly isPublic: Resolved<boolean>;
  /** Its Elastic IP, when the caller gave it as a value. */
  readonly publicAddress: Range | undefined;
}

export interface PrefixList {
  readonly text: string;
  readonly ranges: Resolved<readonly Range[]>;
}

export interface NetworkModel {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly routeTables: readonly RouteTable[];
  readonly internetGateways: readonly InternetGateway[];
  readonly natGateways: readonly NatGateway[];
  /** By identity key. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  /** Why no internet traffic can be judged: something is there that stops or diverts it and is not modelled. */
  readonly internetDoubts: readonly Finding[];
  /** Everything that was not understood, in the order of the documents. */
  readonly findings: readonly Finding[];
}

/** `undefined`: they may be the same thing, the documents don't tell. */
export function same(a: Identity, b: Identity): boolean | undefined {
  if (a.key === b.key) return true;
  if (a.kind === "resource" && b.kind === "resource") return false;
  // Two ids that are both written out and differ are two things; an id and a resource may be one.
  if (isLiteralId(a) && isLiteralId(b)) return false;
  return undefined;
}

export function label(named: Named): string {
  const more = named.name ?? named.path;
  return more === undefined ? named.address : `${named.address} (${more})`;
}

function isLiteralId(identity: Identity): boolean {
  return identity.kind === "external" && identity.key.startsWith("id ");
}
