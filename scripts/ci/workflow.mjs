// How a step talks to its workflow.
import { appendFileSync } from "node:fs";

/** Ends the step with a message for whoever reads the log. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** The script's only positional argument. */
export function environmentArgument(usage) {
  const environment = process.argv[2];
  if (environment === undefined || environment.startsWith("-")) fail(`Usage: ${usage}`);
  return environment;
}

/** Sets outputs of the step; outside a workflow it prints them. */
export function setOutputs(outputs) {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  append(process.env.GITHUB_OUTPUT, lines.join(""));
}

/** Adds Markdown to the page of the run; outside a workflow it prints it. */
export function addSummary(markdown) {
  append(process.env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}

/** A warning that stands on the page of the run. */
export function warn(message) {
  console.log(`::warning::${message.replaceAll("\n", "%0A")}`);
}

function append(file, text) {
  if (file === undefined || file === "") process.stdout.write(text);
  else appendFileSync(file, text);
}
