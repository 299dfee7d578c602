import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rendered } from "./support.js";

interface Phase {
  readonly "runtime-versions"?: Readonly<Record<string, unknown>>;
  readonly commands?: readonly string[];
}

interface Buildspec {
  readonly version: number;
  readonly phases: Readonly<Record<string, Phase>>;
  readonly artifacts: Readonly<Record<string, unknown>>;
  readonly cache: { readonly paths: readonly string[] };
}

const buildspec = parse(rendered("buildspec.yml")) as Buildspec;
const commands = ["pre_build", "build", "post_build"].flatMap(
  (name) => buildspec.phases[name]?.commands ?? [],
);

function place(command: string): number {
  const found = commands.findIndex((each) => each.startsWith(command));
  expect(found, command).toBeGreaterThanOrEqual(0);
  return found;
}

describe("buildspec.yml", () => {
  it("BLD-01: is of version 0.2, with the phases pre_build, build and post_build", () => {
    expect(buildspec.version).toBe(0.2);
    expect(Object.keys(buildspec.phases)).toEqual(["install", "pre_build", "build", "post_build"]);
    for (const command of commands) expect(typeof command).toBe("string");
  });

  it("BLD-02: chooses PHP and Node 20 by CodeBuild's own runtimes", () => {
    expect(buildspec.phases["install"]).toEqual({ "runtime-versions": { php: "8.3", nodejs: 20 } });
    expect(rendered("buildspec.yml", { phpVersion: "8.4", nodeVersion: 22 })).toContain(
      'php: "8.4"\n      nodejs: 22',
    );
    expect(rendered("buildspec.yml")).not.toMatch(/apt-get|curl/);
  });

  it("BLD-03, T-28: installs, tests, builds and packages in this order, and keeps both caches", () => {
    const order = [
      "composer install",
      "npm ci",
      "php artisan test",
      "npm run build",
      "bash scripts/package.sh",
    ];
    expect(order.map(place)).toEqual(order.map(place).sort((a, b) => a - b));
    expect(buildspec.cache.paths).toEqual(["/root/.composer/cache/**/*", "/root/.npm/**/*"]);
  });

  it("CDN-17: uploads new files last, and leaves what keeps its name to the step after the deployment", () => {
    const ofBucket = (all: readonly string[]) => all.filter((command) => command.includes("assets.sh"));
    expect(ofBucket(commands)).toEqual([
      'test -z "${ASSETS_BUCKET:-}" || bash scripts/assets.sh upload-new dist/release',
    ]);
    expect(commands.at(-1)).toContain("upload-new");
    const after = parse(rendered("buildspec-after-deployment.yml")) as Buildspec;
    expect(ofBucket(after.phases["build"]?.commands ?? [])).toEqual([
      'test -z "${ASSETS_BUCKET:-}" || bash scripts/assets.sh upload-kept',
      "bash scripts/assets.sh invalidate",
    ]);
  });

  it("T-29: tries the caches, leaves none of the build's own environment behind, and asks no Redis for it", () => {
    for (const cache of ["config", "event", "route", "view"]) {
      expect(place(`php artisan ${cache}:cache`)).toBeLessThan(place(`php artisan ${cache}:clear`));
    }
    expect(commands.join("\n")).not.toMatch(/cache:clear|optimize:clear/);
  });

  it("BLD-05: names the artifact deployment-artifact, with appspec.yml at its root", () => {
    expect(buildspec.artifacts).toEqual({
      name: "deployment-artifact",
      "base-directory": "dist/release",
      files: ["**/*"],
    });
  });

  it("ENV-03: checks style, lints and runs the tests", () => {
    for (const command of [
      "vendor/bin/pint --test",
      "npm run lint --if-present",
      "npm run format:check --if-present",
      "php artisan test",
    ])
      place(command);
  });
});

describe("build.bat", () => {
  const bat = rendered("scripts/build.bat");

  it("SCR-06: does on Windows what build.sh does, up to the archive, and ends at the first failure", () => {
    const lines = bat.split("\r\n").filter((line) => line.startsWith("call "));
    expect(lines.slice(0, 2)).toEqual([
      "call composer install --no-interaction --no-progress --prefer-dist --ignore-platform-req=ext-redis || exit /b 1",
      "call npm ci || exit /b 1",
    ]);
    expect(lines).toContain("call php artisan test || exit /b 1");
    expect(lines).toContain("call npm run build || exit /b 1");
    for (const line of lines) expect(line).toMatch(/ \|\| exit \/b 1$/);
    expect(bat).not.toContain("bash ");
  });

  it("has the line ends of Windows", () => {
    expect(bat.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});
