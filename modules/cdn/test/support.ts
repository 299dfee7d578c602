import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import { type Attributes, type StackJson, synthStack } from "@telemedicina/core/testing";
import type { TerraformStack } from "cdktf";
import {
  Distribution,
  type DistributionJson,
  type DistributionProps,
  type HeadersPolicyJson,
  managedPolicies,
  selectBehaviour,
} from "../src/index.js";

export const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };
export const domain = "telemedicina.example.com";
export const accountId = "333333333333";
export const secretArn = `arn:aws:secretsmanager:sa-east-1:${accountId}:secret:origin-header-a-AbCdEf`;
export const loadBalancerArn = `arn:aws:elasticloadbalancing:sa-east-1:${accountId}:loadbalancer/app/telemedicina/0123456789abcdef`;

export const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvUrEqWnOhDK1NUfXgC8G
rU9L0uCVHbUer+P73OQfptdPqFej8UemJ4fN6UG7jt4jsctM72DTmEHPNjIL9Ayi
vpyD3Emj50JizMFxYAeFPCFRBCFPMXLLGlBh6xZ6K7tV6Ta5yVjEgfYbNH4uKB0w
VFzE3FSvTt7EbXZb6av6h3tAU/TIG6i9xB0a5+lca9qQ1ku1LWNPCgYM5RigIMl1
j5wjCrBWAq2BuaIoBXunfZAlaUTyr8Aw33k4gnVdWhsoMRB7PudFuMKDA/ztl/vL
o1/Db+FfXDG/5G6Kj5HmEGUM5MxIIeFkVfBoBklOskFlsN9Y87q30dL6OX0ZkGMi
2QIDAQAB
-----END PUBLIC KEY-----`;

export const newerPublicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmwfek12CPRA1iYj/wYygWf4nNb2D
p+M2rCxGSycTZvCNkQoDYg4ATnFrKW7xScxMXOKDLXJr7HyR5fwZ4CQlPA==
-----END PUBLIC KEY-----
`;

export const loadBalancer = {
  internal: false,
  tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  certificateDomains: [domain, `origin.${domain}`],
} as const;

export const publicOrigin = {
  kind: "public",
  domainName: `origin.${domain}`,
  loadBalancer,
  verification: { kind: "header", name: "X-Origin-Verify", secretArn },
} as const satisfies DistributionProps["application"];

export const vpcOrigin = {
  kind: "vpcOrigin",
  domainName: `origin.${domain}`,
  loadBalancer: { ...loadBalancer, internal: true },
  loadBalancerArn,
} as const satisfies DistributionProps["application"];

export const signedFiles = {
  bucketName: "telemedicina-prod-uploads-333333333333-sa-east-1",
  bucketDomainName: "telemedicina-prod-uploads-333333333333-sa-east-1.s3.sa-east-1.amazonaws.com",
  publicKeys: [publicKey],
} as const satisfies DistributionProps["signedFiles"];

/** The least that a distribution needs, but for its provider. */
export const least: Omit<DistributionProps, "usEast1"> = {
  names,
  domain,
  certificateArn: `arn:aws:acm:us-east-1:${accountId}:certificate/12345678-1234-1234-1234-123456789012`,
  certificateDomains: [domain],
  application: publicOrigin,
  assets: {
    bucketName: "telemedicina-prod-assets-333333333333-sa-east-1",
    bucketDomainName: "telemedicina-prod-assets-333333333333-sa-east-1.s3.sa-east-1.amazonaws.com",
  },
  accessLogs: { bucketArn: "arn:aws:s3:::telemedicina-prod-access-logs-333333333333-sa-east-1" },
};

/** As a caller passes them who got them from a file, past the compiler. */
export function careless(changes: Record<string, unknown>): Partial<DistributionProps> {
  return changes as Partial<DistributionProps>;
}

export interface Built<T> {
  readonly stack: StackJson;
  readonly made: T;
}

export function usEast1(stack: TerraformStack): AwsProvider {
  return new AwsProvider(stack, "aws-us_east_1", { alias: "us_east_1", region: "us-east-1" });
}

export function build<T>(make: (stack: TerraformStack, provider: AwsProvider) => T): Built<T> {
  let made: T | undefined;
  const stack = synthStack((scope) => {
    made = make(scope, usEast1(scope));
  }, names.region);
  return { stack, made: made as T };
}

export function distribution(changes: Partial<DistributionProps> = {}): Built<Distribution> {
  return build(
    (scope, provider) => new Distribution(scope, "cdn", { ...least, usEast1: provider, ...changes }),
  );
}

/** The distribution as it stands in the JSON. */
export function distributionJson(stack: StackJson): DistributionJson & Attributes {
  return stack.only("aws_cloudfront_distribution") as unknown as DistributionJson & Attributes;
}

/** The resource that an attribute refers to, such as `${aws_cloudfront_function.x.arn}`. */
export function referred(stack: StackJson, reference: string | undefined): Attributes | undefined {
  const address = /^\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)\.[a-z_]+\}$/.exec(reference ?? "")?.[1];
  return address === undefined ? undefined : stack.at(address);
}

export interface OriginJson {
  readonly origin_id: string;
  readonly domain_name: string;
  readonly origin_access_control_id?: string;
  readonly custom_header?: readonly { readonly name: string; readonly value: string }[];
  readonly custom_origin_config?: Attributes;
  readonly vpc_origin_config?: Attributes;
}

export function originsOf(stack: StackJson): Readonly<Record<string, OriginJson>> {
  const origins = distributionJson(stack)["origin"] as readonly OriginJson[];
  return Object.fromEntries(origins.map((origin) => [origin.origin_id, origin]));
}

/** Everything that CloudFront would do with a URL, in words: policies by name, origins by host. */
export function treatment(stack: StackJson, url: string) {
  const behaviour = selectBehaviour(distributionJson(stack), url);
  const managed = Object.fromEntries(Object.entries(managedPolicies).map(([name, id]) => [id, name]));
  const named = (id: string | undefined) =>
    id === undefined ? "none" : (managed[id] ?? shortName(referred(stack, id)?.["name"]));
  return {
    pattern: behaviour.path_pattern ?? "default",
    origin: originsOf(stack)[behaviour.target_origin_id]?.domain_name,
    cache: named(behaviour.cache_policy_id),
    originRequest: named(behaviour.origin_request_policy_id),
    headers: named(behaviour.response_headers_policy_id),
    functions: (behaviour.function_association ?? []).map(({ event_type: type }) => type),
    methods: behaviour.allowed_methods,
    signed: behaviour.trusted_key_groups !== undefined,
  };
}

/** The policy that dresses answers to a URL. */
export function headersPolicyFor(stack: StackJson, url: string): HeadersPolicyJson | undefined {
  const { response_headers_policy_id: id } = selectBehaviour(distributionJson(stack), url);
  return referred(stack, id) as HeadersPolicyJson | undefined;
}

/** `telemedicina-prod-cloudfront-policy-headers-page-sa-east-1` → `headers-page` */
function shortName(name: unknown): string {
  return String(name).replace(/^telemedicina-prod-cloudfront-policy-(.*)-sa-east-1$/, "$1");
}
