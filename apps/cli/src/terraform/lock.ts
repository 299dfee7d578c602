import type { Diagnostic, ResourceEvent } from "./events.js";

/** Who holds a state lock, as Terraform's error tells it. */
export interface LockInfo {
  readonly id: string;
  readonly path: string;
  readonly operation: string;
  readonly who: string;
  readonly created: string;
}

/** The lock of a run that was refused, if that is what the diagnostics say. */
export function lockHolder(diagnostics: readonly Diagnostic[]): LockInfo | undefined {
  const refused = diagnostics.find(({ summary }) => /acquiring the state lock/i.test(summary));
  if (refused === undefined) return undefined;
  const field = (name: string): string =>
    new RegExp(`^\\s*${name}:[ \\t]*(.*)$`, "m").exec(refused.detail ?? "")?.[1]?.trim() ?? "";
  const id = field("ID");
  if (id === "") return undefined;
  return {
    id,
    path: field("Path"),
    operation: field("Operation"),
    who: field("Who"),
    created: field("Created"),
  };
}

/** What to do when somebody else, or a run that died, holds the state. */
export function lockAdvice(holder: LockInfo, directory: string, program: string): string {
  return [
    "Somebody holds the lock of this stack's state, so nothing was read or changed.",
    `  held by: ${holder.who || "unknown"}, ${holder.operation || "an operation"} since ${holder.created || "an unknown time"}`,
    `  state: ${holder.path}`,
    `  lock: ${holder.id}`,
    "  do: if that run still goes on, wait until it ends and run this again.",
    "      If it is dead (killed, machine lost), first make sure that no process of it is left, then:",
    `        ${program} -chdir=${directory} force-unlock -force ${holder.id}`,
    "      and run this again. What the dead run made after its last write of the state exists without being",
    "      in the state; the next plan wants to make it a second time. Look for it before you apply.",
  ].join("\n");
}

/** Resources that an apply had begun when it was cut off. */
export interface Orphans {
  /** Made, with their id, and not in the state. */
  readonly made: readonly ResourceEvent[];
  /** Begun and not known to be made. */
  readonly unknown: readonly ResourceEvent[];
}

/** What may exist without being in the state, from what the apply had said and what the state holds. */
export function findOrphans(events: readonly ResourceEvent[], stateAddresses: readonly string[]): Orphans {
  const inState = new Set(stateAddresses);
  const creates = events.filter(({ action, address }) => action === "create" && !inState.has(address));
  const made = creates.filter(({ step }) => step === "complete");
  const settled = new Set(creates.filter(({ step }) => step !== "start").map(({ address }) => address));
  const unknown = creates.filter(({ step, address }) => step === "start" && !settled.has(address));
  return { made, unknown };
}

/** How to get orphans back under Terraform's control, or rid of them. */
export function orphanAdvice({ made, unknown }: Orphans, directory: string, program: string): string {
  if (made.length + unknown.length === 0)
    return "The state holds every resource that the apply had begun to make.";
  const lines = [];
  if (made.length > 0) {
    lines.push("These resources exist and are not in the state. Take each into the state:");
    for (const { address, id } of made) {
      lines.push(`  ${program} -chdir=${directory} import '${address}' '${id ?? "ID"}'`);
    }
  }
  if (unknown.length > 0) {
    lines.push(
      "These were being made; whether they exist nobody knows. Look for them by their name or tags,",
    );
    lines.push("import or delete what you find:");
    for (const { address, type } of unknown) lines.push(`  ${address} (${type})`);
  }
  lines.push("Then plan again: it must not want to make any of them a second time.");
  return lines.join("\n");
}
