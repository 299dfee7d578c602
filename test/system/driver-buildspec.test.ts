import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driverBuildspec } from "@telemedicina/pipeline";
import { execa, execaSync } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const programs = ["bash", "python3", "unzip", "zip"];
const missing = programs.filter((name) => execaSync("which", [name], { reject: false }).exitCode !== 0);
if (missing.length > 0) {
  const reason = `driver's buildspec: not found: ${missing.join(", ")}`;
  if (process.env["REQUIRE_COMPONENTS"] === "1") throw new Error(reason);
  process.stderr.write(`SKIPPED ${reason}\n`);
}

/** With what makes trouble in YAML, in a shell and in Terraform. */
const text = String.raw`it's ${"$"}{HOME} %{x} "quoted" \ $(date) #`;
const program = `#!/usr/bin/env python3
import json, sys

text = ${JSON.stringify(text)}


print(json.dumps([sys.argv[1:], text, json.load(open(sys.argv[3]))]))
`;

interface Buildspec {
  readonly version: number;
  readonly env: { readonly shell: string };
  readonly phases: { readonly build: { readonly commands: readonly string[] } };
}

describe.skipIf(missing.length > 0)("the driver's buildspec, run as CodeBuild runs it", () => {
  const home = mkdtempSync(join(tmpdir(), "driver-buildspec-"));
  const source = join(home, "source");
  mkdirSync(join(source, "public"), { recursive: true });
  writeFileSync(join(source, "appspec.yml"), "version: 0.0\n");
  writeFileSync(join(source, ".hidden"), "seen\n");
  symlinkSync("../appspec.yml", join(source, "public/link"));
  // An AWS that notes what it is asked for, and keeps the object with what is said of it. Each time it is another version.
  const aws = `#!/bin/bash
echo "$*" >>'${home}/calls'
cd '${home}'
case $2 in
  head-object) [[ -e kept ]] && cat kept || { echo 'An error occurred (404)' >&2; exit 254; } ;;
  put-object)
    cp "$8" release.zip
    version=v$(grep --count put-object calls)
    printf '%s\\t%s\\n' "\${10#artifact=}" "$version" >kept
    echo "$version" ;;
esac
`;
  writeFileSync(join(home, "aws"), aws, { mode: 0o755 });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const spec = parse(driverBuildspec(program)) as Buildspec;

  async function run(environment: Readonly<Record<string, string>>) {
    return execa("bash", ["-e", "-c", spec.phases.build.commands.join("\n")], {
      cwd: source,
      reject: false,
      // A pipe of Node.js is a socket, and bash reads ~/.bashrc when it takes one for a remote shell.
      stdin: "ignore",
      env: {
        PATH: `${home}:${process.env["PATH"]}`,
        TMPDIR: home,
        DEPLOYMENTS_BUCKET: "deployments",
        CODEBUILD_SOURCE_VERSION: "arn:aws:s3:::deployments/pipeline/build/OGgJCVJ",
        ...environment,
      },
    });
  }

  it("is a buildspec for bash", () => {
    expect(spec.version).toBe(0.2);
    expect(spec.env.shell).toBe("bash");
  });

  it("CICD-07: puts the release into the bucket and tells the program where", async () => {
    const settings = { region: "sa-east-1", steps: [10, 100] };
    const { exitCode, stdout, stderr } = await run({
      BLUE_GREEN_SETTINGS: JSON.stringify(settings),
      RELEASES_PREFIX: "releases/",
      RELEASE_COMMIT: "0a1b2c",
    });
    expect(exitCode, stderr).toBe(0);
    const calls = readFileSync(join(home, "calls"), "utf8");
    expect(calls).toMatch(
      /^s3api put-object --bucket deployments --key releases\/0a1b2c\.zip --body \S+\/release\.zip /m,
    );
    const where = ["--bucket", "deployments", "--key", "releases/0a1b2c.zip", "--version", "v1"];
    expect(JSON.parse(stdout)).toEqual([
      ["deploy", "--settings", expect.stringMatching(/settings\.json$/), ...where],
      text,
      settings,
    ]);
    const { stdout: listed } = await execa("unzip", ["-Z", join(home, "release.zip")]);
    for (const entry of [/ appspec\.yml$/m, / \.hidden$/m, /^l.* public\/link$/m])
      expect(listed).toMatch(entry);
  });

  it("CICD-06: names the version before when the pipeline puts an artifact back, and a new one for another of the same commit", async () => {
    const version = async (artifact: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await run({
        BLUE_GREEN_SETTINGS: "{}",
        RELEASES_PREFIX: "releases/",
        RELEASE_COMMIT: "0a1b2c",
        CODEBUILD_SOURCE_VERSION: `arn:aws:s3:::deployments/pipeline/build/${artifact}`,
      });
      expect(exitCode, stderr).toBe(0);
      return String((JSON.parse(stdout) as [string[]])[0].at(-1));
    };
    rmSync(join(home, "calls"), { force: true });
    rmSync(join(home, "kept"), { force: true });
    expect(await version("first")).toBe("v1");
    expect(await version("first")).toBe("v1");
    expect(await version("second")).toBe("v2");
    expect(readFileSync(join(home, "calls"), "utf8").match(/put-object/g)).toHaveLength(2);
  });

  it("fails without the settings, before anything is uploaded", async () => {
    rmSync(join(home, "calls"), { force: true });
    const { exitCode, stderr } = await run({ RELEASES_PREFIX: "releases/", RELEASE_COMMIT: "0a1b2c" });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("BLUE_GREEN_SETTINGS: what the program reads");
    expect(() => readFileSync(join(home, "calls"))).toThrow();
  });
});
