// Usage: node scripts/ci/comment.mjs <environment>
// Puts the plan that plan.mjs wrote on the pull request PULL_REQUEST: one comment per environment, kept current.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findInPages, gh } from "./gh.mjs";
import { PLATFORM } from "./stacks.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/comment.mjs <environment>");
const pullRequest =
  process.env.PULL_REQUEST ?? fail("PULL_REQUEST is not set: it is the number of the pull request.");
const marker = `<!-- telemedicina-plan: ${environment} -->`;
const comments = `issues/${pullRequest}/comments`;

const body = `${marker}\n${report()}`;
const own = findInPages(
  comments,
  (comment) => comment.user.type === "Bot" && comment.body.startsWith(marker),
);
if (own === undefined) gh("POST", comments, { body });
else gh("PATCH", `issues/comments/${own.id}`, { body });
console.log(`${own === undefined ? "Wrote" : "Updated"} the comment on ${environment}.`);

/** Without a report the plan did not get as far as one; an old comment must not stand for it. */
function report() {
  const file = join(PLATFORM, "plans", `${environment}.md`);
  if (existsSync(file)) return readFileSync(file, "utf8");
  return `## \`${environment}\`: no plan was made\n\nThe log of the run says why.`;
}
