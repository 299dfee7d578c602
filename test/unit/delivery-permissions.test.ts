import type { TerraformDocument } from "@telemedicina/core/testing";
import { checkPolicies, type PolicyException, readPolicies, renderPermissions } from "@telemedicina/policy";
import { describe, expect, it } from "vitest";
import { deliveries } from "../src/deliveries.js";

/** What departs from a rule and is right as it is. */
const exceptions: readonly PolicyException[] = [
  {
    address: "aws_iam_role_policy_attachment.delivery_deployment_managed-policy_*",
    sid: "service-role/AWSCodeDeployRole",
    rule: "own-policies",
    reason: "CodeDeploy documents this policy of AWS, which AWS keeps in step with what CodeDeploy needs.",
  },
];

/** An environment has one way to deploy and one strategy; the others are held here against the same rules. */
describe("permissions of every way to deploy", () => {
  it.each(Object.entries(deliveries))(
    "IAM-02: %s: real actions, named resources, bound services",
    async (name, build) => {
      const document: TerraformDocument = build();
      const findings = await checkPolicies(readPolicies([document]), exceptions);
      const faults = findings.filter(({ verdict }) => verdict !== "pass");
      expect(faults.length, `${name}\n${renderPermissions(faults)}`).toBe(0);
    },
  );
});
