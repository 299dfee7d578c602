import { describe, expect, it } from "vitest";
import { relays, secret, secretsKeyArn, statementsOf } from "./relays-support.js";

const { stack } = relays();
const policies = stack.all("aws_iam_role_policy");
const statements = statementsOf(policies[0]?.attributes ?? {});
const certificateArn = `\${${stack.all("aws_secretsmanager_secret")[0]?.address}.arn}`;
const group = "telemedicina-prod-asg-turn-a-sa-east-1";

describe("the role of a node", () => {
  it("is its own, and can be taken by EC2 alone", () => {
    const roles = stack.all("aws_iam_role");

    expect(roles).toHaveLength(2);
    for (const { address, attributes } of roles) {
      expect(JSON.parse(String(attributes["assume_role_policy"])).Statement, address).toEqual([
        {
          Sid: "Instances",
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]);
    }
    expect(stack.all("aws_iam_role_policy_attachment")).toEqual([]);
  });

  it("T-13: has nothing of its neighbour in it", () => {
    const [first, second] = policies.map(({ attributes }) => String(attributes["policy"]));

    expect(first).not.toMatch(/turn-b|node-b/);
    expect(second).not.toMatch(/turn-a|node-a/);
    expect(second).toContain("_acme-challenge.turn-b.telemedicina.example.com");
  });

  it("allows everything only where AWS knows nothing narrower", () => {
    const open = Object.values(statements).filter(({ Resource }) => Resource === "*");

    expect(Object.fromEntries(open.map(({ Sid, Action }) => [Sid, Action]))).toEqual({
      FindOwnAddress: "ec2:DescribeAddresses",
      FindZone: "route53:ListHostedZones",
      SeePredecessor: "autoscaling:DescribeAutoScalingInstances",
      OwnMetrics: "cloudwatch:PutMetricData",
      GroupOfTheInstance: "ec2:DescribeTags",
      SessionManager: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
    });
    for (const { address, attributes } of policies) {
      expect(String(attributes["policy"]), address).not.toMatch(/"[a-z0-9-]+:\*"|"Action":"\*"/);
    }
  });

  it("gives its address to an instance or interface with its own tag", () => {
    expect(statements["TakeOwnAddress"]).toMatchObject({
      Action: "ec2:AssociateAddress",
      Resource: `\${${stack.all("aws_eip")[0]?.address}.arn}`,
    });
    expect(statements["GiveItToOwnInstance"]).toMatchObject({
      Action: "ec2:AssociateAddress",
      Resource: [
        "arn:aws:ec2:sa-east-1:333333333333:instance/*",
        "arn:aws:ec2:sa-east-1:333333333333:network-interface/*",
      ],
      Condition: { StringEquals: { "aws:ResourceTag/TurnNode": group } },
    });
  });

  it("T-20b: changes one record of the zone, the proof of its own name", () => {
    expect(statements["ProveOwnName"]).toMatchObject({
      Action: "route53:ChangeResourceRecordSets",
      Resource: "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames":
            "_acme-challenge.turn-a.telemedicina.example.com",
          "route53:ChangeResourceRecordSetsRecordTypes": "TXT",
          "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
        },
      },
    });
  });

  it("TURN-04: reads the secret that signs credentials, and cannot write it", () => {
    const about = Object.values(statements).filter(({ Resource }) => Resource === secret.arn);

    expect(about.map(({ Action }) => Action)).toEqual(["secretsmanager:GetSecretValue"]);
  });

  it("reads and writes its own certificate, with the key for these two secrets alone", () => {
    expect(statements["KeepOwnCertificate"]).toMatchObject({
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: certificateArn,
    });
    expect(statements["UseKeyForThese"]).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: secretsKeyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": "secretsmanager.sa-east-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN": [secret.arn, certificateArn],
        },
      },
    });
  });

  it("speaks to its own group, of hooks and of its health", () => {
    expect(statements["OwnLifecycleAndHealth"]).toMatchObject({
      Action: [
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:RecordLifecycleActionHeartbeat",
        "autoscaling:SetInstanceHealth",
      ],
      Resource: `arn:aws:autoscaling:sa-east-1:333333333333:autoScalingGroup:*:autoScalingGroupName/${group}`,
    });
  });

  it("writes the relays' log group and makes none, and sends metrics of one namespace", () => {
    const logGroup = `\${${stack.all("aws_cloudwatch_log_group")[0]?.address}.arn}`;

    expect(statements["OwnLogGroups"]).toMatchObject({
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: [logGroup, `${logGroup}:log-stream:*`],
    });
    expect(statements["OwnMetrics"]?.Condition).toEqual({
      StringEquals: { "cloudwatch:namespace": ["Telemedicina/TURN"] },
    });
  });
});
