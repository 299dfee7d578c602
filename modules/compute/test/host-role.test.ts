import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { accountId, type Built, leastRole, nested, role } from "./support.js";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

function statements({ stack }: Built<unknown>): readonly Statement[] {
  const { policy } = stack.only("aws_iam_role_policy") as { readonly policy: string };
  return (JSON.parse(policy) as { readonly Statement: readonly Statement[] }).Statement;
}

function statement(built: Built<unknown>, sid: string): Statement | undefined {
  return statements(built).find(({ Sid }) => Sid === sid);
}

describe("a host role", () => {
  const built = role();
  const { stack, made } = built;

  it("IAM-01: can be taken by EC2 and nobody else", () => {
    const attributes = stack.only("aws_iam_role");
    expect(JSON.parse(String(attributes["assume_role_policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Instances",
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
  });

  it("is called as bucket policies name it", () => {
    expect(made.roleName).toBe("telemedicina-prod-role-app-sa-east-1");
    expect(stack.only("aws_iam_role")["name"]).toBe(made.roleName);
    expect(role({ qualifier: "worker" }).made.roleName).toBe("telemedicina-prod-role-worker-sa-east-1");
  });

  it("T-04: opens Session Manager, and reads no parameter by it", () => {
    expect(statement(built, "SessionManager")).toEqual({
      Sid: "SessionManager",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    });
    expect(stack.all("aws_iam_role_policy_attachment")).toEqual([]);
  });

  it("T-56: tells only its own groups how far a host is", () => {
    expect(statement(built, "OwnLifecycle")).toEqual({
      Sid: "OwnLifecycle",
      Effect: "Allow",
      Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
      Resource: [
        `arn:aws:autoscaling:sa-east-1:${accountId}:autoScalingGroup:*:autoScalingGroupName/telemedicina-prod-asg-web-sa-east-1`,
      ],
    });
  });

  it("sends metrics to its namespace only, and learns its group from tags", () => {
    expect(statement(built, "OwnMetrics")).toEqual({
      Sid: "OwnMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["Telemedicina/App"] } },
    });
    expect(statement(built, "GroupOfTheInstance")).toMatchObject({
      Action: "ec2:DescribeTags",
      Condition: { StringEquals: { "ec2:Region": "sa-east-1" } },
    });
    expect(statement(role({ metricNamespaces: ["Other"] }), "OwnMetrics")).toMatchObject({
      Condition: { StringEquals: { "cloudwatch:namespace": ["Other"] } },
    });
  });

  it("writes to its log groups, and makes none", () => {
    const [arn = ""] = leastRole.logGroupArns;
    expect(statement(built, "OwnLogGroups")).toEqual({
      Sid: "OwnLogGroups",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: [arn, `${arn}:log-stream:*`],
    });
  });

  it("says nothing about what it has not", () => {
    const bare = role({ groupNames: [], logGroupArns: [], metricNamespaces: [] });
    expect(statements(bare).map(({ Sid }) => Sid)).toEqual(["SessionManager"]);
  });

  it("IAM-04: has `*` only where AWS knows no resource, and no action with one", () => {
    const everywhere = statements(built).filter(({ Resource }) => [Resource].flat().includes("*"));
    expect(everywhere.map(({ Sid }) => Sid)).toEqual(["SessionManager", "OwnMetrics", "GroupOfTheInstance"]);
    for (const { Sid, Action } of statements(built)) expect([Action].flat().join(), Sid).not.toContain("*");
  });

  it("may besides what it is given", () => {
    const secret = {
      Sid: "Secrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: "arn:aws:secretsmanager:sa-east-1:333333333333:secret:app",
    } as const;
    expect(statement(role({ statements: [secret] }), "Secrets")).toEqual(secret);
  });

  it("stays within a boundary where there is one", () => {
    const boundary = "arn:aws:iam::333333333333:policy/boundary";
    expect(stack.only("aws_iam_role")["permissions_boundary"]).toBeUndefined();
    expect(
      role({ permissionsBoundaryArn: boundary }).stack.only("aws_iam_role")["permissions_boundary"],
    ).toBe(boundary);
  });

  it("is handed out only with its permissions", () => {
    const profile = stack.only("aws_iam_instance_profile");
    expect(profile["name"]).toBe("telemedicina-prod-instance-profile-app-sa-east-1");
    expect(profile["depends_on"]).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
    expect(nested(profile, "tags")["Name"]).toBe(profile["name"]);
    for (const value of [made.roleArn, made.instanceProfileName, made.instanceProfileArn])
      expect(Token.isUnresolved(value)).toBe(true);
  });

  it("fails when two statements have the same Sid", () => {
    const again = { Sid: "OwnMetrics", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:a" } as const;
    expect(() => role({ statements: [again] })).toThrow(
      new Error(
        "test/hosts has 1 fault:\n" +
          '  - test/hosts: statements has the Sid "OwnMetrics" twice. IAM takes each once in a policy. Rename one.',
      ),
    );
  });

  it("fails when the policy is longer than IAM takes, references counted as ARNs", () => {
    const many = (count: number) => ({
      statements: [
        {
          Sid: "Many",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: Array.from({ length: count }, () => Token.asString({ resolve: () => "arn:x" })),
        },
      ] as const,
    });
    const text = (count: number) => {
      try {
        role(many(count));
        return "none";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(text(50)).toBe("none");
    expect(text(100)).toMatch(
      /^test\/hosts has 1 fault:\n {2}- test\/hosts: the role's statements make a policy of about 11\d\d\d characters \(a reference counted as 100\)\. Allowed: 10240, IAM's limit for the inline policies of a role\. Join statements with the same actions, or give a second fleet a role of its own\.$/,
    );
  });
});
