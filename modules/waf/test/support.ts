import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import type { TerraformStack } from "cdktf";
import { WebAcl, type WebAclProps } from "../src/index.js";

export const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };
export const accountId = "333333333333";
export const loadBalancerArn =
  "arn:aws:elasticloadbalancing:sa-east-1:333333333333:loadbalancer/app/telemedicina/0a1b2c3d4e5f6071";

/** Props but the scope, which needs a stack. */
export type Changes = Partial<Omit<WebAclProps, "scope">>;

export type CloudFrontChanges = Partial<Omit<Extract<WebAclProps["scope"], { kind: "cloudfront" }>, "kind">>;
export type RegionalChanges = Partial<Omit<Extract<WebAclProps["scope"], { kind: "regional" }>, "kind">>;

export interface Built {
  readonly stack: StackJson;
  readonly made: WebAcl;
}

/** The least that an ACL in front of CloudFront needs, and the changes. */
export function cloudFrontAcl(changes: Changes = {}, scope: CloudFrontChanges = {}): Built {
  return build((stack) => {
    const provider = new AwsProvider(stack, "aws-us_east_1", { region: "us-east-1", alias: "us_east_1" });
    return { names, accountId, scope: { kind: "cloudfront", provider, ...scope }, ...changes };
  });
}

export function regionalAcl(changes: Changes = {}, scope: RegionalChanges = {}): Built {
  return build(() => ({
    names,
    accountId,
    scope: { kind: "regional", loadBalancerArn, ...scope },
    ...changes,
  }));
}

/** As a caller passes them who got them from a file, past the compiler. */
export function careless<Props>(changes: Record<string, unknown>): Props {
  return changes as Props;
}

export function acl(changes: Changes = {}, scope: CloudFrontChanges = {}): Attributes {
  return cloudFrontAcl(changes, scope).stack.only("aws_wafv2_web_acl");
}

/** A rule as it stands in the JSON. */
export interface RuleJson {
  readonly name: string;
  readonly priority: number;
  readonly action?: Readonly<Record<string, unknown>>;
  readonly override_action?: Readonly<Record<string, unknown>>;
  readonly statement: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly rule_label?: readonly { readonly name: string }[];
  readonly visibility_config: Readonly<Record<string, unknown>>;
}

export function rulesOf(attributes: Attributes): readonly RuleJson[] {
  return attributes["rule"] as readonly RuleJson[];
}

/** @throws unless the ACL has the rule */
export function ruleOf(attributes: Attributes, name: string): RuleJson {
  const found = rulesOf(attributes).find((rule) => rule.name === name);
  if (found === undefined) {
    throw new Error(`no rule ${name} among ${rulesOf(attributes).map((rule) => rule.name)}`);
  }
  return found;
}

export function tagsOf(block: Block | Attributes): Readonly<Record<string, string>> {
  const attributes = "attributes" in block ? (block.attributes as Attributes) : block;
  return (attributes["tags"] ?? {}) as Readonly<Record<string, string>>;
}

function build(props: (stack: TerraformStack) => WebAclProps): Built {
  let made: WebAcl | undefined;
  const stack = synthStack((scope) => {
    made = new WebAcl(scope, "waf", props(scope));
  }, names.region);
  return { stack, made: made as WebAcl };
}
