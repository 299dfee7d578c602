import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { BundleProps } from "../src/index.js";
import { rendered } from "./support.js";

interface Appspec {
  readonly version: number;
  readonly os: string;
  readonly files: readonly unknown[];
  readonly file_exists_behavior: string;
  readonly permissions: readonly Readonly<Record<string, string>>[];
  readonly hooks: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

function appspec(props: BundleProps = {}): Appspec {
  return parse(rendered("appspec.yml", props)) as Appspec;
}

function timeouts(props: BundleProps = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(appspec(props).hooks).map(([event, [script]]) => [event, script?.["timeout"]]),
  );
}

describe("appspec.yml", () => {
  it("DEP-01, T-22: takes the whole release to the document root, over whatever is there", () => {
    expect(appspec()).toMatchObject({
      version: 0,
      os: "linux",
      files: [{ source: "/", destination: "/var/www/html" }],
      file_exists_behavior: "OVERWRITE",
    });
    // The agent takes 0.0 only, and YAML has it as a number.
    expect(rendered("appspec.yml")).toContain("\nversion: 0.0\n");
  });

  it("DEP-02, T-21: has one entry of permissions, so that none overlap; the code is root's", () => {
    expect(appspec().permissions).toEqual([
      { object: "/var/www/html", pattern: "**", owner: "root", group: "root", mode: "755" },
    ]);
  });

  it("DEP-03: runs each hook as root, with the document's timeouts", () => {
    expect(timeouts()).toEqual({
      ApplicationStop: 300,
      BeforeInstall: 300,
      AfterInstall: 600,
      ApplicationStart: 300,
      ValidateService: 300,
      AfterAllowTraffic: 300,
    });
    for (const [script] of Object.values(appspec().hooks)) expect(script?.["runas"]).toBe("root");
  });

  it("gives the hooks that wait for jobs what a longer job needs, and never more than CodeDeploy's hour", () => {
    expect(timeouts({ jobSeconds: 241 })).toMatchObject({
      ApplicationStop: 301,
      BeforeInstall: 301,
      AfterInstall: 600,
    });
    expect(timeouts({ jobSeconds: 3540 })).toMatchObject({ ApplicationStop: 3600, BeforeInstall: 3600 });
    expect(timeouts({ jobSeconds: 10 })).toMatchObject({ ApplicationStop: 300, BeforeInstall: 300 });
  });

  it("gives AfterInstall what migrations need, with the same time in the script, and never more than CodeDeploy's hour", () => {
    expect(timeouts({ migrationSeconds: 3480 })).toMatchObject({ AfterInstall: 3600, BeforeInstall: 300 });
    expect(rendered("scripts/settings.sh", { migrationSeconds: 3480 })).toContain(
      "\nMIGRATION_SECONDS='3480'\n",
    );
    expect(rendered("scripts/settings.sh")).toContain("\nMIGRATION_SECONDS='480'\n");
    expect(() => appspec({ migrationSeconds: 3481 })).toThrow(
      "migrationSeconds is 3481. Allowed: a whole number from 60 to 3480.",
    );
  });

  it("names scripts that the bundle has", () => {
    for (const [script] of Object.values(appspec().hooks)) {
      expect(rendered(String(script?.["location"]))).toMatch(/^#!\/bin\/bash\n/);
    }
  });
});
