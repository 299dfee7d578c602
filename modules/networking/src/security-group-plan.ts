import { type Flow, flows, type Party, ports, type SecurityGroupKey } from "@telemedicina/core";

/** Who may open connections to the load balancer. */
export type LoadBalancerIngress =
  /** Only CloudFront's edge, by AWS's prefix list: WAF and TLS policy of the distribution cannot be walked round. */
  | { readonly from: "cloudfront" }
  /** Everybody, on 80 and 443. The reason becomes the tag `Reason` of the rules. */
  | { readonly from: "internet"; readonly reason: string };

/** The far end of a rule: exactly one, as EC2 wants it. */
export type Peer =
  | { readonly kind: "group"; readonly group: SecurityGroupKey }
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "cloudfront" };

/** One security-group rule, before it is a resource. */
export interface PlannedRule {
  /** Part of the rule's Terraform address. */
  readonly id: string;
  readonly group: SecurityGroupKey;
  readonly direction: "ingress" | "egress";
  readonly flow: Flow;
  readonly peer: Peer;
  /** At most 255 characters of EC2's set. */
  readonly description: string;
  /** Why a rule is wider than it should be. */
  readonly reason?: string;
}

export interface SecurityGroupPlanInput {
  readonly loadBalancerIngress: LoadBalancerIngress;
  readonly adminCidrs: readonly string[];
  /** Whether the VPC has interface endpoints: without, their group and its rules are left out. */
  readonly hasInterfaceEndpoints: boolean;
  /** Whether RDS Proxy stands before the database: without, its group and its rules are left out. */
  readonly hasDatabaseProxy: boolean;
  /** Whether application hosts get their packages over plain HTTP. */
  readonly httpPackages: boolean;
}

/** Rules that a reference to CloudFront's prefix list counts for in the quota of a security group. */
const CLOUDFRONT_PREFIX_LIST_WEIGHT = 55;

const INTERNET = "0.0.0.0/0";

interface Source {
  /** Tells the rules of one flow apart; empty where there can be only one. */
  readonly key: string;
  readonly peer: Peer;
  readonly reason?: string;
}

/**
 * The rules of every group, from the port matrix: each flow gives its sender an egress rule and its
 * receiver an ingress rule. Nothing else opens a port.
 */
export function securityGroupPlan(input: SecurityGroupPlanInput): readonly PlannedRule[] {
  const absent: Party[] = [
    ...(input.hasInterfaceEndpoints ? [] : (["endpoints"] as const)),
    ...(input.hasDatabaseProxy ? [] : (["database-proxy"] as const)),
  ];
  return flows
    .filter((flow) => !absent.includes(flow.from) && !absent.includes(flow.to))
    .filter((flow) => flow.id !== "app-packages" || input.httpPackages)
    .flatMap((flow) => [
      ...rules(flow, "egress", flow.from, flow.to, input),
      ...rules(flow, "ingress", flow.to, flow.from, input),
    ]);
}

/** How many rules of the quota a group's rules of one direction take. */
export function ruleCount(rules: readonly PlannedRule[]): number {
  return rules.reduce(
    (sum, rule) => sum + (rule.peer.kind === "cloudfront" ? CLOUDFRONT_PREFIX_LIST_WEIGHT : 1),
    0,
  );
}

/** The rules on the side of `group`; none when that side is somebody outside. */
function rules(
  flow: Flow,
  direction: PlannedRule["direction"],
  group: Party,
  peer: Party,
  input: SecurityGroupPlanInput,
): PlannedRule[] {
  if (!isGroup(group)) return [];
  return sources(flow, peer, input).map((source) => ({
    id: [direction, flow.id, source.key].filter((part) => part !== "").join("-"),
    group,
    direction,
    flow,
    peer: source.peer,
    description: flow.purpose,
    ...(source.reason === undefined ? {} : { reason: source.reason }),
  }));
}

function sources(flow: Flow, party: Party, input: SecurityGroupPlanInput): Source[] {
  switch (party) {
    case "internet":
      return [{ key: "", peer: { kind: "cidr", cidr: INTERNET } }];
    case "viewers":
      return viewerSources(flow, input.loadBalancerIngress);
    case "admin":
      return input.adminCidrs.map((cidr) => ({ key: cidrKey(cidr), peer: { kind: "cidr", cidr } }));
    default:
      return [{ key: "", peer: { kind: "group", group: party } }];
  }
}

function viewerSources(flow: Flow, ingress: LoadBalancerIngress): Source[] {
  if (ingress.from === "internet") {
    return [
      {
        key: "internet",
        peer: { kind: "cidr", cidr: INTERNET },
        reason: ingress.reason,
      },
    ];
  }
  // CloudFront redirects HTTP at its edge and talks HTTPS to us. A rule for port 80 would serve
  // nobody, and two rules with the prefix list (2 x 55) pass the quota of 60.
  if (flow.ports.from !== ports.https) return [];
  return [{ key: "cloudfront", peer: { kind: "cloudfront" } }];
}

/** `10.200.0.0/24` → `10-200-0-0-24`: fit for a construct id and for a name. */
function cidrKey(cidr: string): string {
  return cidr.replace(/[./]/g, "-");
}

function isGroup(party: Party): party is SecurityGroupKey {
  return party !== "internet" && party !== "viewers" && party !== "admin";
}
