/** One thing that is wrong in one place, with all that an operator needs to put it right. */
export interface ConfigFault {
  /** Id of the rule, or of the kind of shape fault (`unknown-key`, `missing-key`, …). */
  readonly rule: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The key, for example `network.nat` or `adminCidrs[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** The value as written; never a secret. */
  readonly found: string;
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
  /** Other files that the fault is about, when two environments contradict each other. */
  readonly otherFiles: readonly string[];
}

/** Every fault of the environment files, in the order of files and lines. Its message is meant to be printed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const sorted = [...faults].sort(byPlace);
    super(render(sorted));
    this.faults = sorted;
  }
}

function render(faults: readonly ConfigFault[]): string {
  const count = `${plural(faults.length, "fault")} in ${plural(new Set(faults.map((each) => each.file)).size, "file")}`;
  const blocks = faults.map(renderFault);
  // Again at the end: that is the line in view when there is more than a screenful.
  return [count, ...blocks, ...(faults.length > 1 ? [count] : [])].join("\n\n");
}

function renderFault(fault: ConfigFault): string {
  const subject = fault.path === "" ? fault.message : `${fault.path}: ${fault.message}`;
  return [
    `${fault.file}:${fault.line}:${fault.column}  ${subject}`,
    `  found ${fault.found}; allowed: ${fault.allowed}.`,
    `  ${fault.fix}`,
  ].join("\n");
}

function byPlace(one: ConfigFault, other: ConfigFault): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
