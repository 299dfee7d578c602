import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkPolicies, permissionRules, readPolicies, renderPermissions } from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const section = readme.slice(readme.indexOf("\n## Permissions\n"));

it("the use of permissions in the README prints what the README says", async () => {
  const json = fenced("json");
  const program = fenced("js").replaceAll(/^import .*$/gm, "");
  const printed: string[] = [];
  const names = { checkPolicies, readPolicies, renderPermissions };
  const run = new Function(
    "readFileSync",
    "console",
    ...Object.keys(names),
    `return (async () => {${program}})();`,
  );
  await run(() => json, { log: (text: string) => printed.push(text) }, ...Object.values(names));
  expect(printed.join("\n")).toBe(fenced("text"));
});

it("the README has every rule", () => {
  const listed = [...section.matchAll(/^\| `([a-z-]+)` /gm)].map(([, id]) => id);
  expect(listed).toEqual(Object.keys(permissionRules));
});

/** The section's first code block of a language. */
function fenced(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, "m").exec(section);
  if (block?.[1] === undefined) throw new Error(`The section has no ${language} block.`);
  return block[1];
}
