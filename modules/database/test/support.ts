import type { NameScope } from "@telemedicina/core";
import { type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import type { TerraformStack } from "cdktf";
import { Database, type DatabaseProps } from "../src/index.js";

const names: NameScope = {
  project: "telemedicina",
  environment: "development",
  region: "us-east-1",
};

export const logsKmsKeyArn = "arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d-1111-1111-1111-111111111111";
export const kmsKeyArn = "arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d-0000-0000-0000-000000000000";
export const secretArn =
  "arn:aws:secretsmanager:us-east-1:111111111111:secret:telemedicina-dev-secret-database-us-east-1-AbCdEf";
export const appSecretArn =
  "arn:aws:secretsmanager:us-east-1:111111111111:secret:telemedicina-dev-secret-app-us-east-1-AbCdEf";

/** The least that a Database needs. */
const leastProps = {
  names,
  accountId: "111111111111",
  databaseName: "telemedicina",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupIds: ["sg-0123456789abcdef0"],
  kmsKeyArn,
  logsKmsKeyArn,
  credentials: { kind: "secret", secretArn, passwordVersion: 1 },
} as const satisfies DatabaseProps;

/** Changes of props as a careless caller may pass them, past the compiler. */
export type Changes = Readonly<Record<string, unknown>>;

function propsWith(changes: Changes): DatabaseProps {
  return { ...leastProps, ...changes } as DatabaseProps;
}

/** A Database, and its JSON. */
export function made(
  changes: Changes = {},
  around: (stack: TerraformStack) => Changes = () => ({}),
): { readonly database: Database; readonly stack: StackJson } {
  let database: Database | undefined;
  const stack = synthStack((test) => {
    database = new Database(test, "database", propsWith({ ...changes, ...around(test) }));
  });
  if (database === undefined) throw new Error("No Database was made");
  return { database, stack };
}

export function synthesized(changes: Changes = {}): StackJson {
  return made(changes).stack;
}

/** The writer: the instance that replicates nothing. */
export function writer(stack: StackJson): Block["attributes"] {
  const found = stack
    .all("aws_db_instance")
    .filter((block) => block.attributes["replicate_source_db"] === undefined);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} writers`);
  return only.attributes;
}

export function replica(stack: StackJson, key: string): Block["attributes"] {
  const found = stack
    .all("aws_db_instance")
    .find((block) => block.address.includes(`_replica-${key}_instance_`));
  if (found === undefined) throw new Error(`No replica ${key}`);
  return found.attributes;
}

/** `name value apply_method` of every parameter, in the order of the JSON. */
export function parameters(stack: StackJson): string[] {
  const list = stack.only("aws_db_parameter_group")["parameter"] as readonly Record<string, string>[];
  return list.map(({ name, value, apply_method: method }) => `${name} ${value} ${method}`);
}

export function statements(policy: unknown): Record<string, unknown>[] {
  return JSON.parse(String(policy)).Statement;
}

export function tagsOf(attributes: Block["attributes"]): Readonly<Record<string, string>> {
  return (attributes["tags"] ?? {}) as Readonly<Record<string, string>>;
}

/** What a construct was called: `${aws_iam_role.database_monitoring_role_1A2B3C4D.arn}` → `monitoring_role`. */
export function idIn(reference: unknown): string {
  const found = /^\$\{(?:data\.)?aws_\w+?\.database_(.+)_[0-9A-F]{8}\.\w+\}$/.exec(String(reference));
  if (found?.[1] === undefined)
    throw new Error(`Not a reference to a resource of ours: ${String(reference)}`);
  return found[1];
}

/** The single fault of a Database. */
export function one(fault: string): Error {
  return new Error(`test/database has 1 fault:\n  - test/database: ${fault}`);
}
