import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";

const directory = join(root, "docs/adr");
const files = readdirSync(directory).sort();

describe("decision records", () => {
  it("are numbered without a gap", () => {
    const expected = files.map((_, index) => String(index + 1).padStart(4, "0"));
    expect(files.map((file) => file.slice(0, 4))).toEqual(expected);
  });

  it.each(files)("%s has number, status and a check", (file) => {
    const text = readFileSync(join(directory, file), "utf8");
    expect(text.split("\n")[0]).toMatch(new RegExp(`^# ${file.slice(0, 4)}: \\S`));
    expect(text).toMatch(/^Status: (accepted|replaced by \d{4})$/m);
    for (const heading of ["Context", "Decision", "Consequence", "Enforced by"]) {
      expect(text).toContain(`\n## ${heading}\n`);
    }
  });

  it.each(files)("%s names checks that exist", (file) => {
    const [, checks = ""] = readFileSync(join(directory, file), "utf8").split("## Enforced by");
    const named = [...checks.matchAll(/`((?:test|modules|apps|config)\/[^`*]+)`/g)].map(
      ([, path = ""]) => path,
    );
    for (const path of named) expect(() => readdirOrFile(join(root, path))).not.toThrow();
  });
});

function readdirOrFile(path: string): void {
  try {
    readFileSync(path);
  } catch {
    readdirSync(path);
  }
}
