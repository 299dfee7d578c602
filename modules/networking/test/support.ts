import type { NameScope } from "@telemedicina/core";
import { type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import { Network, type NetworkProps } from "../src/index.js";

export const names: NameScope = {
  project: "telemedicina",
  environment: "development",
  region: "us-east-1",
};

export const twoZones = { a: "use1-az1", b: "use1-az2" };
export const threeZones = { ...twoZones, c: "use1-az4" };

/** The least that a Network needs. */
export const leastProps: NetworkProps = {
  names,
  cidr: "10.10.0.0/16",
  availabilityZones: twoZones,
  nat: "perAz",
};

/** A stack with one Network in it. */
export function network(changes: Partial<NetworkProps> = {}): StackJson {
  return synthStack((stack) => {
    new Network(stack, "network", { ...leastProps, ...changes });
  });
}

/** A Network with everything in it that can be. */
export function fullNetwork(changes: Partial<NetworkProps> = {}): StackJson {
  return network({
    availabilityZones: threeZones,
    loadBalancerIngress: { from: "internet", reason: "No CloudFront here yet" },
    adminCidrs: ["10.200.0.0/24", "10.201.0.0/24"],
    gatewayEndpoints: ["s3", "dynamodb"],
    interfaceEndpoints: ["ssm", "ssmmessages", "codedeploy"],
    ...changes,
  });
}

/** What a construct was called: `${aws_subnet.network_subnets_app-use1-az1_819614C6.id}` → `app-use1-az1`. */
export function idIn(reference: unknown): string {
  const found = /^\$\{(?:data\.)?aws_\w+\.\S+_([a-z0-9-]+)_[0-9A-F]{8}\.\w+\}$/.exec(String(reference));
  if (found?.[1] === undefined)
    throw new Error(`Not a reference to a resource of ours: ${String(reference)}`);
  return found[1];
}

/** The same of a block: `aws_subnet.network_subnets_app-use1-az1_819614C6` → `app-use1-az1`. */
export function idOf(block: Block): string {
  return idIn(`\${${block.address}.id}`);
}

export function tagsOf(block: Block): Readonly<Record<string, string>> {
  return (block.attributes["tags"] ?? {}) as Readonly<Record<string, string>>;
}

/** One line for each rule: `ingress alb tcp 443-443 0.0.0.0/0`. */
export function securityGroupRules(stack: StackJson): string[] {
  return [
    ...stack.all("aws_vpc_security_group_ingress_rule").map((block) => ruleLine("ingress", block)),
    ...stack.all("aws_vpc_security_group_egress_rule").map((block) => ruleLine("egress", block)),
  ].sort();
}

/** One line for each entry of a tier's NACL: `100 allow tcp 80-80 0.0.0.0/0`, in the order EC2 evaluates them. */
export function naclEntries(stack: StackJson, tier: string, direction: "ingress" | "egress"): string[] {
  return stack
    .all("aws_network_acl_rule")
    .map((block) => block.attributes)
    .filter((entry) => idIn(entry["network_acl_id"]) === tier && entry["egress"] === (direction === "egress"))
    .sort((a, b) => Number(a["rule_number"]) - Number(b["rule_number"]))
    .map((entry) => {
      const traffic =
        entry["protocol"] === "icmp" ? `icmp ${entry["icmp_type"]}/${entry["icmp_code"]}` : span(entry);
      return `${entry["rule_number"]} ${entry["rule_action"]} ${traffic} ${entry["cidr_block"]}`;
    });
}

function ruleLine(direction: string, { attributes }: Block): string {
  const group = idIn(attributes["security_group_id"]);
  return `${direction} ${group} ${span({ ...attributes, protocol: attributes["ip_protocol"] })} ${peer(attributes)}`;
}

function span(attributes: Readonly<Record<string, unknown>>): string {
  if (attributes["protocol"] === "-1") return "all";
  return `${attributes["protocol"]} ${attributes["from_port"]}-${attributes["to_port"]}`;
}

function peer(attributes: Readonly<Record<string, unknown>>): string {
  const group = attributes["referenced_security_group_id"];
  if (group !== undefined) return idIn(group);
  const list = attributes["prefix_list_id"];
  return list === undefined ? String(attributes["cidr_ipv4"]) : `list:${idIn(list)}`;
}
