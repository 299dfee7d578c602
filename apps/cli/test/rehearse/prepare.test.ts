import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentOf, providerConstraint, reattachFor } from "../../src/rehearse/prepare.js";
import { createWorkDirectory } from "../../src/rehearse/work-directory.js";
import { scratch, write } from "../scratch.js";

function stack(version?: string) {
  const directory = scratch();
  const aws = { source: "hashicorp/aws", ...(version === undefined ? {} : { version }) };
  write(join(directory, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: { aws } } }));
  return { name: "dev-x", area: "x", environment: "dev", directory, dependencies: [] };
}

describe("providerConstraint", () => {
  it("demands what every stack demands", () => {
    expect(providerConstraint([stack(">= 6.25.0"), stack(), stack(">= 6.25.0"), stack("< 7.0.0")])).toBe(
      ">= 6.25.0, < 7.0.0",
    );
  });
});

describe("reattachFor", () => {
  const reattach = '{"registry.terraform.io/hashicorp/aws":{"Pid":1}}';

  it("is the relay's for Terraform", () => {
    expect(reattachFor("Terraform", reattach)).toBe(reattach);
  });

  it("names OpenTofu's registry for OpenTofu", () => {
    expect(reattachFor("OpenTofu", reattach)).toBe('{"registry.opentofu.org/hashicorp/aws":{"Pid":1}}');
  });
});

describe("environmentOf", () => {
  it("lets Terraform find plugins in the mirror alone", () => {
    const work = createWorkDirectory(scratch(), "development");
    const provider = { binary: "/m/p", version: "5.100.0", mirror: "/m", satisfiesConstraint: false };
    const env = environmentOf(work, 5600, "us-east-1", provider);
    expect(env).toMatchObject({ TF_CLI_CONFIG_FILE: work.cliConfig, AWS_CONFIG_FILE: work.emptyFile });
    expect(readFileSync(work.cliConfig, "utf8")).toBe(
      'disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror { path = "/m" }\n}\n',
    );
  });
});
