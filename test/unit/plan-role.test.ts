import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { loadEnvironments } from "@telemedicina/config";
import { synth } from "@telemedicina/core/testing";
import { compose as composePlatform } from "@telemedicina/platform";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";

interface Statement {
  readonly Sid: string;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
}

describe.each(loadEnvironments(join(root, "config/environments")))("the plan role of $name", (config) => {
  const stacks = [...synth((app) => composePlatform(app, config)).values()];
  const [bootstrap] = synth((app) => void composeBootstrap(app, config)).values();
  const policies = bootstrap
    ?.all("aws_iam_role_policy")
    .map(({ attributes }) => String(attributes["policy"]));
  const policy = policies?.find((text) => text.includes("DenyObjects")) ?? "{}";
  const statements = (JSON.parse(policy) as { readonly Statement: readonly Statement[] }).Statement;

  it("may look at every object that Terraform puts into a bucket, or its plan would fail", () => {
    const objects = stacks.flatMap((stack) => stack.all("aws_s3_object"));
    const arns = objects.map(
      ({ attributes }) => `arn:aws:s3:::${String(attributes["bucket"])}/${String(attributes["key"])}`,
    );
    expect(arns).toHaveLength(1);
    const open = statements.find(({ Sid }) => Sid === "DenyObjects")?.NotResource ?? [];
    for (const arn of arns) expect(open).toContain(arn);
  });

  it("may read the secrets that data sources read, and no other", () => {
    const read = new Set(
      stacks.flatMap((stack) =>
        [
          ...JSON.stringify(stack.allData("aws_secretsmanager_secret_version")).matchAll(
            /secrets_([a-z-]+)_secret/g,
          ),
        ].map(([, purpose]) => String(purpose)),
      ),
    );
    expect(read).toContain("redis");
    const allowed = statements.find(({ Sid }) => Sid === "ReadComparedSecrets")?.Resource ?? [];
    for (const purpose of read) expect(String(allowed)).toContain(`-secret-${purpose}-`);
  });
});
