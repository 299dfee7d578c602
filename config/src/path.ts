/** A key's way from the root: names of keys, positions in lists. */
export type Path = readonly (string | number)[];

/** `["adminCidrs", 0]` as `adminCidrs[0]`. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

/** The other way round, for the paths that rules are written with; their keys hold no dots or brackets. */
export function parsePath(text: string): Path {
  return (text.match(/[^.[\]]+/g) ?? []).map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}

/** Whether `path` is `ancestor` or lies below it. */
export function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path)
    value = isMapping(value) || Array.isArray(value) ? Reflect.get(value, part) : undefined;
  return value;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
