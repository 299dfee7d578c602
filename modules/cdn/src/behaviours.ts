import { type ContentKind, factsOf } from "./content-kinds.js";
import { patternFaultText, shadowFaultText, twiceFaultText } from "./errors.js";
import { covers, PATH_PATTERN } from "./path-pattern.js";

/** One line of the table: what is asked for under a pattern. */
export interface Behaviour {
  /** `*` any number of characters, slashes too; `?` exactly one; case counts. */
  readonly pathPattern: string;
  readonly kind: ContentKind;
}

/** Where the page stands that answers for an application that does not. */
export const MAINTENANCE_PATH = "/maintenance.html";

/** What a Laravel application has in `public/` besides its build. */
export const defaultStaticPaths: readonly string[] = [
  "/favicon.ico",
  "/favicon.svg",
  "/apple-touch-icon.png",
  "/robots.txt",
];

/** Everything that no line of the table takes. */
export const defaultBehaviour: ContentKind = "page";

export interface BehaviourOptions {
  readonly staticPaths: readonly string[];
  readonly signedFiles: boolean;
  readonly extra: readonly Behaviour[];
}

/** The table, in the order in which CloudFront looks: the first line that takes a path wins. */
export function behaviourTable({ staticPaths, signedFiles, extra }: BehaviourOptions): readonly Behaviour[] {
  return [
    ...extra,
    { pathPattern: "/app/*", kind: "webSocket" },
    { pathPattern: "/apps/*", kind: "webSocket" },
    { pathPattern: "/build/assets/*", kind: "hashedAsset" },
    { pathPattern: "/build/*", kind: "asset" },
    { pathPattern: "/assets/*", kind: "asset" },
    ...staticPaths.map((pathPattern) => ({ pathPattern, kind: "asset" }) as const),
    { pathPattern: MAINTENANCE_PATH, kind: "maintenance" },
    ...(signedFiles ? [{ pathPattern: "/files/*", kind: "file" } as const] : []),
    { pathPattern: "/api/*", kind: "api" },
    { pathPattern: "/health", kind: "health" },
  ];
}

/** Patterns that CloudFront refuses, and lines that it would never reach. */
export function behaviourFaults(table: readonly Behaviour[]): string[] {
  return table.flatMap(({ pathPattern }, index) => {
    if (!PATH_PATTERN.test(pathPattern)) return [patternFaultText(pathPattern)];
    const earlier = table.slice(0, index).find((other) => covers(other.pathPattern, pathPattern));
    if (earlier === undefined) return [];
    return earlier.pathPattern === pathPattern
      ? [twiceFaultText(pathPattern)]
      : [shadowFaultText(pathPattern, earlier.pathPattern)];
  });
}

const cacheWords = { none: "no", optimized: "a year", short: "minutes" } as const;

/** The table for people. */
export function behaviourRows(table: readonly Behaviour[]): readonly (readonly string[])[] {
  return [...table, { pathPattern: "everything else", kind: defaultBehaviour }].map(
    ({ pathPattern, kind }) => {
      const { origin, cache, methods, headers, signed, what } = factsOf(kind);
      const pattern = pathPattern.startsWith("/") ? `\`${pathPattern}\`` : pathPattern;
      const asked = methods.length === 7 ? "all" : methods.join(", ");
      return [
        pattern,
        what,
        origin,
        cacheWords[cache],
        headers ?? "none",
        asked,
        signed === true ? "yes" : "no",
      ];
    },
  );
}
