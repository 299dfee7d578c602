import type { EmulatorLeftover } from "../emulator/emulator.js";

/** Number of resources of each Terraform type. */
export type CountByType = Readonly<Record<string, number>>;

/** Something that a destroy left behind. */
export type Leftover =
  | ({ readonly found: "emulator" } & EmulatorLeftover)
  | {
      readonly found: "provider";
      readonly type: string;
      readonly id: string;
      readonly treatment: string;
      readonly detail: string;
    };

/** How one stack fared. */
export interface StackReport {
  /** `<environment>-<area>` */
  readonly name: string;
  /** Applied on the emulator and read back from it. */
  readonly emulated: CountByType;
  /** Applied on the emulator, read back from the state. */
  readonly echoed: CountByType;
  /** Validated and planned by the real provider, applied by the relay. */
  readonly simulated: CountByType;
  /** Resources and outputs that the plan after the apply wanted to change; null when there was no such plan. */
  readonly secondPlanChanges: number | null;
  /** Number of resources destroyed. */
  readonly destroyed: number;
  /** Number of resources that `prevent_destroy` protects; the rehearsal lifts that by an override file. */
  readonly protected: number;
  /** Whether a destroy plan was refused for each of them; absent when none was tried. */
  readonly protectionHolds?: boolean;
  readonly seconds: StepSeconds;
  /** What the only plan of a run with `--plan-only` would do. */
  readonly planned?: { readonly add: number; readonly change: number; readonly remove: number };
}

export interface StepSeconds {
  readonly init: number;
  /** Apply of the saved plan. */
  readonly apply: number;
  /** Both plans, the one that is applied and the one after it. */
  readonly plan: number;
  /** Plan of the destroy and its apply. */
  readonly destroy: number;
}

/** The whole rehearsal, as `--report` writes it. */
export interface Report {
  readonly environment: string;
  readonly ok: boolean;
  readonly totalSeconds: number;
  readonly leftovers: readonly Leftover[];
  /** What the destroy left pending deletion (KMS keys, secrets), as AWS does too. */
  readonly pendingDeletion: readonly EmulatorLeftover[];
  readonly stacks: readonly StackReport[];
  /** The stack that makes the state bucket; it is protected from destroy and ends with the emulator. */
  readonly bootstrap?: Omit<
    StackReport,
    "secondPlanChanges" | "destroyed" | "protected" | "protectionHolds" | "seconds"
  > & {
    readonly seconds: number;
  };
  /** Stacks that were not planned, and why. */
  readonly skipped?: readonly { readonly name: string; readonly reason: string }[];
  readonly quick: boolean;
  readonly planOnly: boolean;
  readonly terraformVersion?: string;
  readonly providerVersion?: string;
  readonly motoVersion?: string;
  /** What is wrong, when `ok` is false. */
  readonly error?: string;
}

/** The report as the operator reads it. */
export function formatReport(report: Report): string {
  const sections = [
    headline(report),
    stackTable(report),
    destroyNotes(report),
    typeTable(report),
    skippedList(report),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function headline(report: Report): string {
  const verdict = report.ok ? "ok" : "FAILED";
  const mode = [
    report.planOnly ? "plans only" : "",
    report.quick ? "quick: nothing reached the emulator but the state and the secrets" : "",
  ]
    .filter((part) => part !== "")
    .map((part) => ` (${part})`)
    .join("");
  const judges = [
    ["Terraform", report.terraformVersion],
    ["AWS provider", report.providerVersion],
    ["moto", report.motoVersion],
  ].filter(([, version]) => version !== undefined);
  return [
    `${report.environment}: ${verdict} in ${seconds(report.totalSeconds)} s${mode}`,
    ...(judges.length > 0 ? [`judged by ${judges.map((judge) => judge.join(" ")).join(", ")}`] : []),
  ].join("\n");
}

function stackTable({ stacks, bootstrap, planOnly }: Report): string {
  if (stacks.length === 0 && bootstrap === undefined) return "";
  const header = ["stack", "resources", "second plan", "destroyed", "init", "plan", "apply", "destroy"];
  const rows = stacks.map((stack) => [
    stack.name,
    stack.planned === undefined ? String(total(stack)) : `${stack.planned.add} planned`,
    stack.secondPlanChanges === null
      ? "-"
      : stack.secondPlanChanges === 0
        ? "no change"
        : `${stack.secondPlanChanges} CHANGED`,
    planOnly ? "-" : String(stack.destroyed),
    ...[stack.seconds.init, stack.seconds.plan, stack.seconds.apply, stack.seconds.destroy].map(
      (value) => `${seconds(value)} s`,
    ),
  ]);
  const first = bootstrap
    ? [
        [
          bootstrap.name,
          String(total(bootstrap)),
          "-",
          "protected",
          "",
          "",
          `${seconds(bootstrap.seconds)} s`,
          "",
        ],
      ]
    : [];
  return table([header, ...first, ...rows], new Set([0, 2]));
}

function destroyNotes({ stacks, pendingDeletion }: Report): string {
  const notes = stacks
    .filter((stack) => stack.protected > 0)
    .map((stack) => `${stack.name}: ${protectionNote(stack)}`);
  if (pendingDeletion.length > 0)
    notes.push(
      `pending deletion, as on AWS: ${countKinds(pendingDeletion)}; until they are gone, their names are taken`,
    );
  return notes.join("\n");
}

function protectionNote({ protected: count, protectionHolds }: StackReport): string {
  const fact = `${count} ${count === 1 ? "resource is" : "resources are"} protected from destroy`;
  if (protectionHolds === undefined) return fact;
  if (!protectionHolds) return `${fact}, BUT NOT ALL HOLD`;
  return `${fact} (a destroy plan was refused); the rehearsal lifted that by an override file`;
}

function countKinds(pending: readonly EmulatorLeftover[]): string {
  const kinds = [...new Set(pending.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => `${pending.filter((one) => one.kind === kind).length} ${kind}`).join(", ");
}

function typeTable(report: Report): string {
  const stacks = [...(report.bootstrap ? [report.bootstrap] : []), ...report.stacks];
  const types = [
    ...new Set(stacks.flatMap((s) => [s.emulated, s.echoed, s.simulated].flatMap(Object.keys))),
  ].sort();
  if (types.length === 0) return "";
  const sum = (mode: "emulated" | "echoed" | "simulated", type: string): string => {
    const count = stacks.reduce((all, stack) => all + (stack[mode][type] ?? 0), 0);
    return count === 0 ? "" : String(count);
  };
  const rows = types.map((type) => [
    type,
    sum("emulated", type),
    sum("echoed", type),
    sum("simulated", type),
  ]);
  return [
    table([["resource type", "emulated", "echoed", "simulated"], ...rows], new Set([0])),
    "emulated: applied on the emulator and read back from it",
    "echoed: applied on the emulator, read back from the state, because the emulator forgets an attribute",
    "simulated: validated and planned by the real provider, applied by the relay alone",
  ].join("\n");
}

function skippedList({ skipped = [] }: Report): string {
  return skipped.map(({ name, reason }) => `not planned: ${name}: ${reason}`).join("\n");
}

export function formatLeftover(leftover: Leftover): string {
  return leftover.found === "emulator"
    ? `${leftover.service} ${leftover.kind} ${leftover.id} in account ${leftover.account}, ${leftover.region}`
    : `${leftover.type} ${leftover.id} (${leftover.treatment}): ${leftover.detail}`;
}

function total({
  emulated,
  echoed,
  simulated,
}: Pick<StackReport, "emulated" | "echoed" | "simulated">): number {
  return [emulated, echoed, simulated]
    .flatMap((counts) => Object.values(counts))
    .reduce((sum, count) => sum + count, 0);
}

function seconds(value: number): string {
  return value.toFixed(1);
}

function table(rows: readonly (readonly string[])[], leftAligned: ReadonlySet<number>): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        leftAligned.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
