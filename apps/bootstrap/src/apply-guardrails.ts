import type { PolicyStatement } from "@telemedicina/core";
import type { StateAccess } from "./state-access.js";

export interface ApplyGuardrailsProps {
  /** The plan and the apply role. */
  readonly roleArns: readonly string[];
  readonly identityProviderArns: readonly string[];
  /** @default - none: the state is not in this account */
  readonly state?: StateAccess;
}

/**
 * What the apply role may not do although it is an administrator: change what this app makes (an operator applies
 * it, by hand), leave the organization, stop the audit trail, or hand out credentials that do not expire.
 */
export function applyGuardrails(props: ApplyGuardrailsProps): PolicyStatement[] {
  return [
    {
      Sid: "KeepAccount",
      Effect: "Deny",
      Action: ["account:CloseAccount", "organizations:LeaveOrganization"],
      Resource: "*",
    },
    {
      Sid: "KeepAuditTrail",
      Effect: "Deny",
      Action: ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"],
      Resource: "*",
    },
    {
      Sid: "NoLastingCredentials",
      Effect: "Deny",
      Action: [
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreateServiceSpecificCredential",
        "iam:CreateUser",
        "iam:UploadSSHPublicKey",
      ],
      Resource: "*",
    },
    {
      Sid: "KeepAccountBaseline",
      Effect: "Deny",
      Action: [
        "ec2:DisableEbsEncryptionByDefault",
        "ec2:ModifyInstanceMetadataDefaults",
        "s3:PutAccountPublicAccessBlock",
      ],
      Resource: "*",
    },
    {
      Sid: "KeepDeployRoles",
      Effect: "Deny",
      Action: [
        "iam:AttachRolePolicy",
        "iam:DeleteRole",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      Resource: props.roleArns,
    },
    {
      Sid: "KeepIdentityProvider",
      Effect: "Deny",
      Action: [
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
      ],
      Resource: props.identityProviderArns,
    },
    ...(props.state === undefined ? [] : keepState(props.state)),
  ];
}

function keepState(state: StateAccess): PolicyStatement[] {
  return [
    {
      Sid: "KeepStateBucket",
      Effect: "Deny",
      Action: [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
      ],
      Resource: state.bucketArn,
    },
    {
      Sid: "KeepStateHistory",
      Effect: "Deny",
      Action: "s3:DeleteObjectVersion",
      Resource: `${state.bucketArn}/*`,
    },
    {
      // Lock files end in .tflock and must go when an apply ends; Terraform itself never deletes a state.
      Sid: "KeepStateFiles",
      Effect: "Deny",
      Action: "s3:DeleteObject",
      Resource: `${state.bucketArn}/*.tfstate`,
    },
    {
      Sid: "KeepStateKey",
      Effect: "Deny",
      Action: [
        "kms:CreateGrant",
        "kms:DeleteAlias",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:UpdateAlias",
      ],
      Resource: [state.kmsKeyArn, state.kmsAliasArn],
    },
  ];
}
