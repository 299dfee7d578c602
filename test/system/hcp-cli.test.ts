import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { Sandbox } from "../src/ci/sandbox.js";
import { FakeHcp } from "../src/hcp/fake-hcp.js";
import { copyProject, installPackages } from "../src/project-copy.js";

const areas = ["network", "security", "data", "app", "edge", "turn", "delivery"];

/** Stands in for Terraform: notes stack, arguments and which tokens it was given; its plans always change something. */
const TERRAFORM = `
[ "$1" = version ] && { echo "Terraform v1.11.4"; exit 0; }
echo "$(basename "$PWD") $1 $TFE_TOKEN $TF_TOKEN_app_terraform_io" >> "$CALLS"
case "$1" in plan) exit 2 ;; esac
exit 0
`;

/** What an operator types, in a copy of the project whose development environment is in HCP Terraform. */
describe("the commands for HCP Terraform", () => {
  const programs = new Sandbox();
  let root: string;
  let hcp: FakeHcp;

  beforeAll(async () => {
    root = await copyProject();
    await installPackages(root, "--frozen-lockfile");
    const file = join(root, "config/environments/development.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    document.set("state", { backend: "hcp", organization: "acme", project: "platform" });
    writeFileSync(file, document.toString());
    programs.program("terraform", TERRAFORM);
    hcp = await FakeHcp.start();
  });
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    programs.dispose();
    await hcp.stop();
  });

  it("hcp plan refuses an environment that is somewhere else", async () => {
    const { exitCode, stderr } = await cli(["hcp", "plan", "staging"]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'config/environments/staging.yaml: state.backend is "s3". Allowed: an environment with its state in HCP Terraform ' +
        "(development). Set state.backend to hcp, or plan with Terraform in the stack's own directory.",
    );
  });

  it("bootstrap makes the workspaces first, then prepares the account; each after a yes", async () => {
    const { exitCode, stdout, stderr } = await cli(["bootstrap", "development"], "yes\n");
    expect(stdout, stderr).toContain("development-workspaces: done, 0 resources changed.");
    // The pipe ends with the first answer, and without an answer nothing is applied.
    expect(stdout).toContain("Nothing was applied.");
    expect(exitCode).toBe(1);
    expect([...hcp.workspaces.values()].map(({ name, executionMode }) => `${name} ${executionMode}`)).toEqual(
      ["development-bootstrap local", "development-workspaces local"],
    );
    const tokens = "apply-token apply-token";
    expect(readFileSync(join(programs.directory, "calls"), "utf8").trim().split("\n")).toEqual([
      `development-workspaces init ${tokens}`,
      `development-workspaces plan ${tokens}`,
      `development-workspaces show ${tokens}`,
      `development-workspaces apply ${tokens}`,
      `development-bootstrap init ${tokens}`,
      `development-bootstrap plan ${tokens}`,
      `development-bootstrap show ${tokens}`,
    ]);
  });

  it("hcp plan has every stack of the environment planned, from one synth", async () => {
    for (const area of areas) hcp.workspace(`development-${area}`, { changes: { "aws_vpc.main": "create" } });
    const { exitCode, stdout, stderr } = await cli(
      ["hcp", "plan", "development", "--address", hcp.address],
      "",
      {
        TFE_ADDRESS: "https://nobody.invalid",
      },
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`## \`development\`: ${areas.length} to create`);
    expect(hcp.runs.map(({ workspace }) => workspace).sort()).toEqual(
      areas.map((area) => `development-${area}`).sort(),
    );
    expect(hcp.runs.every(({ options }) => options.planOnly)).toBe(true);
  });

  it("hcp apply shows the saved plans, asks, and applies exactly those", async () => {
    const saved = await cli(["hcp", "plan", "development", "--save"]);
    expect(saved.exitCode, saved.stderr).toBe(0);
    const runs = hcp.runs.slice(-areas.length);

    const refused = await cli(["hcp", "apply", "development"], "no\n");
    expect(refused.stdout).toContain(`## \`development\`: ${areas.length} to create`);
    expect(refused.stdout).toContain("Nothing was applied.");
    expect(refused.exitCode).toBe(1);
    expect(runs.map(({ confirmations }) => confirmations)).toEqual(areas.map(() => 0));

    const applied = await cli(["hcp", "apply", "development"], "yes\n");
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(applied.stdout).toContain("Applied to `development`:");
    expect(runs.map(({ status }) => status)).toEqual(Array(areas.length).fill("applied"));
  });

  it("hcp apply --yes asks nobody, and passes on that it failed", async () => {
    rmSync(join(root, "cdktf.out/plans"), { recursive: true });
    const { exitCode, stderr } = await cli(["hcp", "apply", "development", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("cdktf.out/plans/development.json is missing: plan first");
  });

  function cli(args: readonly string[], input = "", env: Readonly<Record<string, string>> = {}) {
    return execa("node", ["scripts/run.mjs", "apps/cli/src/main.ts", ...args], {
      cwd: root,
      input,
      reject: false,
      env: {
        PATH: `${join(programs.directory, "bin")}${delimiter}${process.env["PATH"]}`,
        CALLS: join(programs.directory, "calls"),
        TFE_ADDRESS: hcp.address,
        TFE_TOKEN: "apply-token",
        HCP_POLL_SECONDS: "0.01",
        ...env,
      },
    });
  }
});
