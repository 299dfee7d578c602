/** A diagnostic of Terraform's machine-readable output. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  /** Resource it is about. */
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** A step of an apply, for one resource. */
export interface ResourceEvent {
  readonly step: "start" | "complete" | "errored";
  readonly address: string;
  readonly type: string;
  readonly action: "create" | "read" | "update" | "delete";
  /** What the API calls the resource, where Terraform says it. */
  readonly id?: string;
}

/** What a plan or an apply would do or did. */
export interface ChangeSummary {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

export type TerraformEvent =
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "resource"; readonly event: ResourceEvent }
  | { readonly kind: "summary"; readonly changes: ChangeSummary };

interface JsonLine {
  readonly type?: string;
  readonly diagnostic?: Diagnostic;
  readonly changes?: ChangeSummary;
  readonly hook?: {
    readonly resource: { readonly addr: string; readonly resource_type: string };
    readonly action: ResourceEvent["action"];
    readonly id_value?: string;
  };
}

const RESOURCE_STEPS: Readonly<Record<string, ResourceEvent["step"]>> = {
  apply_start: "start",
  apply_complete: "complete",
  apply_errored: "errored",
};

/** Reads one line of `terraform … -json`; what we have no use for is undefined. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  let json: JsonLine;
  try {
    json = JSON.parse(line) as JsonLine;
  } catch {
    // Terraform was killed in the middle of a line.
    return undefined;
  }
  const { type = "", diagnostic, changes, hook } = json;
  if (type === "diagnostic" && diagnostic !== undefined) return { kind: "diagnostic", diagnostic };
  if (type === "change_summary" && changes !== undefined) return { kind: "summary", changes };
  const step = RESOURCE_STEPS[type];
  if (step === undefined || hook === undefined) return undefined;
  const { addr, resource_type } = hook.resource;
  const id = hook.id_value === undefined ? {} : { id: hook.id_value };
  return {
    kind: "resource",
    event: { step, address: addr, type: resource_type, action: hook.action, ...id },
  };
}

/** A diagnostic as the operator reads it: nothing of it left out. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, summary, detail, address, range } = diagnostic;
  const lines = [`${severity === "error" ? "Error" : "Warning"}: ${summary}`];
  if (address !== undefined) lines.push(`  resource: ${address}`);
  if (range !== undefined) lines.push(`  at: ${range.filename}:${range.start.line}`);
  if (detail !== undefined && detail !== "")
    lines.push(...detail.split("\n").map((line) => `  ${line}`.trimEnd()));
  return lines.join("\n");
}
