import type { NameScope } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import { TurnRelays, type TurnRelaysProps } from "../src/index.js";

const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };

export const secretsKeyArn = "arn:aws:kms:sa-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000001";
export const logsKeyArn = "arn:aws:kms:sa-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000002";
export const secret = {
  name: "telemedicina-prod-secret-turn-sa-east-1",
  arn: "arn:aws:secretsmanager:sa-east-1:333333333333:secret:telemedicina-prod-secret-turn-sa-east-1-AbCdEf",
};
export const mandatory = {
  Owner: "devops-team@company.com",
  Environment: "production",
  CostCenter: "telemedicina",
  Project: "telemedicina",
  ManagedBy: "infrastructure-as-code",
  Backup: "false",
};

/** The least that relays need. */
export const least: TurnRelaysProps = {
  names,
  accountId: "333333333333",
  tags: mandatory,
  domain: "telemedicina.example.com",
  zoneId: "Z0123456789ABCDEFGHIJ",
  zones: ["a", "b"],
  subnetIds: { a: "subnet-0a0a0a0a0a0a0a0a0", b: "subnet-0b0b0b0b0b0b0b0b0", c: "subnet-0c0c0c0c0c0c0c0c0" },
  securityGroupIds: ["sg-0d0d0d0d0d0d0d0d0"],
  vpcCidrs: ["10.30.0.0/16"],
  secret,
  secretsKmsKeyArn: secretsKeyArn,
  logs: { kmsKeyArn: logsKeyArn },
  acmeEmail: "devops-team@company.com",
};

export interface Built {
  readonly stack: StackJson;
  readonly made: TurnRelays;
}

export function relays(changes: Partial<TurnRelaysProps> = {}): Built {
  let made: TurnRelays | undefined;
  const stack = synthStack((scope) => {
    made = new TurnRelays(scope, "turn", { ...least, ...changes });
  }, names.region);
  return { stack, made: made as TurnRelays };
}

/** A single zone, so that there is one of everything. */
export function relay(changes: Partial<TurnRelaysProps> = {}): Built {
  return relays({ zones: ["a"], ...changes });
}

/** As a caller passes them who got them from a file, past the compiler. */
export function careless(changes: Record<string, unknown>): Partial<TurnRelaysProps> {
  return changes as Partial<TurnRelaysProps>;
}

export function tagsOf({ attributes }: Block): Readonly<Record<string, string>> {
  return (attributes["tags"] ?? {}) as Readonly<Record<string, string>>;
}

/** The nested block, or the first of several. */
export function block(attributes: Attributes | undefined, name: string): Attributes {
  const found = attributes?.[name];
  return (Array.isArray(found) ? found[0] : found) as Attributes;
}

/** User data of every launch template, line by line as a node reads it, by the template's address. */
export function userData({ document, ...stack }: StackJson): readonly (readonly string[])[] {
  const locals = document["locals"] as Readonly<Record<string, readonly string[]>>;
  const templates = Object.values(document.resource?.["aws_launch_template"] ?? {});
  return templates.map((attributes) => {
    const name = /local\.([\w-]+)/.exec(String(attributes["user_data"]))?.[1] ?? `none in ${stack.name}`;
    return locals[name] ?? [];
  });
}

export interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Statements of a role's policy by their Sid. */
export function statementsOf(attributes: Attributes): Readonly<Record<string, Statement>> {
  const { Statement: all } = JSON.parse(String(attributes["policy"])) as { Statement: Statement[] };
  return Object.fromEntries(all.map((statement) => [statement.Sid, statement]));
}
