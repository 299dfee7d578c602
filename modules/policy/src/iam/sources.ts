import type { PolicyKind } from "./model.js";

/** An argument that holds the text of a policy. */
export interface Source {
  readonly kind: PolicyKind;
  /** `inline_policy.policy` is an argument of a block. */
  readonly argument: string;
  /** The argument that names the role, user or group that gets the policy; `self` when the resource is it. */
  readonly holder?: string;
}

const identity = (holder?: string): Source => ({
  kind: "identity",
  argument: "policy",
  ...(holder === undefined ? {} : { holder }),
});
const resource = (argument = "policy"): Source => ({ kind: "resource", argument });
const endpoint: Source = { kind: "endpoint", argument: "policy" };

/** Every argument whose policy is understood. A policy anywhere else is `unknown`. */
export const sources: Readonly<Record<string, readonly Source[]>> = {
  aws_iam_role: [
    { kind: "trust", argument: "assume_role_policy", holder: "self" },
    { kind: "identity", argument: "inline_policy.policy", holder: "self" },
  ],
  aws_iam_role_policy: [identity("role")],
  aws_iam_user_policy: [identity("user")],
  aws_iam_group_policy: [identity("group")],
  aws_iam_policy: [identity()],
  aws_kms_key: [resource()],
  aws_kms_external_key: [resource()],
  aws_kms_replica_key: [resource()],
  aws_kms_key_policy: [resource()],
  aws_s3_bucket: [resource()],
  aws_s3_bucket_policy: [resource()],
  aws_sns_topic: [resource()],
  aws_sns_topic_policy: [resource()],
  aws_sqs_queue: [resource()],
  aws_sqs_queue_policy: [resource()],
  aws_secretsmanager_secret: [resource()],
  aws_secretsmanager_secret_policy: [resource()],
  aws_cloudwatch_log_resource_policy: [resource("policy_document")],
  aws_efs_file_system_policy: [resource()],
  aws_backup_vault_policy: [resource()],
  aws_dynamodb_resource_policy: [resource()],
  aws_vpc_endpoint: [endpoint],
  aws_vpc_endpoint_policy: [endpoint],
};

/** Arguments that hang a managed policy on a role, by resource type: the argument and who gets it. */
export const attachments: Readonly<Record<string, { readonly policies: string; readonly holder: string }>> = {
  aws_iam_role: { policies: "managed_policy_arns", holder: "self" },
  aws_iam_role_policy_attachment: { policies: "policy_arn", holder: "role" },
  aws_iam_role_policy_attachments_exclusive: { policies: "policy_arns", holder: "role_name" },
  aws_iam_user_policy_attachment: { policies: "policy_arn", holder: "user" },
  aws_iam_group_policy_attachment: { policies: "policy_arn", holder: "group" },
  aws_iam_policy_attachment: { policies: "policy_arn", holder: "roles" },
};
