import { logRetentionDays } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { idIn, network } from "./support.js";

const byDefault = network();

describe("flow logs", () => {
  it("NET-10: records accepted and rejected connections of the whole VPC, by the minute, in a log group", () => {
    const flowLog = byDefault.only("aws_flow_log");

    expect(flowLog["traffic_type"]).toBe("ALL");
    expect(flowLog["max_aggregation_interval"]).toBe(60);
    expect(flowLog["log_destination_type"]).toBe("cloud-watch-logs");
    expect(idIn(flowLog["vpc_id"])).toBe("vpc");
    expect(idIn(flowLog["log_destination"])).toBe("log-group");
    expect(idIn(flowLog["iam_role_arn"])).toBe("role");
    // Removed in provider 6.
    expect(flowLog["log_group_name"]).toBeUndefined();
  });

  it("NET-10: keeps the records 60 days", () => {
    expect(byDefault.only("aws_cloudwatch_log_group")["retention_in_days"]).toBe(60);
  });

  it("RET-08: keeps the records 60 days by default, and as long as the environment says", () => {
    const days = (flowLogs: { retentionDays?: number }) =>
      network({ flowLogs }).only("aws_cloudwatch_log_group")["retention_in_days"];

    expect(days({})).toBe(60);
    expect(days({ retentionDays: 90 })).toBe(90);
  });

  it("RET-08: offers no endless retention", () => {
    expect(logRetentionDays).not.toContain(0);
  });

  it("IAM-04: lets the flow logs of this account alone take the role, and write to their group alone", () => {
    const role = byDefault.only("aws_iam_role");
    const policy = byDefault.only("aws_iam_role_policy");
    const owner = "${aws_vpc.network_vpc_4E8F0223.owner_id}";
    const group = "${aws_cloudwatch_log_group.network_flow-logs_log-group_B0C6373D.arn}";

    expect(JSON.parse(String(role["assume_role_policy"])).Statement).toEqual([
      {
        Sid: "OwnFlowLogs",
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": owner },
          ArnLike: { "aws:SourceArn": `arn:aws:ec2:us-east-1:${owner}:vpc-flow-log/*` },
        },
      },
    ]);
    expect(JSON.parse(String(policy["policy"])).Statement).toEqual([
      {
        Sid: "WriteTheirLogGroup",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [group, `${group}:*`],
      },
      { Sid: "FindLogGroups", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ]);
    expect(idIn(policy["role"])).toBe("role");
  });

  it("takes a KMS key for the log group, and writes none otherwise", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:111111111111:key/0a1b2c3d-0000-0000-0000-000000000000";

    expect(network({ flowLogs: { kmsKeyArn } }).only("aws_cloudwatch_log_group")["kms_key_id"]).toBe(
      kmsKeyArn,
    );
    expect(byDefault.only("aws_cloudwatch_log_group")["kms_key_id"]).toBeUndefined();
  });
});
