import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hostLogStreams, laravelHost } from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the smallest use of the README prints what the README says", () => {
  const program = fenced("js").replaceAll(/^import .*$/gm, "");
  const printed: string[] = [];
  const run = new Function("console", "hostLogStreams", "laravelHost", program);
  run({ log: (...words: unknown[]) => printed.push(words.join(" ")) }, hostLogStreams, laravelHost);
  expect(printed.join("\n")).toBe(fenced("text"));
});

/** The first code block of a language. */
function fenced(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, "m").exec(readme);
  if (block?.[1] === undefined) throw new Error(`The README has no ${language} block.`);
  return block[1];
}
