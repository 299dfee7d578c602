import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorkDirectory } from "../../src/rehearse/work-directory.js";
import { scratch, write } from "../scratch.js";

describe("createWorkDirectory", () => {
  it("is empty, and of this process alone", () => {
    const root = scratch();
    const path = join(root, ".rehearsal", `development-${process.pid}`);
    write(join(path, "old"), "of a process that had the same number");
    const work = createWorkDirectory(root, "development");
    expect(work.path).toBe(path);
    expect(existsSync(join(path, "old"))).toBe(false);
    expect(readFileSync(work.emptyFile, "utf8")).toBe("");
    expect(createWorkDirectory(root, "production").path).not.toBe(work.path);
    work.remove();
    expect(existsSync(path)).toBe(false);
  });
});
