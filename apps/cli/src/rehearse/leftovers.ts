import type { Emulator } from "../emulator/emulator.js";
import type { Leftover as ProviderLeftover, Relay } from "../relay/index.js";
import { formatLeftover, type Leftover } from "./report.js";

/** What the account holds before the first stack: the emulator's own and the bootstrap stack. */
export interface Baseline {
  readonly provider: ReadonlySet<string>;
}

export async function takeBaseline(emulator: Emulator, relay: Relay): Promise<Baseline> {
  await emulator.markBaseline();
  return { provider: new Set((await relay.leftovers()).map(key)) };
}

/**
 * Two judges who do not know each other: the provider, asked for every instance that it ever made,
 * and the emulator's memory, which also shows what no state ever knew.
 */
export async function findLeftovers(
  emulator: Emulator,
  relay: Relay,
  baseline: Baseline,
): Promise<readonly Leftover[]> {
  const [ofProvider, ofEmulator] = await Promise.all([relay.leftovers(), emulator.leftovers()]);
  return [
    ...ofProvider
      .filter((found) => !baseline.provider.has(key(found)) && existsForSure(found))
      .map(({ type, id, treatment, detail }) => ({
        found: "provider" as const,
        type,
        id,
        treatment,
        detail,
      })),
    ...ofEmulator.map((found) => ({ found: "emulator" as const, ...found })),
  ];
}

/** Adopted, not made: a destroy forgets them, and they go when their VPC goes. */
const ADOPTED = /^aws_default_/;

/**
 * The emulator's words for "no such thing" are not always those that the provider takes for it. A secret that is
 * marked deleted waits out its recovery window, as on AWS.
 */
const ABSENT = /NotFound|NoSuch|does not exist|currently marked deleted/;

function existsForSure({ type, what, detail }: ProviderLeftover): boolean {
  if (what === "exists" && ADOPTED.test(type)) return false;
  return !(what === "unreadable" && ABSENT.test(detail));
}

export function leftoverFault(leftovers: readonly Leftover[]): string | undefined {
  if (leftovers.length === 0) return undefined;
  return [
    "The destroy left something behind; the account must be as it was before:",
    ...leftovers.map((leftover) => `  ${formatLeftover(leftover)}`),
    "  do: find who makes it outside Terraform's state (a local-exec, a service that makes resources of its own), and",
    "      make it part of a stack. If the emulator keeps what AWS would delete, add a line to QUIRKS in apps/cli/src/emulator/program.ts.",
  ].join("\n");
}

function key({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type} ${id}`;
}
