/** Numbers of a version; a pre-release part is left out. */
export function versionNumbers(version: string): readonly number[] {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version);
  return (match?.[1] ?? "0").split(".").map(Number);
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = versionNumbers(a);
  const right = versionNumbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version meets a constraint in Terraform's syntax, such as `>= 6.25.0, < 7.0.0`. */
export function satisfies(version: string, constraint: string): boolean {
  return constraint
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .every((part) => satisfiesOne(version, part));
}

function satisfiesOne(version: string, constraint: string): boolean {
  const match = /^(>=|<=|!=|~>|>|<|=)?\s*(\S+)$/.exec(constraint);
  if (match === null) throw new Error(`"${constraint}" is not a version constraint`);
  const wanted = match[2] as string;
  const order = compareVersions(version, wanted);
  switch (match[1] ?? "=") {
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case "!=":
      return order !== 0;
    case "~>":
      return order >= 0 && compareVersions(version, pessimisticLimit(wanted)) < 0;
    default:
      return order === 0;
  }
}

/** `~> 5.1` ends before 6, `~> 5.1.2` before 5.2: the last number named may grow, no other. */
function pessimisticLimit(wanted: string): string {
  const numbers = versionNumbers(wanted);
  const kept = numbers.slice(0, Math.max(numbers.length - 1, 1));
  return kept.map((number, index) => (index === kept.length - 1 ? number + 1 : number)).join(".");
}
