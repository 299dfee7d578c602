/** What a plan of the fake finds: addresses with Terraform's word for what happens to them. */
export interface PlannedChanges {
  readonly changes?: Readonly<Record<string, "create" | "update" | "delete" | "replace" | "move" | "remove">>;
  /** Addresses that somebody changed outside Terraform. */
  readonly drift?: readonly string[];
  /** Outputs that the apply would change. */
  readonly outputs?: readonly string[];
}

const START = "\u0002";
const END = "\u0003";

/** Terraform's log of a plan as HCP Terraform keeps it, one JSON document a line. */
export function planLog({ changes = {}, drift = [], outputs = [] }: PlannedChanges): string {
  const change = (type: string, addr: string, action: string) => ({
    type,
    "@level": "info",
    "@message": `${addr}: Plan to ${action}`,
    change: { resource: { addr }, action },
  });
  return log([
    ...drift.map((addr) => change("resource_drift", addr, "update")),
    ...Object.entries(changes).map(([addr, action]) => change("planned_change", addr, action)),
    { type: "change_summary", changes: { operation: "plan" } },
    {
      type: "outputs",
      outputs: Object.fromEntries([
        ["same", { sensitive: false, action: "noop" }],
        ...outputs.map((name) => [name, { sensitive: false, action: "create" }]),
      ]),
    },
  ]);
}

/** The log of a plan or an apply that failed. */
export function errorLog(summary: string, address: string): string {
  const diagnostic = { severity: "error", summary, detail: "AWS said no.", address };
  return log([{ type: "diagnostic", "@level": "error", "@message": `Error: ${summary}`, diagnostic }]);
}

export function log(events: readonly object[]): string {
  const version = { type: "version", "@message": "Terraform 1.11.4", terraform: "1.11.4", ui: "1.2" };
  return `${START}${[version, ...events].map((event) => JSON.stringify(event)).join("\n")}\n${END}`;
}
