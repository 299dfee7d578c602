import type { PolicyStatement } from "./policy-document.js";

/**
 * The statement of a key policy that lets IAM decide who administers the key.
 *
 * The principal is the account, never a person or a role: deleting the last role named in a policy would lock
 * everyone out of the data. AWS's default gives that principal `kms:*`; here administration holds no cryptography.
 */
export function keyAdministration(accountId: string): PolicyStatement {
  return {
    Sid: "AdministrationThroughIam",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ],
    // In a key policy: the key that carries it.
    Resource: "*",
  };
}
