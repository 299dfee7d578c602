import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GitHubDeployment } from "@telemedicina/bundle";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../src/project.js";
import { Repository } from "./bundle-repository.js";
import { findPrograms } from "./host-programs-support.js";

const programs = findPrograms("bundle workflow", { bash: "bash", unzip: "unzip", zip: "zip" }, "unzip zip");

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

const SHA = "0123456789abcdef0123456789abcdef01234567";
const gitHubDeployment: GitHubDeployment = {
  application: "acme",
  group: "production",
  assetsBucket: "acme-assets",
  deploymentsBucket: "acme-deployments",
  distributionId: "E1A2B3C4D5E6F7",
  region: "sa-east-1",
  roleArn: "arn:aws:iam::111111111111:role/acme-prod-role-github-deploy",
  vite: {
    VITE_REVERB_APP_KEY: "key",
    VITE_REVERB_HOST: "example.com",
    VITE_REVERB_PORT: "443",
    VITE_REVERB_SCHEME: "https",
  },
};
/** For a deployment by hand. */
const target: Readonly<Record<string, string>> = {
  CODEDEPLOY_APPLICATION: "acme",
  CODEDEPLOY_GROUP: "production",
  DEPLOYMENTS_BUCKET: "acme-deployments",
  RELEASE_COMMIT: SHA,
};

/** What browsers load from. */
/** What the bucket has of the release before, whose files have the same names. */
const KEPT_NAMES = "assets/logo.svg\nassets/deep/photo.jpg\nbuild/fonts.css\nbuild/manifest.json\n";

const bucket = { ASSETS_BUCKET: "acme-assets", DISTRIBUTION_ID: "E1A2B3C4D5E6F7" };

/** Notes each call, with the file it uploads where that matters; deployments go through the states of a file. */
const AWS = `echo "aws $*" >>"$NOTES/calls"
[[ -e $NOTES/fails && "$*" == *"$(<"$NOTES/fails")"* ]] && { echo "refused" >&2; exit 254; }
if [[ $1 == s3 && $3 != *.zip && $* != *--recursive* && ! -e $3 ]]; then echo "no file $3" >&2; exit 1; fi
case "$1 $2" in
  "deploy create-deployment")
    if [[ -s $NOTES/busy ]]; then
      [[ $(<"$NOTES/busy") == forever ]] || sed -i 1d "$NOTES/busy"
      echo "An error occurred (DeploymentLimitExceededException) when calling the CreateDeployment operation: The Deployment Group 'production' already has an active Deployment 'd-OTHER'" >&2
      exit 254
    fi
    echo d-ABC123
    ;;
  "deploy get-deployment")
    if [[ $* == *errorInformation* ]]; then echo "HEALTH_CONSTRAINTS	Too many hosts failed	None"; else
      head -n 1 "$NOTES/states"
      [[ $(wc -l <"$NOTES/states") -gt 1 ]] && sed -i 1d "$NOTES/states"
    fi
    ;;
  "cloudfront create-invalidation") echo I123 ;;
  "s3api list-objects-v2") grep "^$6" "$NOTES/names" 2>/dev/null || echo None ;;
esac
exit 0`;

describe.skipIf(programs === undefined)("the workflow and its scripts", () => {
  let repository: Repository;

  beforeEach(() => {
    repository = new Repository();
    write(gitHubDeployment);
    repository.program("aws", AWS);
    repository.note("states", "Created\nInProgress\nSucceeded\n");
  });
  afterEach(() => repository.dispose());

  const run = (command: string, env: Readonly<Record<string, string>>) => repository.run(command, env);
  const calls = () => repository.calls();

  function write(deployment: GitHubDeployment): void {
    repository.bundle({ gitHubDeployment: deployment });
    setting("DEPLOYMENT_PAUSE_SECONDS=0.1");
  }

  /** A line that comes after those of settings.sh: a waiting time of a test. */
  function setting(line: string): void {
    repository.put("scripts/settings.sh", `${repository.read("scripts/settings.sh")}${line}\n`);
  }

  /** What the build job has left, and what its artifact holds. */
  function built(folder: string): void {
    for (const [path, text] of Object.entries({
      "appspec.yml": "version: 0.0\n",
      "public/build/manifest.json": "{}",
      "public/build/assets/app-4f2a.js": "js",
      "public/build/fonts.css": "css",
      "public/assets/logo.svg": "svg",
      "public/assets/deep/photo.jpg": "jpg",
      "public/favicon.ico": "icon",
      "public/robots.txt": "robots",
      "public/index.php": "<?php",
      "public/maintenance.html": "<p>",
    }))
      repository.put(`${folder}/${path}`, text);
  }

  /** The deploy job's own steps in order, in its environment, up to the first that fails. */
  async function deployJob(): Promise<string> {
    built("made");
    mkdirSync(repository.at("dist"));
    await execa("zip", ["-qr", "../dist/deployment-artifact.zip", "."], { cwd: repository.at("made") });
    const { jobs } = parse(repository.read(".github/workflows/deploy.yml")) as {
      jobs: Readonly<Record<string, Job>>;
    };
    const fill = (text: string) => text.replaceAll("${{ github.sha }}", SHA);
    const env = Object.fromEntries(
      Object.entries(jobs["deploy"]?.env ?? {}).map(([name, value]) => [name, fill(value)]),
    );
    for (const { run: command } of jobs["deploy"]?.steps ?? []) {
      if (command === undefined) continue;
      const { exitCode, output } = await run(`set -eo pipefail; ${fill(command)}`, env);
      if (exitCode !== 0) return `${command}: ${output}`;
    }
    return "done";
  }

  const hashed =
    "aws s3 cp build/assets s3://acme-assets/build/assets --recursive --only-show-errors --cache-control public, max-age=31536000, immutable";
  const short = (path: string) =>
    `aws s3 cp ${path} s3://acme-assets/${path} --only-show-errors --cache-control public, max-age=300`;
  const names = ["assets/", "build/"].map(
    (folder) =>
      `aws s3api list-objects-v2 --bucket acme-assets --prefix ${folder} --query Contents[?!starts_with(Key, 'build/assets/')].[Key] --output text`,
  );

  const kept = [
    "build/fonts.css",
    "build/manifest.json",
    "assets/deep/photo.jpg",
    "assets/logo.svg",
    "favicon.ico",
    "robots.txt",
  ].map(short);
  const invalidation =
    "aws cloudfront create-invalidation --distribution-id E1A2B3C4D5E6F7 --paths /assets/* /build/fonts.css /build/manifest.json /favicon.ico /robots.txt --query Invalidation.Id --output text";

  it("GHA-01: actionlint accepts it, every action is pinned, every step is one command that exists", () => {
    repository.put("package.json", JSON.stringify({ scripts: { build: "", lint: "", "format:check": "" } }));
    mkdirSync(repository.at(".github/actions"));
    const { status, stdout } = spawnSync(
      "node",
      [join(root, "scripts/lint-workflows.mjs"), repository.directory],
      {
        encoding: "utf8",
      },
    );
    expect(stdout).toBe("1 workflows and 0 actions are sound.\n");
    expect(status).toBe(0);
  });

  it("CDN-17: names that the bucket has not got go first, so that no page asks for what is not there", async () => {
    built("dist/release");
    repository.note(
      "names",
      "assets/logo.svg\nassets/deep/photo.jpg.old\nassets/deep/photoXjpg\nbuild/manifest.json\n",
    );
    const { exitCode, output } = await run("bash scripts/assets.sh upload-new dist/release", bucket);
    expect([exitCode, output]).toEqual([0, ""]);
    expect(calls()).toEqual([hashed, ...names, short("build/fonts.css"), short("assets/deep/photo.jpg")]);
  });

  it("GHA-01, CDN-16, CDN-17: new files first, then the archive, then the deployment until its end, then what keeps its name", async () => {
    repository.note("names", KEPT_NAMES);
    expect(await deployJob()).toBe("done");
    expect(calls()).toEqual([
      hashed,
      ...names,
      `aws s3 cp ${SHA}.zip s3://acme-deployments/releases/${SHA}.zip --only-show-errors`,
      `aws deploy create-deployment --application-name acme --deployment-group-name production --description ${SHA} --s3-location bucket=acme-deployments,key=releases/${SHA}.zip,bundleType=zip --query deploymentId --output text`,
      ...Array(3).fill(
        "aws deploy get-deployment --deployment-id d-ABC123 --query deploymentInfo.status --output text",
      ),
      ...kept,
      invalidation,
    ]);
  });

  it("touches nothing of maintenance.html, and takes nothing away", async () => {
    await deployJob();
    expect(calls().join("\n")).not.toMatch(/maintenance|delete|sync|s3 rm| \/\* /);
  });

  it("GHA-01: fails with CodeDeploy's own words when the deployment fails, and leaves what keeps its name as it was", async () => {
    repository.note("names", KEPT_NAMES);
    repository.note("states", "InProgress\nFailed\n");
    const said = await deployJob();
    expect(said).toMatch(/^bash scripts\/deploy\.sh wait: /);
    expect(said).toContain("Too many hosts failed");
    expect(said).toContain("deploy.sh: d-ABC123: Failed");
    const inBucket = calls().filter((call) => /acme-assets|cloudfront/.test(call));
    expect(inBucket).toEqual([hashed, ...names]);
  });

  it.each([
    ["s3 cp", "bash scripts/assets.sh upload-new dist/release"],
    ["acme-deployments", 'bash scripts/deploy.sh upload "$ARCHIVE"'],
    ["create-deployment", "bash scripts/deploy.sh create"],
    ["get-deployment", "bash scripts/deploy.sh wait"],
    ["list-objects", "bash scripts/assets.sh upload-new dist/release"],
    ["robots.txt", "bash scripts/assets.sh upload-kept dist/release"],
    ["create-invalidation", "bash scripts/assets.sh invalidate dist/release"],
  ])("ends with the step whose aws %s is refused", async (refused, step) => {
    repository.note("fails", refused);
    expect(await deployJob()).toMatch(new RegExp(`^${step.replaceAll(/[.$]/g, "\\$&")}: `));
  });

  it("SCR-07: fails before it uploads when nobody says where to, naming all that is missing", async () => {
    expect(await run("bash scripts/deploy.sh", { CODEDEPLOY_GROUP: "production" })).toEqual({
      exitCode: 2,
      output:
        "deploy.sh: no value for CODEDEPLOY_APPLICATION DEPLOYMENTS_BUCKET. The outputs of the environment's delivery stack have them.",
    });
    expect(calls()).toEqual([]);
  });

  it("needs no distribution: an environment without a CDN has nothing to invalidate", async () => {
    const { distributionId, ...rest } = gitHubDeployment;
    write(rest);
    expect(await deployJob()).toBe("done");
    expect(calls().filter((call) => call.includes(distributionId ?? "cloudfront"))).toEqual([]);
  });

  it("SCR-07: by hand, deploy.sh alone uploads, deploys as zip and waits", async () => {
    repository.put("dist/deployment-artifact.zip", "zip");
    const { exitCode, output } = await run("bash scripts/deploy.sh", target);
    expect(output).toBe(`deploy.sh: d-ABC123 of ${SHA}\ndeploy.sh: d-ABC123 succeeded`);
    expect(exitCode).toBe(0);
    expect(calls().map((call) => call.split(" ").slice(1, 3).join(" "))).toEqual([
      "s3 cp",
      "deploy create-deployment",
      ...Array(3).fill("deploy get-deployment"),
    ]);
    expect(calls()[1]).toContain("bundleType=zip");
  });

  it("waits for its turn while the group is busy, such as with a host that scaling has started", async () => {
    repository.note("busy", "once\ntwice\n");
    const { exitCode, output } = await run("bash scripts/deploy.sh create", target);
    expect([exitCode, output.match(/production is busy with another deployment/g)?.length]).toEqual([0, 2]);
    expect(output).toContain(`deploy.sh: d-ABC123 of ${SHA}`);
    expect(repository.read("dist/deployment-id")).toMatch(/^d-ABC123 (3000|29\d\d)\n$/);
    expect((await run("bash scripts/deploy.sh wait", target)).output).toBe("deploy.sh: d-ABC123 succeeded");
  });

  it("does not wait for its turn for ever, and ends with CodeDeploy's own words", async () => {
    setting("DEPLOYMENT_BUSY_SECONDS=1");
    repository.note("busy", "forever");
    const { exitCode, output } = await run("bash scripts/deploy.sh create", target);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/already has an active Deployment 'd-OTHER'$/);
  });

  it("SCR-07: deploys nothing that was not built", async () => {
    expect(await run("bash scripts/deploy.sh", target)).toEqual({
      exitCode: 1,
      output: "deploy.sh: dist/deployment-artifact.zip is not there. Run scripts/build.sh first.",
    });
    expect(calls()).toEqual([]);
  });

  it("gives up on a deployment that does not end, and says that it goes on", async () => {
    repository.put("dist/deployment-id", "d-ABC123\n");
    setting("DEPLOYMENT_SECONDS=1");
    repository.note("states", "InProgress\n");
    const { exitCode, output } = await run("bash scripts/deploy.sh wait", target);
    expect(exitCode).toBe(1);
    expect(output).toContain("d-ABC123 is InProgress after 1 s and goes on without this.");
  });

  /** The pipeline's step after a deployment, whose source is the release. */
  async function afterDeployment(env: Readonly<Record<string, string>>): Promise<void> {
    built(".");
    const { phases } = parse(repository.read("buildspec-after-deployment.yml")) as {
      phases: { build: { commands: readonly string[] } };
    };
    for (const command of phases.build.commands) {
      expect((await run(command, env)).exitCode).toBe(0);
    }
  }

  it("CDN-17: a step of the pipeline after the deployment puts out what keeps its name, then invalidates it, by the release itself", async () => {
    await afterDeployment(bucket);
    expect(calls()).toEqual([...kept, invalidation]);
  });

  it("CDN-17: that step has nothing to upload where there is no bucket", async () => {
    await afterDeployment({ DISTRIBUTION_ID: "E1A2B3C4D5E6F7" });
    expect(calls()).toEqual([invalidation]);
  });

  it.each(["upload-new", "upload-kept", "invalidate"])(
    "assets.sh %s fails in a checkout that nobody has built, and says what to do",
    async (action) => {
      repository.put("public/robots.txt", "robots");
      const { exitCode, output } = await run(`bash scripts/assets.sh ${action} .`, bucket);
      expect(exitCode).toBe(1);
      expect(output).toBe(
        "assets.sh: . is no built release: public/build/manifest.json is not there. Run scripts/build.sh first and name dist/release.",
      );
      expect(calls()).toEqual([]);
    },
  );

  it.each(["upload-kept", "invalidate"])(
    "assets.sh %s fails when not all files of the release can be found",
    async (action) => {
      built(".");
      repository.program(
        "find",
        '[[ $1 == assets ]] || exec /usr/bin/find "$@"\necho "find: no" >&2; exit 1',
      );
      const { exitCode, output } = await run(`bash scripts/assets.sh ${action}`, bucket);
      expect([exitCode, output]).toEqual([1, "find: no"]);
      expect(calls()).toEqual([]);
    },
  );

  it.each(["assets.sh", "deploy.sh"])("%s says how it is used", async (script) => {
    const { exitCode, output } = await run(`bash scripts/${script} nothing`, target);
    expect(exitCode).toBe(2);
    expect(output).toContain(`${script}: usage: ${script} `);
  });
});
