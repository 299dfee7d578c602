import type { PolicyException } from "@telemedicina/policy";

/** What departs from a rule and is right as it is. One that nothing needs any more fails. */
export const permissionExceptions: readonly PolicyException[] = [
  {
    address: "aws_iam_role_policy_attachment.deploy_apply_*",
    sid: "AdministratorAccess",
    rule: "own-policies",
    reason:
      "An apply makes whatever a stack describes, IAM roles among it: a list of services would look narrower without being so. GitHub's approval stands before it, and denials of ours keep it from the state, the audit trail and its own role.",
  },
  {
    address: "aws_iam_role_policy_attachment.deploy_plan_*",
    sid: "ReadOnlyAccess",
    rule: "own-policies",
    reason:
      "A plan reads how everything is configured, also what a stack will only describe tomorrow. Denials of ours take out what resources hold: objects, records, logs, secrets.",
  },
  {
    address: "aws_iam_role_policy.deploy_plan_*",
    sid: "DecryptComparedSecrets",
    rule: "named-resources",
    reason:
      "The key is made later, by another stack. The conditions leave the secrets that plans compare, named one by one and read by way of Secrets Manager.",
  },
  {
    address: "aws_iam_role_policy.deploy_plan_*",
    sid: "DenyLogContents",
    rule: "known-actions",
    action: "logs:GetLogObject",
    reason:
      "CloudWatch Logs has an operation of this name that returns contents of logs, and AWS lists no action for it. A denial too many costs nothing.",
  },
];
