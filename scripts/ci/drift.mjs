// Usage: node scripts/ci/drift.mjs <environment>
// Keeps one issue open for as long as a plan of `main` is not empty, and closes it when it is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findInPages, gh } from "./gh.mjs";
import { PLATFORM } from "./stacks.mjs";
import { environmentArgument, warn } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/drift.mjs <environment>");
const title = `${environment} differs from main`;
const results = JSON.parse(readFileSync(join(PLATFORM, "plans", `${environment}.json`), "utf8"));
const drifted = results.some(({ state }) => state !== "unchanged");

const issue = findInPages("issues?state=open", (open) => {
  return open.user.type === "Bot" && open.title === title;
});
if (drifted) {
  const { html_url: url } = report(issue);
  warn(`${title}: ${url}`);
} else if (issue !== undefined) {
  gh("PATCH", `issues/${issue.number}`, { state: "closed", state_reason: "completed" });
  console.log(`${environment} is as main describes it again: closed issue ${issue.number}.`);
} else {
  console.log(`${environment} is as main describes it.`);
}

function report(open) {
  const body = [
    "Either somebody changed this environment outside Terraform, or `main` holds something that was not applied.",
    "To bring the environment back to `main`, run the workflow `apply`. To keep what was changed by hand, put it into the code first. This issue closes itself when the two agree.",
    readFileSync(join(PLATFORM, "plans", `${environment}.md`), "utf8"),
  ].join("\n\n");
  if (open === undefined) return gh("POST", "issues", { title, body });
  return gh("PATCH", `issues/${open.number}`, { body });
}
