import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "../src/ci/sandbox.js";

/** Two stacks that the real Terraform can apply without any provider: the second reads an output of the first. */
function write(sandbox: Sandbox, input: string): void {
  sandbox.stacks("cdktf.out", {
    "staging-network": {
      document: {
        terraform: { backend: { local: {} } },
        resource: { terraform_data: { vpc: { input } } },
        output: { vpc: { value: "${terraform_data.vpc.output}" } },
      },
    },
    "staging-data": {
      dependencies: ["staging-network"],
      document: {
        terraform: { backend: { local: {} } },
        data: {
          terraform_remote_state: {
            network: { backend: "local", config: { path: "../staging-network/terraform.tfstate" } },
          },
        },
        resource: {
          terraform_data: { bucket: { input: "${data.terraform_remote_state.network.outputs.vpc}" } },
        },
      },
    },
  });
}

function terraform(sandbox: Sandbox, stack: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("terraform", args, {
    cwd: join(sandbox.directory, "cdktf.out/stacks", stack),
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

describe("the scripts of the workflows with the real Terraform", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
    write(sandbox, "vpc-1");
  });
  afterEach(() => sandbox.dispose());

  it("reach every stack of an empty environment in as many runs as outputs follow on outputs", () => {
    const first = sandbox.step("plan", ["staging"]);
    expect(first.outputs, first.stderr).toBe("changed=true\nwaiting=staging-data\n");
    expect(first.summary).toContain("## `staging`: 1 to create, 1 waiting\n");
    expect(sandbox.step("apply", ["staging"]).summary).toBe("Applied to `staging`: staging-network\n");

    expect(sandbox.step("plan", ["staging"]).outputs).toBe("changed=true\nwaiting=\n");
    expect(sandbox.step("apply", ["staging"]).summary).toBe("Applied to `staging`: staging-data\n");

    const last = sandbox.step("plan", ["staging"]);
    expect(last.outputs).toBe("changed=false\nwaiting=\n");
    expect(last.summary).toBe(
      "## `staging`: no change\n\n### staging-network: no change\n\n### staging-data: no change\n",
    );
  });

  it("apply the plan that was approved and not what the files have become since", () => {
    sandbox.step("plan", ["staging"]);
    write(sandbox, "vpc-2");

    expect(sandbox.step("apply", ["staging"]).status).toBe(0);

    expect(terraform(sandbox, "staging-network", "output", "-raw", "vpc")).toBe("vpc-1");
  });

  it("refuse a plan whose state has moved on, and change nothing", () => {
    sandbox.step("plan", ["staging"]);
    sandbox.step("apply", ["staging"]);
    write(sandbox, "vpc-2");
    sandbox.step("plan", ["staging"]);
    terraform(sandbox, "staging-network", "apply", "-auto-approve", "-replace=terraform_data.vpc");
    const before = sandbox.read("cdktf.out/stacks/staging-network/terraform.tfstate");

    const { status, stderr } = sandbox.step("apply", ["staging"]);

    expect(status).toBe(1);
    expect(stderr).toContain("Error: Saved plan is stale");
    expect(stderr).toContain(
      "staging-network: its state moved on after the plan was made, so Terraform refused the plan and changed nothing. " +
        "Run this workflow again: it plans anew, and the new plan can be approved.\nNo stack was applied before it.\n",
    );
    expect(sandbox.read("cdktf.out/stacks/staging-network/terraform.tfstate")).toBe(before);
  });

  it("see a change that nobody made through Terraform as drift", () => {
    sandbox.step("plan", ["staging"]);
    sandbox.step("apply", ["staging"]);
    sandbox.step("plan", ["staging"]);
    sandbox.step("apply", ["staging"]);
    terraform(sandbox, "staging-data", "state", "rm", "terraform_data.bucket");

    const { outputs, summary } = sandbox.step("plan", ["staging"]);

    expect(outputs).toBe("changed=true\nwaiting=\n");
    expect(summary).toContain("### staging-data: 1 to create\n\n- create `terraform_data.bucket`\n");
  });

  it("fail with Terraform's message when a state cannot be read", () => {
    sandbox.write("cdktf.out/stacks/staging-network/terraform.tfstate", "{");

    const { status, summary } = sandbox.step("plan", ["staging"]);

    expect(status).toBe(1);
    expect(summary).toContain("## `staging`: the plan of staging-network failed\n");
    expect(summary).toContain("Unsupported state file format");
  });
});
