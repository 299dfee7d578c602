import type { EnvironmentConfig } from "@telemedicina/config";
import { StackJson, type TerraformDocument } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { rolesFor, type Token } from "./assume.js";
import { bootstrap, development, environments, inHcp } from "./support.js";

const PLAN = ["plan"];
const APPLY = ["apply"];
const NONE: readonly string[] = [];

type Row = readonly [who: string, token: Token, roles: readonly string[]];

/** What a workflow runs on, by which GitHub words the subject. */
interface Job {
  readonly event: "pull_request" | "pull_request_target" | "push" | "schedule";
  readonly ref?: string;
  readonly environment?: string;
  readonly workflow?: string;
}

/** https://docs.github.com/actions/reference/security/oidc: environment before event before ref. */
function github(repository: string, { event, ref = "refs/heads/main", environment, workflow }: Job): Token {
  const context =
    environment !== undefined
      ? `environment:${environment}`
      : event === "pull_request"
        ? "pull_request"
        : `ref:${ref}`;
  return {
    iss: "token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub: `repo:${repository}:${context}`,
    repository,
    job_workflow_ref: workflow ?? `${repository}/.github/workflows/apply.yml@${ref}`,
  };
}

function githubRows({ github: { owner, repository }, name }: EnvironmentConfig): readonly Row[] {
  const ours = `${owner}/${repository}`;
  const other = name === "production" ? "staging" : "production";
  const deploy = `${ours}/.github/workflows/deploy.yml@refs/heads/main`;
  const approved: Job = { event: "push", environment: name };
  return [
    ["a pull request of this repository", github(ours, { event: "pull_request" }), PLAN],
    ["a push to main", github(ours, { event: "push" }), PLAN],
    ["the nightly run on main", github(ours, { event: "schedule" }), PLAN],
    ["the environment of this name", github(ours, approved), APPLY],
    ["our reusable workflow in it", github(ours, { ...approved, workflow: deploy }), APPLY],
    [
      "a pull request that names this environment",
      github(ours, { ...approved, event: "pull_request" }),
      APPLY,
    ],
    ["another environment", github(ours, { event: "push", environment: other }), NONE],
    ["another branch", github(ours, { event: "push", ref: "refs/heads/feature" }), NONE],
    ["a branch that begins like main", github(ours, { event: "push", ref: "refs/heads/main-2" }), NONE],
    ["a tag named main", github(ours, { event: "push", ref: "refs/tags/main" }), NONE],
    ["a run in a fork", github(`someone/${repository}`, { event: "pull_request" }), NONE],
    ["a fork's environment of this name", github(`someone/${repository}`, approved), NONE],
    ["another repository of the owner", github(`${owner}/website`, approved), NONE],
    ["a repository that begins like ours", github(`${ours}-fork`, { event: "push" }), NONE],
    [
      "our reusable workflow called by another repository",
      github("someone/else", { ...approved, workflow: deploy }),
      NONE,
    ],
    ["the other form of the subject", github(`${owner}@1/${repository}@2`, approved), NONE],
    ["other letters", github(ours.toUpperCase(), approved), NONE],
    ["another audience", { ...github(ours, approved), aud: `https://github.com/${owner}` }, NONE],
    ["another issuer", { ...github(ours, approved), iss: "app.terraform.io" }, NONE],
    [
      "an issuer of an enterprise",
      { ...github(ours, approved), iss: "token.actions.githubusercontent.com/x" },
      NONE,
    ],
  ];
}

describe.each(environments)(
  "IAM-06: who gets which role of $name, by the rendered trust policies",
  (config) => {
    const stack = bootstrap(config);

    it.each(githubRows(config))("%s", (_, token, roles) => {
      expect(rolesFor(stack, token)).toEqual(roles);
    });

    it("a token of HCP Terraform gets none", () => {
      expect(rolesFor(stack, hcp({ phase: "apply" }))).toEqual(NONE);
    });
  },
);

interface Run {
  readonly organization?: string;
  readonly project?: string;
  readonly workspace?: string;
  readonly phase: string;
}

function hcp({
  organization = "acme",
  project = "Telemedicina Development",
  workspace = "development-network",
  phase,
}: Run): Token {
  return {
    iss: "app.terraform.io",
    aud: "aws.workload.identity",
    sub: `organization:${organization}:project:${project}:workspace:${workspace}:run_phase:${phase}`,
  };
}

const hcpRows: readonly Row[] = [
  ["a plan, speculative or not", hcp({ phase: "plan" }), PLAN],
  ["an apply", hcp({ phase: "apply" }), APPLY],
  ["a plan of the last stack", hcp({ workspace: "development-turn", phase: "plan" }), PLAN],
  ["an apply of the last stack", hcp({ workspace: "development-turn", phase: "apply" }), APPLY],
  ["another workspace of the project", hcp({ workspace: "website", phase: "apply" }), NONE],
  ["another environment's workspace", hcp({ workspace: "production-network", phase: "apply" }), NONE],
  [
    "the workspace of bootstrap, which operators run",
    hcp({ workspace: "development-bootstrap", phase: "apply" }),
    NONE,
  ],
  ["the workspace of the workspaces", hcp({ workspace: "development-workspaces", phase: "plan" }), NONE],
  [
    "a workspace of the same name in another project",
    hcp({ project: "Default Project", phase: "plan" }),
    NONE,
  ],
  ["another organization", hcp({ organization: "acme-labs", phase: "apply" }), NONE],
  ["a phase that there is not", hcp({ phase: "*" }), NONE],
  ["another audience", { ...hcp({ phase: "apply" }), aud: "sts.amazonaws.com" }, NONE],
  ["another issuer", { ...hcp({ phase: "apply" }), iss: "tfe.example.com" }, NONE],
  [
    "GitHub's environment of this name",
    github("acme/infrastructure", { event: "push", environment: "development" }),
    NONE,
  ],
];

describe("IAM-06: who gets which role where HCP Terraform runs the environment", () => {
  const stack = bootstrap(inHcp);

  it.each(hcpRows)("%s", (_, token, roles) => {
    expect(rolesFor(stack, token)).toEqual(roles);
  });
});

describe("where the repository's ids stand in the environment file", () => {
  const { owner, repository } = development.github;
  const stack = bootstrap({
    ...development,
    github: { owner, repository, ids: { owner: "11", repository: "22" } },
  });
  const approved: Job = { event: "push", environment: "development" };

  it.each<Row>([
    ["the subject with both ids", github(`${owner}@11/${repository}@22`, approved), APPLY],
    ["another repository that took over the name", github(`${owner}@11/${repository}@23`, approved), NONE],
    ["another owner who took over the name", github(`${owner}@12/${repository}@22`, approved), NONE],
    ["the subject without ids", github(`${owner}/${repository}`, approved), NONE],
  ])("%s", (_, token, roles) => {
    expect(rolesFor(stack, token)).toEqual(roles);
  });
});

describe("the evaluator", () => {
  const { owner, repository } = development.github;
  const branch = github(`${owner}/${repository}`, { event: "push", ref: "refs/heads/feature" });

  it("sees a subject with a wildcard as what it lets in", () => {
    expect(rolesFor(changed("refs/heads/main", "*"), branch)).toEqual(NONE);
    expect(rolesFor(changed("refs/heads/main", "*", "StringLike"), branch)).toEqual(PLAN);
  });

  it("refuses to judge what it does not know", () => {
    expect(() => rolesFor(changed("x", "x", "StringEqualsIgnoreCase"), branch)).toThrow(
      "the evaluator does not know StringEqualsIgnoreCase",
    );
  });

  function changed(from: string, to: string, operator = "StringEquals") {
    const stack = bootstrap(development);
    const text = JSON.stringify(stack.document).replaceAll(from, to).replaceAll("StringEquals", operator);
    return new StackJson(stack.name, JSON.parse(text) as TerraformDocument);
  }
});
