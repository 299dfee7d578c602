import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { deployBundle } from "../src/index.js";
import { resolveSettings } from "../src/settings.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the smallest use of the README prints what the README says", () => {
  const printed: string[] = [];
  const run = new Function("console", "deployBundle", fenced("js").replaceAll(/^import .*$/gm, ""));
  run({ log: (...words: unknown[]) => printed.push(words.join(" ")) }, deployBundle);
  expect(printed.join("\n")).toBe(fenced("text"));
});

it("the README names every setting", () => {
  const table = readme.slice(readme.indexOf("## Inputs"), readme.indexOf("## Outputs"));
  const rows = table.split("\n").map((line) => line.split("|")[1] ?? "");
  for (const name of Object.keys(resolveSettings({}))) {
    expect(
      rows.some((row) => row.includes(`\`${name}\``)),
      name,
    ).toBe(true);
  }
});

/** The first code block of a language. */
function fenced(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, "m").exec(readme);
  if (block?.[1] === undefined) throw new Error(`The README has no ${language} block.`);
  return block[1];
}
