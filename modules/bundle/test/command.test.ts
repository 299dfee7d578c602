import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleCommand, type Outcome } from "../src/command.js";
import { deployBundle } from "../src/index.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bundle-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(...args: string[]): Outcome {
  let outcome: Outcome | undefined;
  bundleCommand((done) => {
    outcome = done;
  }).parse(args, { from: "user" });
  if (outcome === undefined) throw new Error("the command did not end");
  return outcome;
}

const at = (path: string) => join(directory, path);

describe("write", () => {
  it("writes every file, programs so that they run", () => {
    const { text, exitCode } = run("write", directory);
    expect(exitCode).toBe(0);
    expect(text.split("\n").filter((line) => line !== "")).toEqual(
      deployBundle().map(({ path }) => `written: ${path}`),
    );
    for (const { path, content, mode } of deployBundle()) {
      expect(readFileSync(at(path), "utf8"), path).toBe(content);
      expect((statSync(at(path)).mode & 0o777).toString(8), path).toBe(mode.slice(1));
    }
  });

  it("has nothing to do the second time", () => {
    run("write", directory);
    expect(run("write", directory)).toEqual({ text: "Up to date.\n", exitCode: 0 });
  });

  it("brings files up to date that nobody changed", () => {
    run("write", directory);
    writeFileSync(at("bundle.json"), JSON.stringify({ phpVersion: "8.4" }));
    expect(run("write", directory).text).toBe(
      "written: .github/workflows/deploy.yml\nwritten: buildspec.yml\nwritten: docker-compose.yml\n",
    );
    expect(readFileSync(at("buildspec.yml"), "utf8")).toContain('php: "8.4"');
  });

  it("fails before it writes anything when somebody's changes would be lost, and names all of them", () => {
    run("write", directory);
    writeFileSync(at("bundle.json"), JSON.stringify({ phpVersion: "8.4" }));
    writeFileSync(at("appspec.yml"), "mine\n");
    writeFileSync(at("scripts/migrate.sh"), "mine too\n");
    expect(() => run("write", directory)).toThrow(
      new Error(
        [
          "Nothing is written. Changed since this command wrote them, or not written by it:",
          "  - appspec.yml",
          "  - scripts/migrate.sh",
          "Compare them (git diff after --force shows what would be lost), then take your changes out, or run again with --force.",
        ].join("\n"),
      ),
    );
    expect(readFileSync(at("buildspec.yml"), "utf8")).toContain('php: "8.3"');
    expect(readFileSync(at("appspec.yml"), "utf8")).toBe("mine\n");
  });

  it("takes the place of changes with --force, and only then", () => {
    writeFileSync(at("appspec.yml"), "mine\n");
    expect(() => run("write", directory)).toThrow("  - appspec.yml\n");
    run("write", "--force", directory);
    expect(readFileSync(at("appspec.yml"), "utf8")).toContain("version: 0.0");
    expect(run("check", directory).exitCode).toBe(0);
  });
});

describe("check", () => {
  it("lists what differs and how, with exit code 1", () => {
    run("write", directory);
    writeFileSync(at("bundle.json"), JSON.stringify({ nodeVersion: 22 }));
    writeFileSync(at("appspec.yml"), "mine\n");
    rmSync(at("docker-compose.yml"));
    expect(run("check", directory)).toEqual({
      text:
        "outdated: .github/workflows/deploy.yml\nchanged: appspec.yml\noutdated: buildspec.yml\nmissing: docker-compose.yml\n" +
        `Bring them up to date: npx @telemedicina/bundle write ${directory}\n`,
      exitCode: 1,
    });
  });

  it("takes the line ends of a checkout on Windows for the same", () => {
    run("write", directory);
    writeFileSync(at("appspec.yml"), readFileSync(at("appspec.yml"), "utf8").replaceAll("\n", "\r\n"));
    expect(run("check", directory)).toEqual({ text: "Up to date.\n", exitCode: 0 });
  });

  it("writes nothing", () => {
    chmodSync(directory, 0o555);
    expect(run("check", directory).exitCode).toBe(1);
    chmodSync(directory, 0o755);
    expect(() => statSync(at("bundle.lock.json"))).toThrow("ENOENT");
  });
});

describe("what is given", () => {
  it("fails without a directory that is there", () => {
    expect(() => run("check", at("none"))).toThrow(
      `${at("none")} is no directory. Give the root of the Laravel repository.`,
    );
  });

  it.each(["[]", "null", "{"])("fails when bundle.json is %s", (text) => {
    writeFileSync(at("bundle.json"), text);
    expect(() => run("check", directory)).toThrow(`${at("bundle.json")} is no JSON object: `);
  });

  it("fails when a merge has left its marks in bundle.lock.json", () => {
    writeFileSync(at("bundle.lock.json"), "<<<<<<< HEAD\n{}\n");
    expect(() => run("check", directory)).toThrow(
      `${at("bundle.lock.json")} is not as this command wrote it; a merge may have left its marks. `,
    );
  });

  it("fails with every fault of bundle.json", () => {
    writeFileSync(at("bundle.json"), JSON.stringify({ port: "8080", prot: 1 }));
    expect(() => run("write", directory)).toThrow(
      /^deployBundle has 2 faults:\n {2}- prot is no setting of the bundle\. .*\n {2}- port is "8080"\. /,
    );
  });
});
