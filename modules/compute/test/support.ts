import { mandatoryTags, type NameScope } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import type { TerraformStack } from "cdktf";
import {
  amazonLinux2023,
  Fleet,
  type FleetProps,
  HostLogGroups,
  type HostLogGroupsProps,
  HostRole,
  type HostRoleProps,
  LoadBalancer,
  type LoadBalancerProps,
} from "../src/index.js";

export const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };
export const accountId = "333333333333";
export const keyArn = `arn:aws:kms:sa-east-1:${accountId}:key/0a1b2c3d-0000-4000-8000-000000000001`;
export const tags = mandatoryTags({
  owner: "platform@example.com",
  environment: names.environment,
  costCenter: "it-100",
  project: names.project,
});

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:sa-east-1:${accountId}:secret:${name}-AbCdEf`;
}

/** The least that a load balancer needs. */
export const leastBalancer: LoadBalancerProps = {
  names,
  vpcId: "vpc-0a0a0a0a0a0a0a0a0",
  subnetIds: ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"],
  securityGroupIds: ["sg-0c0c0c0c0c0c0c0c0"],
  exposure: { kind: "internet", reason: "No CloudFront yet" },
  certificate: { from: "dns", zoneId: "Z0123456789ABC", domainName: "origin.example.com" },
  accessLogs: { bucketName: "logs-bucket", prefix: "alb" },
  connectionLogs: { bucketName: "logs-bucket", prefix: "alb-connections" },
};

export const fromCloudFront: LoadBalancerProps["exposure"] = {
  kind: "cloudfront",
  originHeader: { name: "X-Origin-Verify", secretArns: [secretArn("a"), secretArn("b")] },
};

/** The least that a fleet needs. */
export const leastFleet: FleetProps = {
  names,
  qualifier: "web",
  tags,
  subnetIds: ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0", "subnet-0c0c0c0c0c0c0c0c0"],
  securityGroupIds: ["sg-0d0d0d0d0d0d0d0d0"],
  instanceProfileName: "telemedicina-prod-instance-profile-app-sa-east-1",
  image: { kind: "ssm", parameter: amazonLinux2023() },
  userData: "#cloud-config\n",
  scaling: { kind: "steps" },
};

export const leastRole: HostRoleProps = {
  names,
  accountId,
  groupNames: ["telemedicina-prod-asg-web-sa-east-1"],
  logGroupArns: [`arn:aws:logs:sa-east-1:${accountId}:log-group:nginx`],
};

/** As a caller passes them who got them from a file, past the compiler. */
export function careless<T>(changes: Record<string, unknown>): Partial<T> {
  return changes as Partial<T>;
}

export interface Built<T> {
  readonly stack: StackJson;
  readonly made: T;
}

export function balancer(changes: Partial<LoadBalancerProps> = {}): Built<LoadBalancer> {
  return build((scope) => new LoadBalancer(scope, "balancer", { ...leastBalancer, ...changes }));
}

export function fleet(changes: Partial<FleetProps> = {}): Built<Fleet> {
  return build((scope) => new Fleet(scope, "web", { ...leastFleet, ...changes }));
}

/** A fleet behind a load balancer. */
export function webFleet(
  changes: Partial<FleetProps> = {},
  balancerChanges: Partial<LoadBalancerProps> = {},
): Built<Fleet> {
  return build((scope) => {
    const { target } = new LoadBalancer(scope, "balancer", { ...leastBalancer, ...balancerChanges });
    return new Fleet(scope, "web", { ...leastFleet, target, ...changes });
  });
}

export function role(changes: Partial<HostRoleProps> = {}): Built<HostRole> {
  return build((scope) => new HostRole(scope, "hosts", { ...leastRole, ...changes }));
}

export function logGroups<Stream extends string>(
  streams: readonly Stream[],
  changes: Partial<HostLogGroupsProps<Stream>> = {},
): Built<HostLogGroups<Stream>> {
  return build(
    (scope) => new HostLogGroups(scope, "logs", { names, streams, kmsKeyArn: keyArn, ...changes }),
  );
}

/** `aws_lb_listener.balancer_listeners_https_3FC5AD2F` → `https`: what the construct was called. */
export function idOf({ address }: Block): string {
  const found = /_([a-z0-9-]+)_[0-9A-F]{8}$/.exec(address);
  if (found?.[1] === undefined) throw new Error(`Not an address of a nested construct: ${address}`);
  return found[1];
}

/** The attributes of the one resource of a type that was called so. */
export function called(stack: StackJson, type: string, id: string): Attributes {
  const found = stack.all(type).filter((block) => idOf(block) === id);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} ${type} called ${id}, among ${stack.all(type).map(idOf).join(", ")}`);
  }
  return first.attributes;
}

/** What is nested in attributes, or in a list of one. */
export function nested(attributes: Attributes, key: string): Attributes {
  const value = attributes[key];
  return (Array.isArray(value) ? value[0] : value) as Attributes;
}

export function list(attributes: Attributes, key: string): readonly Attributes[] {
  return attributes[key] as readonly Attributes[];
}

export function build<T>(make: (scope: TerraformStack) => T): Built<T> {
  let made: T | undefined;
  const stack = synthStack((scope) => {
    made = make(scope);
  }, names.region);
  return { stack, made: made as T };
}
