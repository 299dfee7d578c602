import {
  checkPolicies,
  type PermissionFinding,
  type PolicyException,
  readPolicies,
  type TerraformDocument,
} from "../src/index.js";

export type RawStatement = Readonly<Record<string, unknown>>;

/** The text of a policy, as a module would write it. */
export function policyText(...statements: readonly RawStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Resources by type and name, as a document. */
export function documentOf(
  resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  more: TerraformDocument = {},
): TerraformDocument {
  return { resource, ...more };
}

/** A role with one identity policy of these statements. */
export function role(...statements: readonly RawStatement[]): TerraformDocument {
  return documentOf({
    aws_iam_role: { app: { name: "app", assume_role_policy: policyText(ec2Trust) } },
    aws_iam_role_policy: { app: { role: "${aws_iam_role.app.name}", policy: policyText(...statements) } },
    ...targets,
  });
}

/** A role that these statements let somebody take. */
export function trust(...statements: readonly RawStatement[]): TerraformDocument {
  return documentOf({
    aws_iam_role: { app: { assume_role_policy: policyText(...statements) } },
    aws_iam_openid_connect_provider: { github: { url: "https://token.actions.githubusercontent.com" } },
  });
}

/** A key with a policy of these statements. */
export function key(...statements: readonly RawStatement[]): TerraformDocument {
  return documentOf({ aws_kms_key: { data: { policy: policyText(...statements) } } });
}

export const ec2Trust: RawStatement = {
  Sid: "Instances",
  Effect: "Allow",
  Principal: { Service: "ec2.amazonaws.com" },
  Action: "sts:AssumeRole",
};

const targets = {
  aws_s3_bucket: { uploads: { bucket: "uploads" } },
  aws_kms_key: { data: {} },
  aws_cloudwatch_log_group: { app: { name: "/app" } },
} as const;

/** What the check has against a document, without what passes. */
export async function faults(
  document: TerraformDocument,
  exceptions: readonly PolicyException[] = [],
): Promise<readonly PermissionFinding[]> {
  const findings = await checkPolicies(readPolicies(document), exceptions);
  return findings.filter(({ verdict }) => verdict !== "pass");
}

/** The same as lines that a person reads: rule, verdict, place, text and remedy. */
export async function complaints(document: TerraformDocument): Promise<string[]> {
  return (await faults(document)).map(
    ({ rule, verdict, address, sid, text, remedy }) =>
      `${verdict} ${rule} ${address} ${sid}: ${text} ${remedy}`,
  );
}
