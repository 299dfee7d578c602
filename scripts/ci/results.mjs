// What a plan of an environment found, stack by stack: from the step that plans to those that report, compare and apply.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressChanges } from "./addresses.mjs";
import { renderReport } from "./report.mjs";
import { PLATFORM } from "./stacks.mjs";
import { addSummary, fail, setOutputs, warn } from "./workflow.mjs";

/** A result that holds nothing yet. */
export function emptyResult({ name }) {
  return { name, state: "unchanged", changes: [], drift: [], outputsChange: false, waitsFor: [], text: "" };
}

/**
 * Of the stacks that one depends on, those that it has to wait for: a plan made from outputs that are about to change
 * would be applied as it is, and be wrong.
 */
export function waitsFor(dependencies) {
  return dependencies.filter(({ state, outputsChange }) => state === "waiting" || outputsChange);
}

export function waitingResult(stack, blockers) {
  return { ...emptyResult(stack), state: "waiting", waitsFor: blockers.map(({ name }) => name) };
}

/** Leaves the results beside the stacks, reports them and ends the step. */
export function publish(environment, results, base) {
  const report = renderReport(environment, results, base && addressChanges(environment, base));
  mkdirSync(join(PLATFORM, "plans"), { recursive: true });
  writeFileSync(fileOf(environment, "json"), JSON.stringify(results, null, 2));
  writeFileSync(fileOf(environment, "md"), `${report}\n`);
  addSummary(report);
  setOutputs({
    changed: results.some(({ state }) => state === "changed"),
    waiting: results
      .filter(({ state }) => state === "waiting")
      .map(({ name }) => name)
      .join(" "),
  });
  const failed = results.filter(({ state }) => state === "failed").map(({ name }) => name);
  if (failed.length > 0) fail(`The plan of ${failed.join(", ")} failed; Terraform's message stands above.`);
}

export function readResults(environment, howToPlan) {
  const file = fileOf(environment, "json");
  if (!existsSync(file)) fail(`${file} is missing: plan first (${howToPlan}).`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The end of an apply that reached every stack it could. */
export function concludeApply(environment, applied, results) {
  addSummary(`Applied to \`${environment}\`: ${applied.join(", ")}`);
  const waiting = results.filter(({ state }) => state === "waiting").map(({ name }) => name);
  if (waiting.length === 0) return;
  warn(
    `${waiting.join(", ")}: not planned yet, because the plan needed outputs that this run made. ` +
      "Run this workflow again; later environments wait for it.",
  );
}

/** The end of an apply that did not. */
export function stopApply(stack, applied, message) {
  const before =
    applied.length === 0 ? "No stack was applied before it." : `Applied before it: ${applied.join(", ")}.`;
  addSummary(`**${stack.name} failed**: ${message} ${before}`);
  fail(`\n${stack.name}: ${message}\n${before}`);
}

function fileOf(environment, extension) {
  return join(PLATFORM, "plans", `${environment}.${extension}`);
}
