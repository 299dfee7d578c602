/** GiB of memory for each vCPU, by instance family: EC2's own figures for x86_64. */
const gibForEachCpu: Readonly<Record<string, number>> = {
  ...families(
    ["m5", "m5a", "m5n", "m6a", "m6i", "m6in", "m7a", "m7i", "m7i-flex", "m8a", "m8i", "m8i-flex"],
    4,
  ),
  ...families(["c5", "c5a", "c6a", "c6i", "c7a", "c7i", "c7i-flex", "c8a", "c8i", "c8i-flex"], 2),
  ...families(["r5", "r5a", "r5n", "r6a", "r6i", "r7a", "r7i", "r8a", "r8i"], 8),
};

const cpus: Readonly<Record<string, number>> = {
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
};

/** Burstable types have memory by size alone, in MiB. */
const burstable: Readonly<Record<string, number>> = {
  nano: 512,
  micro: 1024,
  small: 2048,
  medium: 4096,
  large: 8192,
  xlarge: 16_384,
  "2xlarge": 32_768,
};

const BURSTABLE = ["t2", "t3", "t3a"];

/**
 * Memory of the smallest of several instance types, in MiB: what php-fpm's pool is sized to.
 *
 * @param path construct path, for the message
 * @throws when a type is not known here
 */
export function leastMemoryMiB(path: string, instanceTypes: readonly string[]): number {
  const unknown = instanceTypes.filter((type) => memoryMiB(type) === undefined);
  if (unknown.length > 0) {
    const known = [...BURSTABLE, ...Object.keys(gibForEachCpu)].join(", ");
    throw new Error(
      `${path}: the memory of ${unknown.join(", ")} is not known, and the number of PHP processes follows from it. ` +
        `Allowed: types of ${known}, from ${Object.keys(cpus)[0]} to ${Object.keys(cpus).at(-1)}, of t families from nano to 2xlarge. ` +
        "Choose one of them in compute, or add the family to apps/platform/src/instance-memory.ts.",
    );
  }
  return Math.min(...instanceTypes.map((type) => memoryMiB(type) ?? Number.POSITIVE_INFINITY));
}

function memoryMiB(type: string): number | undefined {
  const [family = "", size = ""] = type.split(".");
  if (BURSTABLE.includes(family)) return burstable[size];
  const gib = gibForEachCpu[family];
  const count = cpus[size];
  return gib === undefined || count === undefined ? undefined : gib * count * 1024;
}

function families(names: readonly string[], gib: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, gib]));
}
