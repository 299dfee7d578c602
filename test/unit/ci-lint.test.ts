import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Sandbox } from "../src/ci/sandbox.js";
import { root } from "../src/project.js";

const SHA = "de0fac2e4500dabe0009e67214ff5f5447ce83dd";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.write("package.json", JSON.stringify({ scripts: { synth: "true" } }));
  sandbox.write("scripts/ci/plan.mjs", "");
  sandbox.write(
    ".github/actions/terraform/action.yml",
    `name: Terraform
description: For the test
inputs:
  role: { description: The role, required: true }
runs: { using: composite, steps: [] }
`,
  );
});
afterEach(() => sandbox.dispose());

function lint(workflow: string): { readonly status: number | null; readonly stdout: string } {
  sandbox.write(".github/workflows/x.yml", workflow);
  return spawnSync("node", [join(root, "scripts/lint-workflows.mjs"), sandbox.directory], {
    encoding: "utf8",
  });
}

it("accepts workflows that are pinned, complete and sound", () => {
  const { status, stdout } = lint(`on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${SHA} # v6.0.2
      - uses: ./.github/actions/terraform
        with: { role: x }
      - run: node scripts/ci/plan.mjs staging
      - run: npm run synth
`);
  expect(stdout).toBe("1 workflows and 1 actions are sound.\n");
  expect(status).toBe(0);
});

it("finds what actionlint finds and what it cannot see, all at once", () => {
  const { status, stdout } = lint(`on: push
jobs:
  a:
    runs-on: ubuntu-latest
    needs: b
    steps:
      - uses: actions/checkout@v6
      - uses: actions/checkout@${SHA}
      - uses: ./.github/actions/terraform
        with: { rolle: x }
      - uses: ./.github/actions/other
      - run: node scripts/ci/none.mjs
      - run: npm run none
      - run: |
          if true
          then false; fi
`);
  expect(stdout.split("\n")).toEqual([
    '.github/workflows/x.yml:3:3: job "a" needs job "b" which does not exist in this workflow',
    '.github/workflows/x.yml:7: "actions/checkout@v6" is not pinned. Write owner/action@<40 digits of the commit> # v1.2.3.',
    `.github/workflows/x.yml:8: "actions/checkout@${SHA}" is not pinned. Write owner/action@<40 digits of the commit> # v1.2.3.`,
    '.github/workflows/x.yml: ./.github/actions/terraform has no input "rolle". Its inputs: role.',
    '.github/workflows/x.yml: ./.github/actions/terraform is used without its required input "role".',
    ".github/workflows/x.yml: ./.github/actions/other does not exist.",
    ".github/workflows/x.yml: scripts/ci/none.mjs does not exist.",
    '.github/workflows/x.yml: package.json has no script "none".',
    '.github/workflows/x.yml: a step has a script of its own ("if true" …). Move it to scripts/ci.',
    "9 fault(s) in .github.",
    "",
  ]);
  expect(status).toBe(1);
});
