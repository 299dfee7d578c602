import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "../src/ci/sandbox.js";

/** Stands in for Terraform: notes its arguments and answers from files of the stack's directory. */
const TERRAFORM = `
directory="\${1#-chdir=}"; shift
echo "\${directory##*/} $*" >> calls
case "$1 $2" in
  "init "*) test -f "$directory/.terraform.lock.hcl" || printf 'lock of %s' "$directory" > "$directory/.terraform.lock.hcl" ;;
  "show -json") cat "$directory/plan.json" ;;
  "show "*) cat "$directory/text" ;;
esac
if test -f "$directory/$1.stderr"; then cat "$directory/$1.stderr" >&2; fi
exit "$(cat "$directory/$1.status" 2> /dev/null || echo 0)"
`;

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.program("terraform", TERRAFORM);
});
afterEach(() => sandbox.dispose());

interface Answers {
  readonly plan?: unknown;
  readonly text?: string;
  readonly status?: Readonly<Record<string, number>>;
  readonly stderr?: Readonly<Record<string, string>>;
}

/** What Terraform will say in a stack's directory, by command. */
function answers(stack: string, { plan = {}, text = "", status = {}, stderr = {} }: Answers): void {
  const directory = `cdktf.out/stacks/${stack}`;
  sandbox.write(`${directory}/plan.json`, JSON.stringify(plan));
  sandbox.write(`${directory}/text`, text);
  for (const [command, code] of Object.entries(status)) {
    sandbox.write(`${directory}/${command}.status`, String(code));
  }
  for (const [command, said] of Object.entries(stderr)) sandbox.write(`${directory}/${command}.stderr`, said);
}

function change(address: string, actions: readonly string[], more: object = {}) {
  return { address, mode: "managed", change: { actions }, ...more };
}

describe("plan", () => {
  it("plans the environment's stacks in order of dependency, without a lock, and saves each plan", () => {
    sandbox.stacks("cdktf.out", {
      "staging-data": { dependencies: ["staging-network"] },
      "staging-network": {},
      "production-network": {},
    });
    answers("staging-network", {});
    answers("staging-data", {});

    const { status, outputs } = sandbox.step("plan", ["staging"]);

    expect(status).toBe(0);
    expect(sandbox.read("calls").trim().split("\n")).toEqual([
      "staging-network init -input=false -no-color",
      "staging-network plan -input=false -no-color -lock=false -detailed-exitcode -out=plan.tfplan",
      "staging-network show -json plan.tfplan",
      "staging-data init -input=false -no-color",
      "staging-data plan -input=false -no-color -lock=false -detailed-exitcode -out=plan.tfplan",
      "staging-data show -json plan.tfplan",
    ]);
    expect(outputs).toBe("changed=false\nwaiting=\n");
  });

  it("reports what can lose data first, in words without values", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {} });
    answers("staging-network", {
      status: { plan: 2 },
      text: "Terraform will perform ```these``` actions",
      plan: {
        resource_changes: [
          change("aws_vpc.main", ["no-op"]),
          change("aws_eip.nat", ["create"]),
          change("aws_subnet.app", ["update"]),
          change("aws_db_instance.main", ["delete", "create"]),
          change("aws_kms_key.new", ["create", "delete"]),
          change("aws_s3_bucket.gone", ["delete"]),
          change("aws_route.moved", ["no-op"], { previous_address: "aws_route.old" }),
          change("aws_iam_role.found", ["no-op"], { change: { actions: ["no-op"], importing: { id: "x" } } }),
          { address: "data.aws_ami.x", mode: "data", change: { actions: ["read"] } },
        ],
        resource_drift: [change("aws_subnet.app", ["update"]), change("aws_vpc.main", ["update"])],
        output_changes: { vpc_id: { actions: ["no-op"] } },
      },
    });

    const { status, outputs, summary } = sandbox.step("plan", ["staging"]);

    expect(status).toBe(0);
    expect(outputs).toBe("changed=true\nwaiting=\n");
    expect(
      summary,
    ).toBe(`## \`staging\`: 1 to destroy, 2 to replace, 1 to update, 1 to create, 1 to import, 1 to move

### staging-network: 1 to destroy, 2 to replace, 1 to update, 1 to create, 1 to import, 1 to move

- **destroy** \`aws_s3_bucket.gone\`
- **replace** \`aws_db_instance.main\`
- **replace** \`aws_kms_key.new\`
- update \`aws_subnet.app\`
- create \`aws_eip.nat\`
- import \`aws_iam_role.found\`
- move \`aws_route.moved\`

Changed outside Terraform since the last apply:
- \`aws_subnet.app\`

<details><summary>terraform plan of staging-network</summary>

\`\`\`\`text
Terraform will perform \`\`\`these\`\`\` actions
\`\`\`\`

</details>
`);
    expect(sandbox.read("cdktf.out/plans/staging.md")).toBe(summary);
  });

  it("does not plan a stack whose inputs are about to change, nor what comes after it", () => {
    sandbox.stacks("cdktf.out", {
      "staging-network": {},
      "staging-data": { dependencies: ["staging-network"] },
      "staging-app": { dependencies: ["staging-data"] },
      "staging-turn": {},
    });
    answers("staging-network", {
      status: { plan: 2 },
      plan: {
        resource_changes: [change("aws_vpc.main", ["create"])],
        output_changes: { vpc_id: { actions: ["create"] } },
      },
    });
    answers("staging-turn", {});

    const { status, outputs, summary } = sandbox.step("plan", ["staging"]);

    expect(status).toBe(0);
    expect(outputs).toBe("changed=true\nwaiting=staging-data staging-app\n");
    expect(sandbox.read("calls")).not.toMatch(/staging-(data|app)/);
    expect(sandbox.read("calls")).toContain("staging-turn plan");
    expect(summary).toContain("## `staging`: 1 to create, 2 waiting\n");
    expect(summary).toContain(
      "### staging-data: waiting\n\nIts plan needs outputs that change with staging-network. It is planned in the run after that one.\n",
    );
  });

  it("plans a dependent stack at once when no output of the other changes", () => {
    sandbox.stacks("cdktf.out", {
      "staging-network": {},
      "staging-data": { dependencies: ["staging-network"] },
    });
    answers("staging-network", {
      status: { plan: 2 },
      plan: {
        resource_changes: [change("aws_vpc.main", ["update"])],
        output_changes: { vpc_id: { actions: ["no-op"] } },
      },
    });
    answers("staging-data", {});

    const { outputs } = sandbox.step("plan", ["staging"]);

    expect(outputs).toBe("changed=true\nwaiting=\n");
    expect(sandbox.read("calls")).toContain("staging-data plan");
  });

  it("says so when a plan changes outputs and nothing else", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {} });
    answers("staging-network", {
      status: { plan: 2 },
      plan: { output_changes: { vpc_id: { actions: ["create"] } } },
    });

    const { summary } = sandbox.step("plan", ["staging"]);

    expect(summary).toBe("## `staging`: only outputs change\n\n### staging-network: only outputs change\n");
  });

  it("gives every stack the provider that the first one chose", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {}, "staging-turn": {} });
    answers("staging-network", {});
    answers("staging-turn", {});

    sandbox.step("plan", ["staging"]);

    expect(sandbox.read("cdktf.out/stacks/staging-turn/.terraform.lock.hcl")).toBe(
      "lock of cdktf.out/stacks/staging-network",
    );
  });

  it("stops at a plan that fails, and the report carries Terraform's message", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {}, "staging-turn": {} });
    answers("staging-network", { status: { plan: 1 }, stderr: { plan: "Error: no such role\n" } });
    answers("staging-turn", {});

    const { status, stderr, outputs, summary } = sandbox.step("plan", ["staging"]);

    expect(status).toBe(1);
    expect(stderr).toBe(
      "Error: no such role\nThe plan of staging-network failed; Terraform's message stands above.\n",
    );
    expect(outputs).toBe("changed=false\nwaiting=\n");
    expect(summary).toBe(`## \`staging\`: the plan of staging-network failed

### staging-network: failed

<details><summary>terraform plan of staging-network</summary>

\`\`\`text
Error: no such role
\`\`\`

</details>
`);
    expect(sandbox.read("calls")).not.toContain("staging-turn");
  });

  it("keeps the report within what GitHub takes, the list of addresses whole", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {}, "staging-turn": {} });
    const long = "x".repeat(80_000);
    answers("staging-network", {
      status: { plan: 2 },
      text: long,
      plan: { resource_changes: [change("aws_vpc.a", ["create"])] },
    });
    answers("staging-turn", {
      status: { plan: 2 },
      text: long,
      plan: { resource_changes: [change("aws_eip.b", ["create"])] },
    });

    const { summary } = sandbox.step("plan", ["staging"]);

    expect(summary.length).toBeLessThan(65_000);
    expect(summary.match(/… the rest stands in the log of the run\./g)).toHaveLength(2);
    expect(summary).toContain("- create `aws_vpc.a`");
    expect(summary).toContain("- create `aws_eip.b`");
  });

  it("puts the addresses that vanish and appear against the base on top", () => {
    sandbox.git("init", "--quiet", "--initial-branch=main");
    sandbox.write(
      "test/golden/platform/staging/addresses.txt",
      "staging-network aws_vpc.a\nstaging-network aws_vpc.b\n",
    );
    sandbox.write("test/golden/bootstrap/staging/addresses.txt", "staging-bootstrap aws_kms_key.a\n");
    sandbox.git("add", ".");
    sandbox.git("commit", "--quiet", "-m", "base");
    sandbox.write(
      "test/golden/platform/staging/addresses.txt",
      "staging-network aws_vpc.b\nstaging-network aws_vpc.c\n",
    );
    sandbox.write(
      "test/golden/bootstrap/staging/addresses.txt",
      "staging-bootstrap aws_kms_key.a\nstaging-bootstrap aws_s3_bucket.b\n",
    );
    sandbox.stacks("cdktf.out", { "staging-network": {} });
    answers("staging-network", {});

    const { summary } = sandbox.step("plan", ["staging", "--base", "HEAD"]);

    expect(summary).toBe(`## \`staging\`: no change

**Addresses of bootstrap** (an operator applies it: \`npm run bootstrap\`): 0 vanish, 1 appear
\`\`\`diff
+ staging-bootstrap aws_s3_bucket.b
\`\`\`

**Addresses of platform**: 1 vanish, 1 appear
\`\`\`diff
- staging-network aws_vpc.a
+ staging-network aws_vpc.c
\`\`\`

### staging-network: no change
`);
  });

  it("fails for an environment without stacks, naming those that have some", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {}, "production-network": {} });
    const { status, stderr } = sandbox.step("plan", ["prod"]);
    expect(status).toBe(1);
    expect(stderr).toBe('No stack of cdktf.out belongs to "prod". It has stacks of: staging, production.\n');
  });

  it("fails without a synth, saying what to run", () => {
    const { status, stderr } = sandbox.step("plan", ["staging"]);
    expect(status).toBe(1);
    expect(stderr).toBe("cdktf.out/manifest.json is missing. Make it with: npm run synth\n");
  });
});

describe("apply", () => {
  function planned(results: readonly { name: string; state: string }[]): void {
    sandbox.stacks("cdktf.out", Object.fromEntries(results.map(({ name }) => [name, {}])));
    sandbox.write("cdktf.out/plans/staging.json", JSON.stringify(results));
    for (const { name } of results) answers(name, {});
  }

  it("applies the saved plans of the stacks that change, with the locked provider, and nothing else", () => {
    planned([
      { name: "staging-network", state: "changed" },
      { name: "staging-turn", state: "unchanged" },
      { name: "staging-app", state: "waiting" },
    ]);

    const { status, stdout, summary } = sandbox.step("apply", ["staging"]);

    expect(status).toBe(0);
    expect(sandbox.read("calls").trim().split("\n")).toEqual([
      "staging-network init -input=false -no-color -lockfile=readonly",
      "staging-network apply -input=false -no-color -lock-timeout=5m plan.tfplan",
    ]);
    expect(summary).toBe("Applied to `staging`: staging-network\n");
    expect(stdout).toContain(
      "::warning::staging-app: not planned yet, because the plan needed outputs that this run made. Run this workflow again; later environments wait for it.\n",
    );
  });

  it.each([
    [
      "Error: Saved plan is stale",
      "its state moved on after the plan was made, so Terraform refused the plan and changed nothing. Run this workflow again: it plans anew, and the new plan can be approved.",
    ],
    [
      "Error: Error acquiring the state lock",
      "somebody else holds the lock of its state (named above), so nothing was changed. Let them finish and run this workflow again.",
    ],
    [
      "Error: creating EC2 VPC: VpcLimitExceeded",
      "terraform apply failed half-way; its message stands above. What it had made is in the state. Repair the cause and run this workflow again: the new plan holds what is left.",
    ],
  ])("stops at %s and says what to do", (stderr, message) => {
    planned([
      { name: "staging-network", state: "changed" },
      { name: "staging-data", state: "changed" },
      { name: "staging-turn", state: "changed" },
    ]);
    answers("staging-data", { status: { apply: 1 }, stderr: { apply: `${stderr}\n` } });

    const result = sandbox.step("apply", ["staging"]);

    expect(result.status).toBe(1);
    expect(result.stderr).toBe(
      `${stderr}\n\nstaging-data: ${message}\nApplied before it: staging-network.\n`,
    );
    expect(result.summary).toBe(`**staging-data failed**: ${message} Applied before it: staging-network.\n`);
    expect(sandbox.read("calls")).not.toContain("staging-turn");
  });

  const LOST =
    "Error: Failed to save state\n\nError saving state: failed to upload state: ExpiredToken: The provided token has expired.";
  const UNSAVED =
    "the credentials of this job ended, so Terraform could not save its state: it lacks what was just made, and its lock may still be there. Do not run this workflow again before that is repaired: it would make those things a second time.";
  const REPAIR = 'docs/github.md says how to repair it ("An apply that could not save its state").';

  it.each<[string, string, string, string]>([
    [
      "left the state in a file",
      LOST,
      `${UNSAVED} What is missing stands in errored.tfstate, which the next steps encrypt and keep as the artifact state-staging of this run; if they fail, it is lost with this runner. ${REPAIR}`,
      "unsaved=true\n",
    ],
    [
      "left it nowhere",
      LOST,
      `${UNSAVED} Terraform left no errored.tfstate, so what is missing has to be imported. ${REPAIR}`,
      "",
    ],
    [
      "lost its credentials in the middle",
      "Error: waiting for RDS DB Instance (x) create: ExpiredToken: The security token included in the request is expired",
      `the credentials of this job ended half-way. What was made in the last minutes may not be in the state, and its lock may still be there. Do not run this workflow again before somebody has looked. ${REPAIR}`,
      "",
    ],
    [
      "lost them before it began",
      "Error: Error acquiring the state lock\n\nError message: operation error S3: PutObject, ExpiredToken",
      "the credentials of this job ended before it began, so nothing was changed. Run this workflow again.",
      "",
    ],
  ])("says what the state lacks when Terraform %s", (how, stderr, message, outputs) => {
    planned([{ name: "staging-data", state: "changed" }]);
    answers("staging-data", { status: { apply: 1 }, stderr: { apply: `${stderr}\n` } });
    if (how.endsWith("file")) sandbox.write("cdktf.out/stacks/staging-data/errored.tfstate", "{}");

    const result = sandbox.step("apply", ["staging"]);

    expect(result.status).toBe(1);
    expect(result.stderr).toBe(`${stderr}\n\nstaging-data: ${message}\nNo stack was applied before it.\n`);
    expect(result.outputs).toBe(outputs);
  });

  describe("when the job's minutes are over", () => {
    /** Ends when it is interrupted, as Terraform does, and not before. */
    const SLOW = `
echo "\${1##*/} $*" >> calls
case "$2" in apply)
  trap 'echo interrupted >> calls; exit 1' INT
  for _ in $(seq 200); do sleep 0.1; done ;;
esac
`;

    it("interrupts Terraform, once, so that it can save its state, and says how to go on", () => {
      planned([{ name: "staging-data", state: "changed" }]);
      sandbox.program("terraform", SLOW);

      const { status, stderr } = sandbox.step("apply", ["staging"], { APPLY_MINUTES: "0.02" });

      expect(status).toBe(1);
      expect(sandbox.read("calls").match(/interrupted/g)).toHaveLength(1);
      expect(stderr).toBe(
        "\nstaging-data: it was interrupted because the 0.02 minutes of this job were over. What it had made is in the state; " +
          "what it was making may be marked as tainted. Run this workflow again and read the new plan: what it replaces may be whole, " +
          "and `terraform untaint` keeps that.\nNo stack was applied before it.\n",
      );
    });

    it("begins no further stack", () => {
      planned([{ name: "staging-data", state: "changed" }]);

      const { status, stderr } = sandbox.step("apply", ["staging"], { APPLY_MINUTES: "0.00001" });

      expect(status).toBe(1);
      expect(stderr).toBe(
        "\nstaging-data: the 0.00001 minutes of this job were over, so nothing of it was applied. Run this workflow again.\nNo stack was applied before it.\n",
      );
      expect(sandbox.read("calls")).not.toContain(" apply ");
    });
  });

  it("applies nothing when the provider cannot be had as it was locked", () => {
    planned([{ name: "staging-network", state: "changed" }]);
    answers("staging-network", { status: { init: 1 }, stderr: { init: "Error: lock\n" } });

    const { status, stderr } = sandbox.step("apply", ["staging"]);

    expect(status).toBe(1);
    expect(stderr).toBe(
      "Error: lock\n\nstaging-network: terraform init failed, so nothing of it was applied. Terraform's message stands above.\nNo stack was applied before it.\n",
    );
    expect(sandbox.read("calls")).not.toContain(" apply ");
  });

  it("does not plan by itself", () => {
    sandbox.stacks("cdktf.out", { "staging-network": {} });
    const { status, stderr } = sandbox.step("apply", ["staging"]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "cdktf.out/plans/staging.json is missing: plan first (node scripts/ci/plan.mjs staging).\n",
    );
  });
});
