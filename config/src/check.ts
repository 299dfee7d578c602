import { basename } from "node:path";
import type { ConfigFault } from "./fault.js";
import { formatPath, isWithin, type Path, parsePath, valueAt } from "./path.js";
import { rules } from "./rules/index.js";
import type { Neighbour, Rule, RuleFault } from "./rules/rule.js";
import { salvage } from "./salvage.js";
import { type EnvironmentConfig, environmentSchema } from "./schema/environment.js";
import { shapeFaults } from "./shape.js";
import { Source } from "./source.js";

export interface EnvironmentFile {
  /** As it is to be printed, relative to where the operator stands. */
  readonly path: string;
  readonly text: string;
}

export interface Checked {
  /** By file; to be used only when `faults` has none about the file. */
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
  readonly faults: readonly ConfigFault[];
}

interface Subject {
  readonly source: Source;
  /** Complete, or as far as it could be read. */
  readonly config: EnvironmentConfig;
  readonly invalid: readonly Path[];
}

/** Shape first, then the rules on whatever has its shape; nothing stops at the first fault. */
export function checkEnvironments(
  files: readonly EnvironmentFile[],
  ruleSet: readonly Rule[] = rules,
): Checked {
  const faults: ConfigFault[] = [];
  const subjects: Subject[] = [];
  for (const file of [...files].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    const source = new Source(file.path, file.text);
    faults.push(...source.faults);
    if (source.value === undefined) continue;
    const result = environmentSchema.safeParse(source.value);
    if (!result.success) faults.push(...shapeFaults(environmentSchema, result.error.issues, source));
    const { value, invalid } = result.success
      ? { value: result.data, invalid: [] }
      : salvage(environmentSchema, source.value);
    // The type promises more than a salvaged value holds; a rule sees only keys that `runnable` found valid.
    subjects.push({ source, config: value as EnvironmentConfig, invalid: [...invalid, ...source.refused] });
  }
  subjects.forEach((subject, index) => {
    for (const rule of ruleSet) faults.push(...apply(rule, subject, subjects.slice(0, index)));
  });
  return { faults, environments: new Map(subjects.map(({ source, config }) => [source.file, config])) };
}

function apply(rule: Rule, subject: Subject, before: readonly Subject[]): ConfigFault[] {
  if (!runnable(rule, subject)) return [];
  const earlier = before.filter((each) => runnable(rule, each)).map(neighbour);
  const found = rule.check(subject.config, { file: basename(subject.source.file), earlier });
  return [...found].map((fault) => complete(rule, fault, subject));
}

function runnable(rule: Rule, { invalid }: Subject): boolean {
  return rule.paths
    .map(parsePath)
    .every((path) => invalid.every((bad) => !isWithin(bad, path) && !isWithin(path, bad)));
}

function neighbour({ source, config }: Subject): Neighbour {
  return {
    config,
    file: source.file,
    place: (path) => {
      const { line, column } = source.place(parsePath(path));
      return `${source.file}:${line}:${column}`;
    },
  };
}

function complete(rule: Rule, fault: RuleFault, { source, config }: Subject): ConfigFault {
  const path = parsePath(fault.path);
  return {
    rule: rule.id,
    file: source.file,
    ...source.place(path),
    path: formatPath(path),
    message: fault.message,
    found: found(source, path, valueAt(config, path)),
    allowed: fault.allowed,
    fix: fault.fix,
    otherFiles: fault.otherFile === undefined ? [] : [fault.otherFile],
  };
}

function found(source: Source, path: Path, value: unknown): string {
  const text = Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value);
  const written = source.written(path);
  if (written === undefined) return value === undefined ? "nothing" : `${text} (the default)`;
  return Array.isArray(value) ? text : written;
}
