import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GOLDEN, renderGoldens } from "../src/golden.js";
import { root } from "../src/project.js";

const goldens = renderGoldens();

describe("goldens: what each environment is made of (npm run golden:update writes them)", () => {
  it.each([...goldens.keys()])("%s is as reviewed", (file) => {
    expect(goldens.get(file)).toBe(readFileSync(join(root, GOLDEN, file), "utf8"));
  });

  it("has no golden that nothing makes any more", () => {
    const files = readdirSync(join(root, GOLDEN), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, GOLDEN).length + 1));
    expect(files.sort()).toEqual([...goldens.keys()].sort());
  });
});
