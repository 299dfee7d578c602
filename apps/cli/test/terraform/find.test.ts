import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findTerraform } from "../../src/terraform/find.js";
import { program, scratch } from "../scratch.js";

function fake(file: string, product: string, version: string): string {
  return program(file, `echo '${product} v${version}'; echo 'on linux_amd64'`);
}

describe("findTerraform", () => {
  it("takes terraform before tofu", async () => {
    const bin = scratch();
    fake(join(bin, "tofu"), "OpenTofu", "1.11.0");
    const terraform = fake(join(bin, "terraform"), "Terraform", "1.12.1");
    expect(await findTerraform({ PATH: bin })).toEqual({
      binary: terraform,
      product: "Terraform",
      version: "1.12.1",
    });
  });

  it("takes tofu when there is no terraform", async () => {
    const bin = scratch();
    const tofu = fake(join(bin, "tofu"), "OpenTofu", "1.11.0");
    expect(await findTerraform({ PATH: `/nowhere::${bin}` })).toEqual({
      binary: tofu,
      product: "OpenTofu",
      version: "1.11.0",
    });
  });

  it("follows TERRAFORM_BINARY_NAME, a name or a path", async () => {
    const bin = scratch();
    fake(join(bin, "terraform"), "Terraform", "1.12.1");
    const other = fake(join(bin, "terraform-1.13"), "Terraform", "1.13.0");
    const byName = await findTerraform({ PATH: bin, TERRAFORM_BINARY_NAME: "terraform-1.13" });
    const byPath = await findTerraform({ PATH: "", TERRAFORM_BINARY_NAME: other });
    expect([byName.binary, byPath.binary]).toEqual([other, other]);
  });

  it("fails when there is none", async () => {
    await expect(findTerraform({ PATH: "/nowhere" })).rejects.toThrow(
      [
        "Terraform is missing.",
        "  searched: terraform and tofu on PATH (/nowhere)",
        "  allowed: Terraform or OpenTofu, 1.11 or newer",
        "  do: install it (https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install;",
        "      macOS: brew install hashicorp/tap/terraform), or set TERRAFORM_BINARY_NAME to its path.",
      ].join("\n"),
    );
  });

  it("fails when TERRAFORM_BINARY_NAME names nothing", async () => {
    await expect(findTerraform({ PATH: "/nowhere", TERRAFORM_BINARY_NAME: "/no/terraform" })).rejects.toThrow(
      [
        'TERRAFORM_BINARY_NAME is "/no/terraform", and there is no such program.',
        "  searched: /no/terraform",
        "  allowed: Terraform or OpenTofu, 1.11 or newer",
        "  do: install it (https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install;",
        "      macOS: brew install hashicorp/tap/terraform), or set TERRAFORM_BINARY_NAME to its path.",
      ].join("\n"),
    );
  });

  it("fails when it is too old", async () => {
    const bin = scratch();
    const terraform = fake(join(bin, "terraform"), "Terraform", "1.10.5");
    await expect(findTerraform({ PATH: bin })).rejects.toThrow(
      [
        "Terraform 1.10.5 is too old.",
        `  found: ${terraform}`,
        "  allowed: Terraform or OpenTofu, 1.11 or newer (S3 lock file, write-only arguments, ephemeral values)",
        "  do: upgrade it (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME to a newer one.",
      ].join("\n"),
    );
  });

  it("fails when it does not tell its version", async () => {
    const bin = scratch();
    const terraform = program(join(bin, "terraform"), "echo broken >&2; exit 3");
    await expect(findTerraform({ PATH: bin })).rejects.toThrow(
      [
        `${terraform} does not tell its version: Command failed: ${terraform} version`,
        "broken",
        "  allowed: Terraform or OpenTofu, 1.11 or newer",
        `  do: run \`${terraform} version\` and see what it says; set TERRAFORM_BINARY_NAME to use another program.`,
      ].join("\n"),
    );
  });

  it("fails when it is something else", async () => {
    const bin = scratch();
    const terraform = program(join(bin, "terraform"), "echo Terragrunt v1.0.0");
    await expect(findTerraform({ PATH: bin })).rejects.toThrow(
      `${terraform} does not tell its version: it says "Terragrunt v1.0.0\\n"\n  allowed: `,
    );
  });
});
