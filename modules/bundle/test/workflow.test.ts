import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { gitHubDeployment, rendered } from "./support.js";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly php: readonly string[] } };
  readonly steps: readonly Step[];
}

const FILE = ".github/workflows/deploy.yml";
const workflow = parse(rendered(FILE, { gitHubDeployment })) as {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<"test" | "build" | "deploy", Job>>;
};
const { test, build, deploy } = workflow.jobs;
const runs = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

describe("the workflow", () => {
  it("GHA-01: tests with PHP 8.2 and the build's own, and deploys what was tested", () => {
    expect(test.strategy?.matrix.php).toEqual(["8.2", "8.3"]);
    expect(runs(test)).toEqual(
      expect.arrayContaining([
        "composer install --no-interaction --no-progress --prefer-dist --ignore-platform-req=ext-redis",
        "php artisan test --coverage",
      ]),
    );
    expect([build.needs, deploy.needs]).toEqual(["test", "build"]);
  });

  it("GHA-01: enters the account by its token, with no key, from the environment that the role trusts", () => {
    expect(deploy.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(deploy.environment).toBe("production");
    expect(rendered(FILE, { gitHubDeployment, gitHubEnvironment: "staging" })).toContain(
      "    environment: staging\n",
    );
    const credentials = deploy.steps.find(({ uses }) =>
      uses?.startsWith("aws-actions/configure-aws-credentials@"),
    );
    expect(credentials?.with).toMatchObject({
      "role-to-assume": gitHubDeployment.roleArn,
      "aws-region": gitHubDeployment.region,
    });
    expect(rendered(FILE, { gitHubDeployment })).not.toMatch(/secrets\.|aws-access-key/);
  });

  it("T-30h: uploads the commit's archive before it is deployed, and waits for the end", () => {
    expect(deploy.env?.["ARCHIVE"]).toBe("${{ github.sha }}.zip");
    expect(runs(deploy)).toEqual([
      'mv dist/deployment-artifact.zip "$ARCHIVE"',
      "unzip -q \"$ARCHIVE\" 'public/*' -d dist/release",
      "bash scripts/assets.sh upload-new dist/release",
      'bash scripts/deploy.sh upload "$ARCHIVE"',
      "bash scripts/deploy.sh create",
      "bash scripts/deploy.sh wait",
      "bash scripts/assets.sh upload-kept dist/release",
      "bash scripts/assets.sh invalidate dist/release",
    ]);
  });

  it("no job that may enter the account runs code of npm or Composer", () => {
    const trusted = Object.values(workflow.jobs).filter((job) => job.permissions["id-token"] !== undefined);
    expect(trusted).toEqual([deploy]);
    expect(runs(deploy).join("\n")).not.toMatch(/npm|npx|composer|artisan|build\.sh/);
  });

  it("T-30i: deploys only where GitHub is what deploys, and never a pull request", () => {
    const { jobs } = parse(rendered(FILE)) as typeof workflow;
    expect(Object.keys(jobs)).toEqual(["test"]);
    expect(jobs.test).toEqual(test);
    const main = "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'";
    expect([build.if, deploy.if]).toEqual([main, main]);
    expect(workflow.permissions).toEqual({});
    expect(test.if).toBeUndefined();
  });

  it("T-30: installs and tests as CodeBuild does, whose PHP has no redis", () => {
    for (const job of [test, build]) {
      const php = job.steps.find(({ uses }) => uses?.startsWith("shivammathur/setup-php@"));
      expect(String(php?.with?.["extensions"]).split(", ")).toContain(":redis");
    }
    const installs = (text: string) => text.replaceAll("\\\n", " ").match(/composer install .*/g) ?? [];
    for (const path of ["buildspec.yml", "scripts/build.sh", "scripts/package.sh", FILE]) {
      const found = installs(rendered(path, { gitHubDeployment }));
      expect(found.length, path).toBeGreaterThan(0);
      expect(found.filter((line) => !line.includes("--ignore-platform-req=ext-redis"))).toEqual([]);
    }
  });

  it("T-30i: deploys the branch that is named, whatever branch a run by hand was started on", () => {
    const { jobs } = parse(rendered(FILE, { gitHubDeployment, branch: "release/1.x" })) as typeof workflow;
    for (const job of [jobs.build, jobs.deploy]) {
      expect(job.if).toBe("github.ref == 'refs/heads/release/1.x' && github.event_name != 'pull_request'");
    }
  });

  it("ENV-03: measures coverage, and fails below what is asked for", () => {
    expect(rendered(".github/workflows/deploy.yml", { minimumCoverage: 70 })).toContain(
      "- run: php artisan test --coverage --min=70\n",
    );
    const php = test.steps.find(({ uses }) => uses?.startsWith("shivammathur/setup-php@"));
    expect(php?.with?.["coverage"]).toBe("pcov");
  });

  it("tells the build what browsers must know", () => {
    expect(build.env).toEqual(gitHubDeployment.vite);
    expect(deploy.env).toMatchObject({ CODEDEPLOY_GROUP: "production", DISTRIBUTION_ID: "E1A2B3C4D5E6F7" });
  });
});
