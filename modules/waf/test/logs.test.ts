import { logRetentionDays } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { accountId, acl, type Changes, cloudFrontAcl, regionalAcl, tagsOf } from "./support.js";

const kmsKeyArn = "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000001";

describe.each([
  ["CloudFront", cloudFrontAcl, "us-east-1", "cloudfront"],
  ["a load balancer", regionalAcl, "sa-east-1", "regional"],
] as const)("the log of an ACL for %s", (_, make, region, kind) => {
  const { stack, made } = make();
  const group = stack.only("aws_cloudwatch_log_group");
  const [groupAddress = ""] = stack.all("aws_cloudwatch_log_group").map(({ address }) => address);

  it("RET-07: is kept for a year", () => {
    expect(group["retention_in_days"]).toBe(365);
  });

  it("SEC-11: has the name that WAF demands, in the ACL's region", () => {
    expect(group["name"]).toBe(`aws-waf-logs-telemedicina-prod-waf-${kind}-${region}`);
    expect(group["provider"]).toBe(kind === "cloudfront" ? "aws.us_east_1" : undefined);
    expect(tagsOf(group)["DataClassification"]).toBe("sensitive");
  });

  it("SEC-11: is where the ACL writes, by an ARN without the stars that WAF refuses", () => {
    const configuration = stack.only("aws_wafv2_web_acl_logging_configuration");

    expect(configuration["log_destination_configs"]).toEqual([`\${${groupAddress}.arn}`]);
    expect(configuration["resource_arn"]).toMatch(/^\$\{aws_wafv2_web_acl\.\S+\.arn\}$/);
    expect(configuration["logging_filter"]).toBeUndefined();
    expect(made.logGroupName).toBeDefined();
  });

  it("may be written by the log delivery of this account alone, before the ACL tries", () => {
    const policy = stack.only("aws_cloudwatch_log_resource_policy");
    const [address = ""] = stack.all("aws_cloudwatch_log_resource_policy").map((block) => block.address);

    expect(policy["policy_name"]).toBe(`telemedicina-prod-waf-${kind}-${region}-logs`);
    expect(JSON.parse(policy["policy_document"] as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WafLogDelivery",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `\${${groupAddress}.arn}:*`,
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
          },
        },
      ],
    });
    expect(stack.only("aws_wafv2_web_acl_logging_configuration")["depends_on"]).toEqual([address]);
  });

  it("SEC-11: holds no session, token or secret of CloudFront's, no query string and nothing of a body", () => {
    const headers = ["authorization", "cookie", "x-csrf-token", "x-xsrf-token", "x-origin-verify"];

    expect(stack.only("aws_wafv2_web_acl_logging_configuration")["redacted_fields"]).toEqual([
      ...headers.map((name) => ({ single_header: { name } })),
      { query_string: {} },
    ]);
    expect(hidden(stack.only("aws_wafv2_web_acl"))).toEqual([
      { field_type: "SINGLE_HEADER", field_keys: headers },
      { field_type: "QUERY_STRING" },
      { field_type: "BODY" },
    ]);
  });
});

describe("a log", () => {
  it.each([30, 731])("is kept for %d days if that is asked for", (retentionDays) => {
    expect(logRetentionDays).toContain(retentionDays);
    expect(only({ logs: { retentionDays } }, "aws_cloudwatch_log_group")["retention_in_days"]).toBe(
      retentionDays,
    );
  });

  it("is encrypted with your key if there is one", () => {
    expect(only({}, "aws_cloudwatch_log_group")["kms_key_id"]).toBeUndefined();
    expect(only({ logs: { kmsKeyArn } }, "aws_cloudwatch_log_group")["kms_key_id"]).toBe(kmsKeyArn);
  });

  it("leaves out what no rule matched if that is asked for, and keeps what only counted", () => {
    const { logging_filter: filter } = only(
      { logs: { requests: "matched" } },
      "aws_wafv2_web_acl_logging_configuration",
    );

    expect(filter).toEqual({
      default_behavior: "DROP",
      filter: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
            action_condition: { action },
          })),
        },
      ],
    });
  });

  it("shows query strings but for their secrets if that is asked for", () => {
    const changes: Changes = { logs: { queryStrings: "shown" } };
    const [, argument] = hidden(acl(changes));

    expect(argument?.field_type).toBe("SINGLE_QUERY_ARGUMENT");
    expect(argument?.field_keys).toEqual(
      expect.arrayContaining(["signature", "x-amz-signature", "token", "email", "auth_signature"]),
    );
    expect(
      JSON.stringify(only(changes, "aws_wafv2_web_acl_logging_configuration")["redacted_fields"]),
    ).not.toContain("query_string");
  });

  it("hides more headers, each once and in the lower case that WAF demands", () => {
    const changes: Changes = { logs: { hiddenHeaders: ["X-Api-Key", "Cookie"] } };
    const fields = only(changes, "aws_wafv2_web_acl_logging_configuration")["redacted_fields"];

    expect(fields).toContainEqual({ single_header: { name: "x-api-key" } });
    expect(fields).toHaveLength(7);
    expect(hidden(acl(changes))[0]?.field_keys).toContain("x-api-key");
  });
});

function only(changes: Changes, type: string) {
  return cloudFrontAcl(changes).stack.only(type);
}

/** Fields that neither logs nor samples show; every one substituted, wherever it would appear. */
function hidden(attributes: Readonly<Record<string, unknown>>) {
  const config = attributes["data_protection_config"] as {
    readonly data_protection: readonly {
      readonly action: string;
      readonly exclude_rate_based_details: boolean;
      readonly exclude_rule_match_details: boolean;
      readonly field: { readonly field_type: string; readonly field_keys?: readonly string[] };
    }[];
  };
  return config.data_protection.map(({ field, ...rest }) => {
    expect(rest).toEqual({
      action: "SUBSTITUTION",
      exclude_rate_based_details: false,
      exclude_rule_match_details: false,
    });
    return field;
  });
}
