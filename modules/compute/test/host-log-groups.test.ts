import { logRetentionDays } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { idOf, keyArn, logGroups, nested } from "./support.js";

describe("log groups of hosts", () => {
  const { stack, made } = logGroups(["laravel", "nginx-error"]);
  const groups = stack.all("aws_cloudwatch_log_group");

  it("are one for each kind of log, by names known at synth", () => {
    expect(groups.map(idOf).sort()).toEqual(["laravel", "nginx-error"]);
    expect(made.names).toEqual({
      laravel: "telemedicina-prod-log-group-app-laravel-sa-east-1",
      "nginx-error": "telemedicina-prod-log-group-app-nginx-error-sa-east-1",
    });
    expect(Object.keys(made.arns)).toEqual(["laravel", "nginx-error"]);
    expect(logGroups(["laravel"], { qualifier: "turn" }).made.names.laravel).toBe(
      "telemedicina-prod-log-group-turn-laravel-sa-east-1",
    );
  });

  it("are encrypted, kept for a time, and marked: they quote patients", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["kms_key_id"], address).toBe(keyArn);
      expect(attributes["retention_in_days"], address).toBe(60);
      expect(nested(attributes, "tags")["DataClassification"], address).toBe("sensitive");
    }
    for (const { address, attributes } of logGroups(["laravel"], { retentionDays: 365 }).stack.all(
      "aws_cloudwatch_log_group",
    )) {
      expect(attributes["retention_in_days"], address).toBe(365);
    }
  });

  it("fails when a period is none of CloudWatch's, a kind stands twice, or there is none", () => {
    expect(() => logGroups(["laravel", "laravel"], { retentionDays: 61 })).toThrow(
      new Error(
        "test/logs has 2 faults:\n" +
          '  - test/logs: streams has "laravel" twice. Allowed: each once.\n' +
          `  - test/logs: retentionDays is 61. Allowed: ${logRetentionDays.join(", ")}. CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they quote personal data.`,
      ),
    );
    expect(() => logGroups([])).toThrow(
      new Error(
        "test/logs has 1 fault:\n  - test/logs: streams is empty. Allowed: at least one kind of log.",
      ),
    );
  });
});
