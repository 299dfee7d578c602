import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compose } from "@telemedicina/bootstrap";
import { loadEnvironments } from "@telemedicina/config";
import { synthesize } from "@telemedicina/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Sandbox, type StepResult } from "../src/ci/sandbox.js";
import { root } from "../src/project.js";

interface Job {
  readonly uses?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly steps?: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  }[];
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const directory = join(root, ".github/workflows");
const workflows = new Map(
  readdirSync(directory).map((file) => [
    file,
    parse(readFileSync(join(directory, file), "utf8")) as Workflow,
  ]),
);
const environments = loadEnvironments(join(root, "config/environments"));

function workflow(file: string): Workflow {
  const found = workflows.get(file);
  if (found === undefined) throw new Error(`${file} is not in ${directory}`);
  return found;
}

describe("workflows", () => {
  it("apply covers every environment, production last, each after the one before", () => {
    const { jobs } = workflow("apply.yml");
    const deploys = Object.entries(jobs).filter(([, { uses }]) => uses === "./.github/workflows/deploy.yml");
    expect(deploys.map(([name, { with: inputs }]) => [name, inputs?.["environment"]])).toEqual([
      ["development", "development"],
      ["staging", "staging"],
      ["production", "production"],
    ]);
    expect(deploys.map(([name]) => name).sort()).toEqual(environments.map(({ name }) => name).sort());
    expect(deploys.map(([, { needs }]) => needs)).toEqual([
      "synth",
      ["synth", "development"],
      ["synth", "development", "staging"],
    ]);
  });

  it("only the job behind the environment's approval gets the role that writes", () => {
    const holders = jobs().filter(([, job]) => JSON.stringify(job).includes("apply_role"));
    expect(holders.map(([id]) => id)).toEqual(["deploy.yml apply"]);
    expect(holders[0]?.[1].environment).toBe("${{ inputs.environment }}");
  });

  it("no job that may enter an account runs code of the npm registry", () => {
    const withToken = jobs().filter(
      ([, job]) => job.permissions?.["id-token"] === "write" && job.steps !== undefined,
    );
    expect(withToken.map(([id]) => id)).toEqual([
      "deploy.yml plan",
      "deploy.yml apply",
      "drift.yml drift",
      "plan.yml plan",
    ]);
    for (const [id, { steps = [] }] of withToken) {
      expect(
        steps.map(({ uses }) => uses),
        id,
      ).not.toContain("./.github/actions/setup");
      expect(
        steps.filter(({ run }) => run?.includes("npm") || run?.includes("npx")),
        id,
      ).toEqual([]);
    }
  });

  it("only the job behind the environment's approval gets the token that applies in HCP Terraform", () => {
    const holders = jobs().filter(([, job]) => JSON.stringify(job).includes("TFE_APPLY_TOKEN"));
    expect(holders.map(([id]) => id)).toEqual(["deploy.yml hcp-apply"]);
    expect(holders[0]?.[1].environment).toBe("${{ inputs.environment }}");
  });

  it("no job with a token of HCP Terraform runs code of the npm registry, or has a way into AWS", () => {
    const withToken = jobs().filter(([, job]) => JSON.stringify(job).includes("secrets.TFE_"));
    expect(withToken.map(([id]) => id)).toEqual([
      "deploy.yml hcp-plan",
      "deploy.yml hcp-apply",
      "drift.yml hcp",
      "plan.yml hcp",
    ]);
    for (const [id, job] of withToken) {
      expect(JSON.stringify(job), id).not.toMatch(/npm|npx|actions\/setup|id-token/);
    }
  });

  it("IAM-06: a pull request from a fork gets no role and no token, and nothing runs on its code with main's trust", () => {
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    for (const id of ["plan", "hcp"]) {
      expect(workflow("plan.yml").jobs[id]?.if, id).toMatch(new RegExp(`^${own.replaceAll(".", "\\.")} && `));
    }
    for (const [file, document] of workflows) {
      expect(JSON.stringify(document), file).not.toContain("pull_request_target");
    }
  });

  it("an environment is run by one of the two, never by both", () => {
    const { jobs: deploy } = workflow("deploy.yml");
    expect(deploy["plan"]?.if).toBe("contains(fromJSON(inputs.names), inputs.environment)");
    expect(deploy["hcp-plan"]?.if).toBe("contains(fromJSON(inputs.hcp), inputs.environment)");
    expect(deploy["apply"]?.needs).toBe("plan");
    expect(deploy["hcp-apply"]?.needs).toBe("hcp-plan");
  });

  it("a job ends before its session does, and Terraform before its job", () => {
    const { inputs } = parse(readFileSync(join(root, ".github/actions/terraform/action.yml"), "utf8")) as {
      readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    };
    const seen = jobs().flatMap(([id, { steps = [], "timeout-minutes": minutes = Number.NaN }]) => {
      const signIn = steps.find(({ uses }) => uses === "./.github/actions/terraform");
      if (signIn === undefined) return [];
      const seconds = signIn.with?.["role-duration-seconds"] ?? inputs["role-duration-seconds"]?.default;
      expect(minutes * 60, id).toBeLessThan(Number(seconds));
      return [id];
    });
    expect(seen).toEqual(["deploy.yml plan", "deploy.yml apply", "drift.yml drift", "plan.yml plan"]);
    for (const [id, limit] of [
      ["apply", "APPLY_MINUTES"],
      ["hcp-apply", "HCP_TIMEOUT_MINUTES"],
    ] as const) {
      const { steps = [], "timeout-minutes": minutes = Number.NaN } = workflow("deploy.yml").jobs[id] ?? {};
      const [own, ...others] = steps.flatMap(({ env }) => env?.[limit] ?? []);
      expect(others).toEqual([]);
      // Room to wind up, and to keep a state that could not be saved.
      expect(Number(own), id).toBeLessThanOrEqual(minutes - 15);
    }
  });

  it("no checkout leaves its token behind", () => {
    const checkouts = jobs().flatMap(([, { steps = [] }]) =>
      steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
    );
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts) expect(checkout.with?.["persist-credentials"]).toBe(false);
  });

  it("every workflow says itself what its token may", () => {
    for (const [file, { permissions }] of workflows) {
      expect(permissions, file).toBeDefined();
      expect(Object.values(permissions ?? {}), file).not.toContain("write");
    }
  });

  it("check stays the one line that everybody else runs", () => {
    const lines = readFileSync(join(directory, "check.yml"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(30);
    const runs = workflow("check.yml").jobs["check"]?.steps?.flatMap(({ run }) =>
      run === undefined ? [] : [run],
    );
    expect(runs).toEqual([".ci/run"]);
  });
});

describe("what bootstrap makes", () => {
  const sandbox = new Sandbox();
  let found: StepResult;
  beforeAll(() => {
    synthesize(join(sandbox.directory, "apps/bootstrap/cdktf.out"), (app) => {
      for (const config of environments) compose(app, config);
    });
    found = sandbox.step("environments", []);
  });
  afterAll(() => sandbox.dispose());

  it("gives the workflows account, region and roles of every environment", () => {
    expect(found.status).toBe(0);
    const accounts = JSON.parse(/^accounts=(.*)$/m.exec(found.outputs)?.[1] ?? "") as Record<
      string,
      Record<string, string>
    >;
    expect(Object.keys(accounts).sort()).toEqual(environments.map(({ name }) => name).sort());
    for (const { name, accountId, region } of environments) {
      expect(accounts[name]?.["region"]).toBe(region);
      expect(accounts[name]?.["plan_role"]).toMatch(
        new RegExp(`^arn:aws:iam::${accountId}:role/[\\w-]*plan[\\w-]*$`),
      );
      expect(accounts[name]?.["apply_role"]).toMatch(
        new RegExp(`^arn:aws:iam::${accountId}:role/[\\w-]*apply[\\w-]*$`),
      );
    }
  });

  it("allows the session that the job behind the approval asks for, and no longer one", () => {
    const asked = workflow("deploy.yml").jobs["apply"]?.steps?.flatMap(
      ({ with: inputs }) => inputs?.["role-duration-seconds"] ?? [],
    );
    expect(asked).toHaveLength(1);
    for (const { name } of environments) {
      const document = sandbox.read(`apps/bootstrap/cdktf.out/stacks/${name}-bootstrap/cdk.tf.json`);
      expect([longestSession(document, "apply")]).toEqual(asked);
    }
  });
});

/** What bootstrap allows a session of the role, in seconds. */
function longestSession(document: string, phase: "plan" | "apply"): unknown {
  const { resource } = JSON.parse(document) as {
    readonly resource: { readonly aws_iam_role: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  };
  const roles = Object.values(resource.aws_iam_role);
  return roles.find(({ name }) => String(name).includes(`-terraform-${phase}-`))?.["max_session_duration"];
}

function jobs(): [string, Job][] {
  return [...workflows].flatMap(([file, { jobs }]) =>
    Object.entries(jobs).map(([id, job]): [string, Job] => [`${file} ${id}`, job]),
  );
}
