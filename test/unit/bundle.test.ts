import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../src/project.js";

const parent = join(root, "node_modules/.cache");
mkdirSync(parent, { recursive: true });
const directory = mkdtempSync(join(parent, "bundle-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the bundle that scripts/run.mjs runs", () => {
  it("is found again as long as no source has changed, and made anew when one has", async () => {
    const { bundleOf } = (await import(pathToFileURL(join(root, "scripts/bundle.mjs")).href)) as {
      bundleOf: (source: string) => Promise<string>;
    };
    const entry = join(directory, "entry.ts");
    const part = join(directory, "part.ts");
    writeFileSync(entry, 'import { word } from "./part.js";\nconsole.log(word);\n');
    writeFileSync(part, 'export const word: string = "one";\n');

    const first = await bundleOf(entry);
    expect(readFileSync(first, "utf8")).toContain('"one"');
    expect(await bundleOf(entry)).toBe(first);

    writeFileSync(part, 'export const word: string = "two";\n');
    // As an editor would, later than the build.
    utimesSync(part, new Date(), new Date(Date.now() + 1000));
    const second = await bundleOf(entry);
    expect(second).not.toBe(first);
    expect(readFileSync(second, "utf8")).toContain('"two"');

    rmSync(second);
    expect(readFileSync(await bundleOf(entry), "utf8")).toContain('"two"');
  });
});
