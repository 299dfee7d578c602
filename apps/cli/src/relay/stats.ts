import type { Treatment } from "./rules.js";

/** How many resource instances per type were handled in which way. */
export type Counts = Readonly<Record<string, number>>;

export interface RelayStats {
  /** Created on the emulator by the real provider. */
  readonly emulated: Counts;
  /** Created on the emulator; what is read back comes from state. */
  readonly echoed: Counts;
  /** Planned by the real provider, created by the relay only. */
  readonly simulated: Counts;
  readonly updated: Readonly<Record<Treatment, Counts>>;
  readonly deleted: Readonly<Record<Treatment, Counts>>;
}

export type Change = "created" | "updated" | "deleted";

/** Counts the changes that succeeded. */
export class Tally {
  private counts = new Map<string, number>();

  add(change: Change, treatment: Treatment, type: string): void {
    const key = `${change}/${treatment}/${type}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  reset(): void {
    this.counts = new Map();
  }

  stats(): RelayStats {
    return {
      emulated: this.of("created", "emulated"),
      echoed: this.of("created", "echoed"),
      simulated: this.of("created", "simulated"),
      updated: this.byTreatment("updated"),
      deleted: this.byTreatment("deleted"),
    };
  }

  private byTreatment(change: Change): Record<Treatment, Counts> {
    return {
      emulated: this.of(change, "emulated"),
      echoed: this.of(change, "echoed"),
      simulated: this.of(change, "simulated"),
    };
  }

  private of(change: Change, treatment: Treatment): Counts {
    const start = `${change}/${treatment}/`;
    return Object.fromEntries(
      [...this.counts]
        .filter(([key]) => key.startsWith(start))
        .map(([key, count]) => [key.slice(start.length), count] as const)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  }
}
