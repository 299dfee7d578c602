import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "../src/ci/sandbox.js";

/** Stands in for gh: notes method, path and body of each call, and answers a list by its page. */
const GH = `
method="$3" path="$4" body=""
if test "$5" = --input; then body=",\\"body\\":$(cat)"; fi
printf '{"method":"%s","path":"%s"%s}\\n' "$method" "$path" "$body" >> calls
if test -f refusal; then cat refusal >&2; exit 1; fi
if test "$method" = GET; then cat "page\${path##*page=}.json" 2> /dev/null || echo '[]'
else echo '{"html_url":"https://example.test/1"}'; fi
`;

const GITHUB = { GITHUB_REPOSITORY: "telemedicina/infrastructure", GH_TOKEN: "unused" };

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.program("gh", GH);
});
afterEach(() => sandbox.dispose());

/** What a list call answers, page by page. */
function pages(...entries: readonly (readonly object[])[]): void {
  entries.forEach((page, index) => {
    sandbox.write(`page${index + 1}.json`, JSON.stringify(page));
  });
}

function calls(): unknown[] {
  return sandbox
    .read("calls")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("the comment on a pull request", () => {
  const env = { ...GITHUB, PULL_REQUEST: "7" };
  const list = "repos/telemedicina/infrastructure/issues/7/comments";
  const bot = { type: "Bot" };

  it("is written once", () => {
    pages([{ id: 1, user: bot, body: "<!-- telemedicina-plan: production -->\nother" }]);
    sandbox.write("cdktf.out/plans/staging.md", "## `staging`: no change\n");

    const { status, stdout } = sandbox.step("comment", ["staging"], env);

    expect(status).toBe(0);
    expect(stdout).toBe("Wrote the comment on staging.\n");
    expect(calls()).toEqual([
      { method: "GET", path: `${list}?per_page=100&page=1` },
      {
        method: "POST",
        path: list,
        body: { body: "<!-- telemedicina-plan: staging -->\n## `staging`: no change\n" },
      },
    ]);
  });

  it("is kept current afterwards, on whatever page it stands, and nobody else's is touched", () => {
    const marker = "<!-- telemedicina-plan: staging -->";
    const person = { id: 1, user: { type: "User" }, body: `${marker}\nquoted by a person` };
    pages(Array(100).fill(person), [{ id: 2, user: bot, body: `${marker}\nold` }]);
    sandbox.write("cdktf.out/plans/staging.md", "new\n");

    const { stdout } = sandbox.step("comment", ["staging"], env);

    expect(stdout).toBe("Updated the comment on staging.\n");
    expect(calls().slice(1)).toEqual([
      { method: "GET", path: `${list}?per_page=100&page=2` },
      {
        method: "PATCH",
        path: "repos/telemedicina/infrastructure/issues/comments/2",
        body: { body: `${marker}\nnew\n` },
      },
    ]);
  });

  it("says that there is no plan rather than leave an old one standing", () => {
    pages([]);
    sandbox.step("comment", ["staging"], env);
    expect(calls()[1]).toMatchObject({
      body: {
        body: "<!-- telemedicina-plan: staging -->\n## `staging`: no plan was made\n\nThe log of the run says why.",
      },
    });
  });

  it("fails with GitHub's words when GitHub refuses", () => {
    sandbox.write("refusal", "HTTP 403: Resource not accessible by integration\n");
    const { status, stderr } = sandbox.step("comment", ["staging"], env);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `gh api GET ${list}?per_page=100&page=1 failed:\nHTTP 403: Resource not accessible by integration\n\n`,
    );
  });

  it("fails without the number of a pull request", () => {
    const { status, stderr } = sandbox.step("comment", ["staging"], GITHUB);
    expect(status).toBe(1);
    expect(stderr).toBe("PULL_REQUEST is not set: it is the number of the pull request.\n");
  });
});

describe("the issue about drift", () => {
  const list = "repos/telemedicina/infrastructure/issues?state=open&per_page=100&page=1";
  const issue = { number: 12, user: { type: "Bot" }, title: "staging differs from main" };

  function planned(state: string): void {
    sandbox.write("cdktf.out/plans/staging.json", JSON.stringify([{ name: "staging-network", state }]));
    sandbox.write("cdktf.out/plans/staging.md", "the report\n");
  }

  const body =
    "Either somebody changed this environment outside Terraform, or `main` holds something that was not applied.\n\n" +
    "To bring the environment back to `main`, run the workflow `apply`. To keep what was changed by hand, put it into the code first. This issue closes itself when the two agree.\n\n" +
    "the report\n";

  it.each(["changed", "waiting"])("is opened when a stack is %s", (state) => {
    planned(state);
    pages([{ ...issue, title: "production differs from main" }]);

    const { status, stdout } = sandbox.step("drift", ["staging"], GITHUB);

    expect(status).toBe(0);
    expect(stdout).toBe("::warning::staging differs from main: https://example.test/1\n");
    expect(calls()).toEqual([
      { method: "GET", path: list },
      {
        method: "POST",
        path: "repos/telemedicina/infrastructure/issues",
        body: { title: issue.title, body },
      },
    ]);
  });

  it("is brought up to date while it is open", () => {
    planned("changed");
    pages([issue]);
    sandbox.step("drift", ["staging"], GITHUB);
    expect(calls()[1]).toEqual({
      method: "PATCH",
      path: "repos/telemedicina/infrastructure/issues/12",
      body: { body },
    });
  });

  it("is closed when the environment is as main describes it", () => {
    planned("unchanged");
    pages([issue]);
    const { stdout } = sandbox.step("drift", ["staging"], GITHUB);
    expect(stdout).toBe("staging is as main describes it again: closed issue 12.\n");
    expect(calls()[1]).toEqual({
      method: "PATCH",
      path: "repos/telemedicina/infrastructure/issues/12",
      body: { state: "closed", state_reason: "completed" },
    });
  });

  it("is not opened without a difference", () => {
    planned("unchanged");
    pages([]);
    const { stdout } = sandbox.step("drift", ["staging"], GITHUB);
    expect(stdout).toBe("staging is as main describes it.\n");
    expect(calls()).toHaveLength(1);
  });
});

describe("environments", () => {
  const bootstrap = {
    terraform: { backend: { s3: {} } },
    provider: {
      aws: [
        { alias: "dr", region: "us-east-1", allowed_account_ids: ["222222222222"] },
        { region: "sa-east-1", allowed_account_ids: ["222222222222"] },
      ],
    },
    resource: { aws_iam_role: { plan: { name: "terraform-plan" }, apply: { name: "terraform-apply" } } },
    output: {
      plan_role_arn: { value: "${aws_iam_role.plan.arn}" },
      apply_role_arn: { value: "${aws_iam_role.apply.arn}" },
    },
  };

  it("finds region and roles in what bootstrap makes", () => {
    sandbox.stacks("apps/bootstrap/cdktf.out", { "staging-bootstrap": { document: bootstrap } });

    const { status, outputs } = sandbox.step("environments", []);

    expect(status).toBe(0);
    const accounts = {
      staging: {
        region: "sa-east-1",
        plan_role: "arn:aws:iam::222222222222:role/terraform-plan",
        apply_role: "arn:aws:iam::222222222222:role/terraform-apply",
      },
    };
    expect(outputs).toBe(`names=["staging"]\naccounts=${JSON.stringify(accounts)}\nhcp=[]\n`);
  });

  it("names apart what HCP Terraform runs", () => {
    const inHcp = { document: { ...bootstrap, terraform: { cloud: {} } } };
    sandbox.stacks("apps/bootstrap/cdktf.out", {
      "staging-bootstrap": inHcp,
      "staging-workspaces": inHcp,
      "production-bootstrap": { document: bootstrap },
    });

    const { status, outputs } = sandbox.step("environments", []);

    expect(status).toBe(0);
    expect(outputs).toContain('names=["production"]\n');
    expect(outputs).toContain('hcp=["staging"]\n');
  });

  it("leaves out an environment with its state in local files, and says so", () => {
    sandbox.stacks("apps/bootstrap/cdktf.out", {
      "staging-bootstrap": { document: { ...bootstrap, terraform: { backend: { local: {} } } } },
    });

    const { status, stdout, outputs } = sandbox.step("environments", []);

    expect(status).toBe(0);
    expect(outputs).toBe("names=[]\naccounts={}\nhcp=[]\n");
    expect(stdout).toBe(
      "::warning::staging keeps its state in local files, so these workflows leave it to whoever has them.\n",
    );
  });

  it("fails when the output is not one of the stack's roles", () => {
    const output = { ...bootstrap.output, plan_role_arn: { value: "arn:aws:iam::1:role/x" } };
    sandbox.stacks("apps/bootstrap/cdktf.out", {
      "staging-bootstrap": { document: { ...bootstrap, output } },
    });

    const { status, stderr } = sandbox.step("environments", []);

    expect(status).toBe(1);
    expect(stderr).toBe(
      'staging-bootstrap: the output plan_role_arn is "arn:aws:iam::1:role/x", not the ARN of one of its roles (apps/bootstrap).\n',
    );
  });
});
