import { keyAdministration, type PolicyStatement } from "@telemedicina/core";
import type { DataClassRule, KeyPrincipal, KeyService } from "./data-classes.js";

export interface KeyPolicyInput {
  readonly rule: DataClassRule;
  readonly accountId: string;
  /** Region of the key. */
  readonly region: string;
  readonly volumeLaunchRoleArns: readonly string[];
}

/** In a key policy `*` is the key that carries it. */
const THIS_KEY = "*";

const cryptography = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * Administration, use and services, each in statements of its own. Whoever may decrypt may do so only through the
 * services of the class, hence only what those let him read.
 */
export function keyPolicy(input: KeyPolicyInput): PolicyStatement[] {
  return [
    keyAdministration(input.accountId),
    useStatement(input),
    ...grantStatements(input),
    ...volumeStatements(input),
    ...input.rule.principals.map((principal) => serviceStatement(principal, input)),
  ];
}

function useStatement({ rule, accountId, region }: KeyPolicyInput): PolicyStatement {
  return {
    Sid: "UseThroughServices",
    Effect: "Allow",
    Principal: account(accountId),
    Action: cryptography,
    Resource: THIS_KEY,
    Condition: { StringEquals: through(rule.services, accountId, region) },
  };
}

/** A grant outlives the call that made it, so only AWS's own resources may have one. */
function grantStatements({ rule, accountId, region }: KeyPolicyInput): PolicyStatement[] {
  if (rule.granted.length === 0) return [];
  return [
    {
      Sid: "GrantsForResources",
      Effect: "Allow",
      Principal: account(accountId),
      Action: "kms:CreateGrant",
      Resource: THIS_KEY,
      Condition: {
        StringEquals: through(rule.granted, accountId, region),
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
  ];
}

/** Service-linked roles have no IAM policy of ours, so the key must name them. */
function volumeStatements({ volumeLaunchRoleArns: arns }: KeyPolicyInput): PolicyStatement[] {
  if (arns.length === 0) return [];
  const launchers = { AWS: arns };
  return [
    {
      Sid: "VolumesOfLaunchedInstances",
      Effect: "Allow",
      Principal: launchers,
      Action: [...cryptography, "kms:DescribeKey"],
      Resource: THIS_KEY,
    },
    {
      Sid: "GrantsForVolumes",
      Effect: "Allow",
      Principal: launchers,
      Action: "kms:CreateGrant",
      Resource: THIS_KEY,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

/** Each service for this account's logs alone, so that nobody can have it use the key on his behalf. */
function serviceStatement(principal: KeyPrincipal, { accountId, region }: KeyPolicyInput): PolicyStatement {
  switch (principal) {
    case "cloudwatch-logs":
      return {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: cryptography,
        Resource: THIS_KEY,
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*`,
          },
        },
      };
    case "log-delivery":
      return {
        Sid: "LogDelivery",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: [...cryptography, "kms:DescribeKey"],
        Resource: THIS_KEY,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
        },
      };
  }
}

function account(accountId: string): { readonly AWS: string } {
  return { AWS: `arn:aws:iam::${accountId}:root` };
}

function through(services: readonly KeyService[], accountId: string, region: string) {
  return {
    "kms:CallerAccount": accountId,
    "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`),
  };
}
