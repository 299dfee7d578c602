import { expect, it } from "vitest";
import { permissionTable, readPolicies } from "../src/index.js";
import { documentOf, ec2Trust, policyText } from "./iam.js";

const document = documentOf({
  aws_iam_role: {
    worker: { name: "worker", assume_role_policy: policyText(ec2Trust) },
    app: {
      name: "app",
      assume_role_policy: policyText({
        Sid: "Monitoring",
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
      }),
    },
  },
  aws_iam_role_policy: {
    z_worker: {
      role: "${aws_iam_role.worker.name}",
      policy: policyText({
        Sid: "Objects",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
      }),
    },
    a_worker: {
      role: "${aws_iam_role.worker.arn}",
      policy: policyText({
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::a",
      }),
    },
    app: {
      role: "${aws_iam_role.app.id}",
      policy: policyText(
        { Sid: "Find", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
        {
          Sid: "Metrics",
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": ["App", "Host"] } },
        },
        {
          Sid: "Fence",
          Effect: "Deny",
          NotAction: ["kms:Encrypt", "kms:DescribeKey"],
          NotResource: ["${aws_kms_key.data.arn}", "arn:aws:kms:sa-east-1:111111111111:key/a"],
        },
      ),
    },
  },
  aws_iam_role_policy_attachment: {
    app: {
      role: "${aws_iam_role.app.name}",
      policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
  },
  aws_kms_key: { data: {} },
});

const exceptions = [
  {
    address: "aws_iam_role_policy.app",
    sid: "Metrics",
    rule: "named-resources",
    reason: "metrics have no ARN",
  },
  {
    address: "aws_iam_role_policy_attachment.*",
    sid: "service-role/AmazonRDSEnhancedMonitoringRole",
    rule: "own-policies",
    reason: "RDS asks for it",
  },
] as const;

it("the table has every role with who takes it, and every action with its resource and the reason of a wildcard", async () => {
  const address = "aws_iam_role_policy.app";
  const objects = (action: string, bucket: string) => ({
    effect: "Allow",
    action,
    resource: `arn:aws:s3:::${bucket}/*`,
    conditions: [],
    address: "aws_iam_role_policy.z_worker",
    sid: "Objects",
  });
  expect(await permissionTable(readPolicies(document), exceptions)).toEqual([
    {
      role: "aws_iam_role.app",
      path: undefined,
      trusts: [
        {
          principal: "monitoring.rds.amazonaws.com",
          conditions: ["StringEquals aws:SourceAccount = 111111111111"],
        },
      ],
      permissions: [
        {
          effect: "Allow",
          action: "service-role/AmazonRDSEnhancedMonitoringRole",
          resource: "*",
          conditions: [],
          reason: "RDS asks for it",
          address: "aws_iam_role_policy_attachment.app",
          sid: "service-role/AmazonRDSEnhancedMonitoringRole",
        },
        {
          effect: "Allow",
          action: "ec2:DescribeInstances",
          resource: "*",
          conditions: [],
          reason: "AWS limits this action to no resource.",
          address,
          sid: "Find",
        },
        {
          effect: "Allow",
          action: "cloudwatch:PutMetricData",
          resource: "*",
          conditions: ["StringEquals cloudwatch:namespace = App or Host"],
          reason: "metrics have no ARN",
          address,
          sid: "Metrics",
        },
        {
          effect: "Deny",
          action: "all but kms:Encrypt and kms:DescribeKey",
          resource: "all but ${aws_kms_key.data.arn} and arn:aws:kms:sa-east-1:111111111111:key/a",
          conditions: [],
          address,
          sid: "Fence",
        },
      ],
    },
    {
      role: "aws_iam_role.worker",
      path: undefined,
      trusts: [{ principal: "ec2.amazonaws.com", conditions: [] }],
      permissions: [
        {
          effect: "Allow",
          action: "s3:ListBucket",
          resource: "arn:aws:s3:::a",
          conditions: [],
          address: "aws_iam_role_policy.a_worker",
          sid: "List",
        },
        objects("s3:GetObject", "a"),
        objects("s3:GetObject", "b"),
        objects("s3:PutObject", "a"),
        objects("s3:PutObject", "b"),
      ],
    },
  ]);
});

it("the table is the same whatever the order of resources in the file", async () => {
  const reversed = documentOf(
    Object.fromEntries(
      Object.entries(document["resource"] as Record<string, Record<string, unknown>>)
        .reverse()
        .map(([type, named]) => [type, Object.fromEntries(Object.entries(named).reverse())]),
    ),
  );
  expect(await permissionTable(readPolicies(reversed), exceptions)).toEqual(
    await permissionTable(readPolicies(document), exceptions),
  );
});
