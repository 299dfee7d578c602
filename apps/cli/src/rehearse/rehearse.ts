import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Interrupted, isUserFault, UserError } from "../errors.js";
import { projectRoot } from "../project.js";
import { listenForInterrupts } from "./interrupts.js";
import { progressFor } from "./progress.js";
import { Rehearsal, type RehearsalOptions } from "./rehearsal.js";
import { formatReport, type Report } from "./report.js";
import { round } from "./stack-run.js";
import { createWorkDirectory } from "./work-directory.js";

/** Takes an environment through the real Terraform and the real provider, on an emulated account. */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalResult> {
  const started = performance.now();
  const root = projectRoot();
  const work = createWorkDirectory(root, options.environment.replace(/[^a-z0-9-]/gi, "_"));
  const interrupts = listenForInterrupts(work.remove);
  const run = new Rehearsal(options, root, work, interrupts, progressFor(process.stdout));
  let failure: unknown;
  try {
    await run.run();
  } catch (error) {
    failure = await run.causeOf(error);
  }
  await run.end(failure);
  interrupts.dispose();

  const report = run.report(round((performance.now() - started) / 1000), failure);
  if (options.report !== undefined) writeReport(options.report, report);
  if (!run.leavesSomethingToLookAt(failure)) work.remove();
  if (failure instanceof Interrupted || (failure !== undefined && !isUserFault(failure))) throw failure;
  return { report, hints: run.hints };
}

export interface RehearsalResult {
  readonly report: Report;
  /** How to look at what was kept. */
  readonly hints: string | undefined;
}

function writeReport(file: string, report: Report): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Prints the report; a run that is not ok ends as a user's error with all that is wrong. */
export function concludeRehearsal({ report, hints }: RehearsalResult): void {
  const parts = [
    ...(report.motoVersion === undefined ? [] : [formatReport(report)]),
    ...(hints === undefined ? [] : [hints]),
  ];
  if (parts.length > 0) process.stdout.write(`\n${parts.join("\n\n")}\n\n`);
  if (!report.ok) throw new UserError(report.error ?? "The rehearsal failed.");
}
