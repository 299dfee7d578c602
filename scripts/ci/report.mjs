// A plan of one environment as Markdown: for a pull request, the page of a run, and an issue.
import { count } from "./changes.mjs";

/** GitHub refuses comments and issues above 65,536 characters. */
const LIMIT = 60_000;

/**
 * @param environment its name
 * @param results one entry per stack: { name, state, changes, drift, waitsFor, text }, and of HCP Terraform { run, notes }
 * @param addresses what `addressChanges` found, or undefined when nothing was compared
 */
export function renderReport(environment, results, addresses) {
  const head = [
    `## \`${environment}\`: ${headline(results)}`,
    ...(addresses === undefined ? [] : addressSection(addresses)),
    ...results.map(stackSection),
  ];
  return [...head, ...details(results, LIMIT - head.join("\n\n").length)].join("\n\n");
}

function headline(results) {
  const failed = results.find(({ state }) => state === "failed");
  if (failed !== undefined) return `the plan of ${failed.name} failed`;
  const waiting = results.filter(({ state }) => state === "waiting").length;
  return summarize(results) + (waiting === 0 ? "" : `, ${waiting} waiting`);
}

/** A plan can change outputs and nothing else. */
function summarize(results) {
  const changes = results.flatMap((result) => result.changes);
  if (changes.length === 0 && results.some(({ state }) => state === "changed")) return "only outputs change";
  return count(changes);
}

function addressSection(addresses) {
  if (addresses.length === 0) return ["No address appears or vanishes."];
  return addresses.map(({ app, vanished, appeared }) => {
    const note = app === "bootstrap" ? " (an operator applies it: `npm run bootstrap`)" : "";
    return [
      `**Addresses of ${app}**${note}: ${vanished.length} vanish, ${appeared.length} appear`,
      "```diff",
      ...vanished.map((address) => `- ${address}`),
      ...appeared.map((address) => `+ ${address}`),
      "```",
    ].join("\n");
  });
}

function stackSection(result) {
  const { name, state, changes, drift, waitsFor, run, notes = [] } = result;
  const title = `### ${name}: ${state === "waiting" || state === "failed" ? state : summarize([result])}`;
  if (state === "waiting") {
    return `${title}\n\nIts plan needs outputs that change with ${waitsFor.join(", ")}. It is planned in the run after that one.`;
  }
  return [
    title,
    ...(run === undefined ? [] : [`[The run in HCP Terraform](${run.url})`]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join("\n")]),
    ...(changes.length === 0
      ? []
      : [changes.map(({ action, address }) => `- ${mark(action)} \`${address}\``).join("\n")]),
    ...(drift.length === 0
      ? []
      : [
          `Changed outside Terraform since the last apply:\n${drift.map((address) => `- \`${address}\``).join("\n")}`,
        ]),
  ].join("\n\n");
}

/** What can lose data stands out. */
function mark(action) {
  return action === "destroy" || action === "replace" ? `**${action}**` : action;
}

/** Terraform's own words, in which it hides what is sensitive; as much of them as GitHub takes. */
function details(results, room) {
  return results
    .filter(({ text }) => text !== "")
    .map(({ name, text }, _, all) => {
      const share = Math.max(Math.floor(room / all.length) - 300, 0);
      const shown =
        text.length <= share ? text : `${text.slice(0, share)}\n… the rest stands in the log of the run.`;
      return `<details><summary>terraform plan of ${name}</summary>\n\n${fenced(shown)}\n\n</details>`;
    });
}

/** A fence longer than any in the text, so that the text cannot end it. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
