/** The parts of `terraform show -json PLAN` that we read. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, Change>>;
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode: "managed" | "data";
  readonly change: Change;
}

interface Change {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

/** Something that a plan would change. */
export interface PlannedChange {
  readonly address: string;
  readonly action: string;
  /** `path: before -> after`, sensitive values hidden. */
  readonly attributes: readonly string[];
}

/** Everything that a plan would change, resources and outputs, with the attributes that differ. */
export function plannedChanges(plan: PlanJson): readonly PlannedChange[] {
  const resources = (plan.resource_changes ?? [])
    .filter(({ mode, change }) => mode === "managed" && isChange(change))
    .map(({ address, change }) => describe(address, change));
  const outputs = Object.entries(plan.output_changes ?? {})
    .filter(([, change]) => isChange(change))
    .map(([name, change]) => describe(`output.${name}`, change));
  return [...resources, ...outputs];
}

function isChange({ actions }: Change): boolean {
  return actions.some((action) => action !== "no-op" && action !== "read");
}

function describe(address: string, change: Change): PlannedChange {
  const attributes: string[] = [];
  compare([], change.before, change.after, change.after_unknown, secrecy(change), attributes);
  const replaced = new Set((change.replace_paths ?? []).map((path) => pathText(path)));
  return {
    address,
    action: actionName(change.actions),
    attributes: attributes.map((line) =>
      replaced.has(line.split(": ")[0] ?? "") ? `${line} (forces replacement)` : line,
    ),
  };
}

function actionName(actions: readonly string[]): string {
  return actions.length === 2 ? "replace" : (actions[0] ?? "change");
}

type Secrecy = readonly [unknown, unknown];

function secrecy({ before_sensitive, after_sensitive }: Change): Secrecy {
  return [before_sensitive, after_sensitive];
}

type Path = readonly (string | number)[];

function compare(
  path: Path,
  before: unknown,
  after: unknown,
  unknown: unknown,
  secret: Secrecy,
  out: string[],
): void {
  if (unknown !== true && JSON.stringify(before) === JSON.stringify(after) && !hasUnknown(unknown)) return;
  const hidden = secret.some((mark) => mark === true);
  if (hidden || unknown === true || !isContainer(before) || !isContainer(after)) {
    const show = (value: unknown): string => (hidden ? "(sensitive)" : JSON.stringify(value ?? null));
    out.push(
      `${pathText(path)}: ${show(before)} -> ${unknown === true ? "(known after apply)" : show(after)}`,
    );
    return;
  }
  for (const key of new Set([...keys(before), ...keys(after), ...keys(unknown)])) {
    compare(
      [...path, key],
      at(before, key),
      at(after, key),
      at(unknown, key),
      [at(secret[0], key), at(secret[1], key)],
      out,
    );
  }
}

function hasUnknown(mark: unknown): boolean {
  return mark === true || (isContainer(mark) && Object.values(mark).some(hasUnknown));
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function keys(value: unknown): (string | number)[] {
  if (Array.isArray(value)) return value.map((_, index) => index);
  return isContainer(value) ? Object.keys(value) : [];
}

function at(value: unknown, key: string | number): unknown {
  return isContainer(value) ? (value as Record<string | number, unknown>)[key] : undefined;
}

function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text.startsWith(".") ? text.slice(1) : text || "(whole value)";
}
