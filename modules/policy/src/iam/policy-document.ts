import { type Block, type Body, bodies, isSet } from "../terraform/document.js";

/** The policy that `data.aws_iam_policy_document` will make; a text when the file alone doesn't tell. */
export function policyDocument({ address, body, repeatedBy }: Block): Body | string {
  if (repeatedBy !== undefined)
    return `${address} is repeated by ${repeatedBy}, which the file does not show`;
  for (const argument of ["source_policy_documents", "override_policy_documents", "dynamic"]) {
    if (isSet(body[argument])) return `${address} uses ${argument}, which is not followed`;
  }
  return {
    Version: body["version"] ?? "2012-10-17",
    Statement: bodies(body["statement"]).map(statement),
  };
}

function statement(body: Body): Record<string, unknown> {
  return {
    Sid: body["sid"],
    Effect: body["effect"] ?? "Allow",
    Principal: principals(body["principals"]),
    NotPrincipal: principals(body["not_principals"]),
    Action: body["actions"],
    NotAction: body["not_actions"],
    Resource: body["resources"],
    NotResource: body["not_resources"],
    Condition: conditions(body["condition"]),
  };
}

function principals(raw: unknown): Record<string, unknown[]> | string | undefined {
  const listed = bodies(raw);
  if (listed.length === 0) return undefined;
  if (listed.some(({ type }) => type === "*")) return "*";
  const byType: Record<string, unknown[]> = {};
  for (const { type, identifiers } of listed) {
    byType[String(type)] = [
      ...(byType[String(type)] ?? []),
      ...(Array.isArray(identifiers) ? identifiers : []),
    ];
  }
  return byType;
}

function conditions(raw: unknown): Record<string, Record<string, unknown>> | undefined {
  const listed = bodies(raw);
  if (listed.length === 0) return undefined;
  const byOperator: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of listed) {
    byOperator[String(test)] = { ...byOperator[String(test)], [String(variable)]: values };
  }
  return byOperator;
}
