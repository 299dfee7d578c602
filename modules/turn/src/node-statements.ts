import {
  logStatement,
  metricStatements,
  type NameScope,
  type PolicyStatement,
  sessionManagerStatement,
} from "@telemedicina/core";
import { NODE_TAG } from "./node-names.js";

/** What the statements of one node are about. */
export interface NodeScope {
  readonly names: NameScope;
  readonly accountId: string;
  readonly hostName: string;
  readonly groupName: string;
  readonly addressArn: string;
  readonly zoneId: string;
  readonly secretArn: string;
  readonly certificateSecretArn: string;
  readonly secretsKmsKeyArn: string;
  readonly logGroupArn: string;
  readonly metricNamespace: string;
}

/**
 * What a node may: with what is its own, and nothing of its neighbour's. `*` stands only where AWS knows nothing
 * narrower.
 */
export function nodeStatements(scope: NodeScope): PolicyStatement[] {
  return [
    ...addressStatements(scope),
    ...certificateStatements(scope),
    ...secretStatements(scope),
    ...groupStatements(scope),
    logStatement([scope.logGroupArn]),
    ...metricStatements(scope.names, [scope.metricNamespace]),
    sessionManagerStatement,
  ];
}

/** Its address, to itself: an instance or interface of another node does not have its tag. */
function addressStatements({ names, accountId, groupName, addressArn }: NodeScope): PolicyStatement[] {
  return [
    {
      Sid: "FindOwnAddress",
      Effect: "Allow",
      Action: "ec2:DescribeAddresses",
      Resource: "*",
      Condition: { StringEquals: { "ec2:Region": names.region } },
    },
    {
      Sid: "TakeOwnAddress",
      Effect: "Allow",
      Action: "ec2:AssociateAddress",
      Resource: addressArn,
    },
    {
      Sid: "GiveItToOwnInstance",
      Effect: "Allow",
      Action: "ec2:AssociateAddress",
      Resource: ["instance", "network-interface"].map(
        (type) => `arn:aws:ec2:${names.region}:${accountId}:${type}/*`,
      ),
      Condition: { StringEquals: { [`aws:ResourceTag/${NODE_TAG}`]: groupName } },
    },
  ];
}

/** The proof that a name is its own: one TXT record of the zone, and no other. */
function certificateStatements({ zoneId, hostName }: NodeScope): PolicyStatement[] {
  return [
    {
      Sid: "FindZone",
      Effect: "Allow",
      Action: "route53:ListHostedZones",
      Resource: "*",
    },
    {
      Sid: "ProveOwnName",
      Effect: "Allow",
      Action: "route53:ChangeResourceRecordSets",
      Resource: `arn:aws:route53:::hostedzone/${zoneId}`,
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": `_acme-challenge.${hostName}`,
          "route53:ChangeResourceRecordSetsRecordTypes": "TXT",
          "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
        },
      },
    },
    {
      Sid: "WaitForProof",
      Effect: "Allow",
      Action: "route53:GetChange",
      Resource: "arn:aws:route53:::change/*",
    },
  ];
}

function secretStatements(scope: NodeScope): PolicyStatement[] {
  const { names, secretArn, certificateSecretArn, secretsKmsKeyArn } = scope;
  return [
    {
      Sid: "ReadTurnSecret",
      Effect: "Allow",
      // Its version before, too: credentials that it signed are accepted for a while.
      Action: "secretsmanager:GetSecretValue",
      Resource: secretArn,
    },
    {
      Sid: "KeepOwnCertificate",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: certificateSecretArn,
    },
    {
      Sid: "UseKeyForThese",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: secretsKmsKeyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": `secretsmanager.${names.region}.amazonaws.com`,
          "kms:EncryptionContext:SecretARN": [secretArn, certificateSecretArn],
        },
      },
    },
  ];
}

function groupStatements({ names, accountId, groupName }: NodeScope): PolicyStatement[] {
  return [
    {
      Sid: "OwnLifecycleAndHealth",
      Effect: "Allow",
      Action: [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:RecordLifecycleActionHeartbeat",
        "autoscaling:SetInstanceHealth",
      ],
      // The id between the colons is AWS's own; the name is enough to tell one group from another.
      Resource: `arn:aws:autoscaling:${names.region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${groupName}`,
    },
    {
      // Whether the node before still has calls, and so the address.
      Sid: "SeePredecessor",
      Effect: "Allow",
      Action: "autoscaling:DescribeAutoScalingInstances",
      Resource: "*",
    },
  ];
}
