import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blueGreenProgram } from "@telemedicina/compute";
import { describe, expect, it } from "vitest";
import { runbookPage } from "../../src/docs/runbooks.js";
import { projectRoot } from "../../src/project.js";
import { program, scratch, write } from "../scratch.js";
import {
  blocks,
  delivering,
  environment,
  namesOf,
  onFile,
  runbook,
  section,
  shiftingProject,
} from "./runbooks-support.js";

const production = environment("production");
const staging = environment("staging");

/** Every environment, and every way to deliver that none of them takes. */
const runbooks = [
  ...onFile.map((config) => runbook(config.name, config)),
  runbook(
    "production by GitHub Actions",
    delivering(production, { trigger: "githubActions", approval: false }),
  ),
  runbook("staging, host by host", delivering(staging, { strategy: { kind: "rolling" } })),
];

describe.each(runbooks)("docs/runbooks of $what", ({ config, page, stacks }) => {
  const real = (area: string, type: string, attribute = "name") =>
    (stacks.get(area)?.all(type) ?? []).map(({ attributes }) => String(attributes[attribute]));

  const printed = (pattern: RegExp) =>
    [...new Set([...page.matchAll(pattern)].flatMap(([, names = ""]) => names.split(" ")))].sort();

  it("CICD-09: prints only names that the stacks have", () => {
    const known = new Set([...stacks.values()].flatMap(namesOf));
    const found = printed(/(telemedicina-(?:prod|stg|dev)-[a-z0-9-]+)/g);
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ["pipeline", /codepipeline [a-z-]+ (?:--pipeline-name|--name) (\S+)/g, "aws_codepipeline.name"],
    ["application", /--application-name (\S+)/g, "aws_codedeploy_app.name"],
    [
      "deployment groups",
      /--deployment-group-name (\S+)/g,
      "aws_codedeploy_deployment_group.deployment_group_name",
    ],
    ["rules of messages", /`(\S+-event-rule-\S+)`/g, "aws_cloudwatch_event_rule.name"],
  ])("CICD-09: names the %s of the delivery, all of them and no others", (_, pattern, source) => {
    const [type = "", attribute] = source.split(".");
    expect(printed(pattern)).toEqual(real("delivery", type, attribute).sort());
  });

  it.each([
    ["groups of hosts", /--auto-scaling-group-names (.+) \\$/gm, "aws_autoscaling_group.name", /./],
    [
      "alarms of the load balancer",
      /--alarm-names (.+) \\$/gm,
      "aws_cloudwatch_metric_alarm.alarm_name",
      /-(target-5xx|unhealthy-hosts)-/,
    ],
    ["logs", /aws logs tail (\S+) --follow`/g, "aws_cloudwatch_log_group.name", /-app-/],
  ])("CICD-09: names the %s of the hosts, all of them and no others", (_, pattern, source, meant) => {
    const [type = "", attribute] = source.split(".");
    const names = real("app", type, attribute).filter((name) => meant.test(name));
    expect(names.length).toBeGreaterThan(0);
    expect(printed(pattern)).toEqual(names.sort());
  });

  it("RB-01: deploys, verifies, watches for 30 minutes, and says when to go back", () => {
    const deploy = section(page, "Deploy");
    const { repository, branch, approval, trigger } = config.pipeline;
    expect(deploy).toContain(`Push to \`${branch}\``);
    expect(deploy).toContain(
      trigger === "codePipeline"
        ? "aws codepipeline start-pipeline-execution --name"
        : `gh workflow run deploy.yml --repo ${repository?.owner}/${repository?.repository} --ref ${branch}`,
    );
    expect(deploy.includes("put-approval-result")).toBe(approval);
    expect(deploy).toContain(`https://${config.domain}/health\n`);
    expect(deploy).toContain("more than 10 answers of 5XX a minute");
  });

  it("CICD-10: has a smoke test, half an hour of watching, and what the message of success means", () => {
    expect(page).toContain("Smoke test, as a patient and as a doctor");
    expect(section(page, "Deploy")).toMatch(/For 30 minutes[\s\S]*describe-alarms[\s\S]*TargetResponseTime/);
    const succeeded = real("delivery", "aws_cloudwatch_event_rule").filter((name) =>
      name.includes("pipeline-succeeded"),
    );
    expect(succeeded.filter((name) => !page.includes(name))).toEqual([]);
    expect(succeeded).toHaveLength(config.pipeline.trigger === "codePipeline" ? 1 : 0);
  });

  it("RB-02, T-30g: goes back by deploying the last good release, and never only stops", () => {
    const back = section(page, "Roll back");
    const stops = page.match(/aws deploy stop-deployment .*/g) ?? [];
    expect(stops.length).toBeGreaterThan(0);
    expect(stops.filter((line) => !line.includes("--auto-rollback-enabled"))).toEqual([]);
    expect(back).toContain("--include-only-statuses Succeeded");
    expect(back).toContain("**Migrations are not taken back**");
    expect(back.includes("blue-green.py back")).toBe(config.pipeline.strategy.kind === "blueGreen");
    for (const name of real("delivery", "aws_codedeploy_deployment_group", "deployment_group_name"))
      expect(back).toContain(name);
  });

  it("RB-02: lets nothing out during a rollback, and says how to let releases out again", () => {
    const back = section(page, "Roll back");
    const [shut, open] =
      config.pipeline.trigger === "codePipeline"
        ? ["disable-stage-transition", "enable-stage-transition"]
        : ["gh workflow disable", "gh workflow enable"];
    expect(back.indexOf(shut)).toBeGreaterThan(0);
    // Disabling a workflow ends none of its runs.
    expect(back.includes("gh run cancel")).toBe(config.pipeline.trigger === "githubActions");
    expect(back.indexOf(open)).toBeGreaterThan(back.indexOf(shut));
  });

  it("SCR-07: builds, uploads and deploys by hand, as a zip", () => {
    const byHand = section(page, "Deploy by hand");
    const isTwice = config.pipeline.strategy.kind === "blueGreen";
    expect(byHand).toMatch(
      new RegExp(
        `scripts/build.sh\\n[\\s\\S]*${isTwice ? "s3api put-object" : "s3 cp"}[\\s\\S]*create-deployment`,
      ),
    );
    const locations = byHand.match(/--s3-location .*/g) ?? [];
    expect(locations.length).toBeGreaterThan(0);
    expect(locations.filter((line) => !/key=releases\/\$commit\.zip,bundleType=zip"/.test(line))).toEqual([]);
    const inOrder = ["upload-new", "create-deployment", "`Succeeded`", "upload-kept", "assets.sh invalidate"];
    const places = inOrder.map((words) => byHand.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(real("data", "aws_ssm_parameter")).toContain(/CONTRACT_PARAMETER=(\S+)/.exec(byHand)?.[1]);
  });

  it("RB-05: opens a shell, reads logs, restarts, and finds out why a release hangs", () => {
    const hosts = section(page, "Hosts");
    for (const command of [
      "ssm start-session",
      "laravelctl status",
      "restart laravel-worker",
      "list-deployment-targets",
    ]) {
      expect(hosts).toContain(command);
    }
    const worker = config.compute.layout.kind === "together" ? "-asg-web-" : "-asg-workers-";
    expect(/Values=(\S+?)"/.exec(hosts)?.[1]).toContain(worker);
    const seconds = Number(/"executionTimeout":\["(\d+)"\]/.exec(hosts)?.[1]);
    expect(seconds).toBeGreaterThan(config.compute.workerStopSeconds);
  });

  it("RB-05: quotes messages as the rules send them", () => {
    const templates = (stacks.get("delivery")?.all("aws_cloudwatch_event_target") ?? []).map(
      ({ attributes }) => JSON.stringify(attributes["input_transformer"]),
    );
    const quoted = [...section(page, "Messages by e-mail").matchAll(/^\| “(.+?)” /gm)].map(
      ([, words = ""]) => words,
    );
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((words) => !templates.some((template) => template.includes(words)))).toEqual([]);
  });

  it("RB-05: says in its first lines where it works, and refuses another account", () => {
    const [first = ""] = page.split("\n");
    expect(first).toContain(config.accountId);
    expect(first).toContain(config.region);
    const [check = ""] = blocks(page);
    const say = (account: string) =>
      execFileSync("bash", ["-c", `aws() { echo ${account}; }\n${check}echo "in $AWS_REGION"`], {
        encoding: "utf8",
      });
    expect(say(config.accountId)).toBe(`right account\nin ${config.region}\n`);
    expect(say("999999999999")).toContain("WRONG ACCOUNT");
  });

  it("RB-05: holds commands that a shell can read, and none with a hole in it", () => {
    const found = blocks(page);
    expect(found.length).toBeGreaterThan(20);
    for (const block of found) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: block, encoding: "utf8" });
      expect([status, stderr, block]).toEqual([0, "", block]);
    }
    expect(page).not.toMatch(/undefined|\[object|\$\{(?:aws_|Token)/);
  });
});

describe("docs/runbooks", () => {
  it("RB-02: gets the program that shifts, and its settings, out of the project that runs it", () => {
    const { page, stacks } = runbook("staging", staging);
    const fetch = blocks(page).find((block) => block.includes("BLUE_GREEN_SETTINGS")) ?? "";
    const { buildspec, settings } = shiftingProject(stacks);
    const home = scratch();
    write(join(home, "buildspec"), buildspec);
    write(join(home, "settings"), settings);
    program(
      join(home, "bin/aws"),
      'case "$*" in *BLUE_GREEN*) cat "$HOME/settings" ;; *buildspec*) cat "$HOME/buildspec" ;; *) exit 9 ;; esac',
    );
    const done = spawnSync("bash", ["-c", fetch], {
      env: { HOME: home, PATH: `${join(home, "bin")}:${process.env["PATH"]}` },
      encoding: "utf8",
    });

    const read = (file: string) => readFileSync(join(home, "blue-green", file), "utf8");
    expect(read("blue-green.py").trimEnd()).toBe(blueGreenProgram().trimEnd());
    expect(read("settings.json").trimEnd()).toBe(settings);
    // It has taken its settings and asked AWS, which is none here.
    expect(done.stderr).toMatch(/^aws elbv2 describe-(rules|listeners) failed/);
  });

  it("CICD-09: are current on disk", () => {
    for (const { page, config } of runbooks.slice(0, onFile.length)) {
      const file = join(projectRoot(), runbookPage(config.name));
      expect(existsSync(file) && readFileSync(file, "utf8")).toBe(page);
    }
  });

  it("says so where nothing is delivered", () => {
    const { repository: _, ...pipeline } = production.pipeline;
    const { page } = runbook("production", { ...production, pipeline });
    expect(page).toContain("No release is delivered here");
    expect(page).not.toContain("create-deployment");
  });
});
