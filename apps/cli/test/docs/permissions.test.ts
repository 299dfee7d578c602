import type { Permission, RolePermissions } from "@telemedicina/policy";
import { describe, expect, it } from "vitest";
import { renderPermissionsPage } from "../../src/docs/permissions.js";

const permission: Permission = {
  effect: "Allow",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::a/*",
  conditions: [],
  address: "aws_iam_role_policy.app_0A1B2C3D",
  sid: "Read",
};

const role: RolePermissions = {
  role: "aws_iam_role.app_0A1B2C3D",
  path: "production-app/role",
  trusts: [{ principal: "ec2.amazonaws.com", conditions: [] }],
  permissions: [
    permission,
    { ...permission, action: "s3:PutObject" },
    {
      ...permission,
      action: "ec2:DescribeTags",
      resource: "*",
      reason: "AWS offers none | here",
      sid: "Tags",
    },
    {
      ...permission,
      resource: "${aws_kms_key.data_0A1B2C3D.arn}",
      conditions: ["Bool a = true"],
      sid: "Key",
    },
  ],
};

const page = renderPermissionsPage([{ environment: "production", roles: [role] }]);

describe("docs/permissions.md", () => {
  it("IAM-04: says of every role who takes it and what it may do, by statement, wildcards with their reason", () => {
    expect(page.split("\n").slice(7)).toEqual([
      "## production",
      "",
      "### `production-app/role`",
      "",
      "Taken by: `ec2.amazonaws.com`.",
      "",
      "| | Action | Resource | Where |",
      "| --- | --- | --- | --- |",
      "| Allow | `s3:GetObject` `s3:PutObject` | `arn:aws:s3:::a/*` | Read |",
      "| Allow | `ec2:DescribeTags` | `*`: AWS offers none \\| here | Tags |",
      "| Allow | `s3:GetObject` | `${aws_kms_key.data.arn}` if `Bool a = true` | Key |",
      "",
    ]);
  });
});
