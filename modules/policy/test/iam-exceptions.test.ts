import { describe, expect, it } from "vitest";
import { checkPolicies, type PolicyException, readPolicies, renderPermissions } from "../src/index.js";
import { faults, role } from "./iam.js";

const wide = role({ Sid: "Wide", Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" });
const exception: PolicyException = {
  address: "aws_iam_role_policy.*",
  sid: "Wide",
  rule: "named-resources",
  reason: "the parameters have no common prefix",
};

describe("an exception", () => {
  it("may be for one action of a statement alone", async () => {
    const two = { Sid: "Wide", Effect: "Allow", Action: ["ssm:GetParameter", "s3:GetObject"], Resource: "*" };
    const found = await faults(role(two), [{ ...exception, action: "ssm:GetParameter" }]);
    expect(found.map(({ rule, action }) => `${rule} ${action}`)).toEqual(["named-resources s3:GetObject"]);
  });

  it("lets a fault of its rule, place and Sid pass, and stays visible beside it", async () => {
    const findings = await checkPolicies(readPolicies(wide), [exception]);
    expect(findings.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(findings.filter((finding) => finding.exception === exception)).toHaveLength(1);
    expect(renderPermissions(findings)).toMatch(
      /^exception {2}named-resources {2}aws_iam_role_policy\.app, policy, Wide\n {4}Allows ssm:GetParameter on everything \(\*\)\.\n {4}Reason: the parameters have no common prefix\n\d+ checks: \d+ pass \(1 by exception\), 0 fail, 0 unknown$/,
    );
  });

  it.each([
    ["another rule", { rule: "named-actions" }],
    ["another statement", { sid: "Other" }],
    ["another action", { action: "ssm:GetParameters" }],
    ["another resource", { address: "aws_iam_policy.*" }],
  ] as const)("is not for %s, and then is not needed", async (_, change) => {
    const found = await faults(wide, [{ ...exception, ...change }]);
    expect(found.map(({ rule }) => rule)).toEqual(["named-resources", "used-exceptions"]);
  });

  it("fails when nothing needs it", async () => {
    const [fault] = await faults(role(), [exception]);
    expect(fault).toEqual({
      rule: "used-exceptions",
      verdict: "fail",
      address: "aws_iam_role_policy.*",
      sid: "Wide",
      text: "The exception from named-resources is not needed: nothing breaks the rule there.",
      remedy: "Remove it, or see whether its address and Sid still name what was meant.",
    });
  });

  it("fails when it has no reason", async () => {
    const [fault] = await faults(wide, [{ ...exception, reason: " " }]);
    expect(fault).toEqual({
      rule: "used-exceptions",
      verdict: "fail",
      address: "aws_iam_role_policy.*",
      sid: "Wide",
      text: "The exception from named-resources has no reason.",
      remedy: "Write why it has to be so, for whoever audits.",
    });
  });
});

it("findings are printed for people: worst first, with the place, what to do and the rule", async () => {
  const document = role({
    Sid: "Odd",
    Effect: "Deny",
    Action: ["s3:Erase", "${var.action}"],
    Resource: "*",
  });
  const [, policy] = readPolicies(document).policies;
  const placed = { ...policy, path: "app/policy" } as NonNullable<typeof policy>;
  const findings = await checkPolicies({ policies: [placed], attachments: [], unread: [] });
  expect(renderPermissions(findings)).toBe(
    [
      "fail  known-actions  aws_iam_role_policy.app, policy, Odd (app/policy)",
      "    s3:Erase is no action of the service.",
      "    To do: Look the action up in AWS's Service Authorization Reference; a wrong name allows or denies nothing.",
      "    Rule: Every action exists, and every pattern of actions means at least one.",
      "unknown  known-actions  aws_iam_role_policy.app, policy, Odd (app/policy)",
      "    The action ${var.action} can't be told from the file.",
      "    To do: Write the action out.",
      "    Rule: Every action exists, and every pattern of actions means at least one.",
      "5 checks: 3 pass (0 by exception), 1 fail, 1 unknown",
    ].join("\n"),
  );
});
