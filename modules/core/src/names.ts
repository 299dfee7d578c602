import { createHash } from "node:crypto";
import { Token } from "cdktf";
import { nameCharactersError, unknownNameTypeError, unresolvedNameError } from "./errors.js";
import { type NamedType, type NameLimit, nameLimits } from "./name-limits.js";

/** The environments of the platform, as the `Environment` tag spells them. */
export type EnvironmentName = "production" | "staging" | "development";

/** What every name of one environment has in common. */
export interface NameScope {
  /** First segment of every name. @example "telemedicina" */
  readonly project: string;
  /** Long form; names carry the short one of {@link environmentSegment}. */
  readonly environment: EnvironmentName;
  /** AWS region; the last segment, so that a name is unique across regions. */
  readonly region: string;
}

/** Length of the hash that marks a shortened name: 8 hex digits, a collision in 65,000 names at even odds. */
const HASH_LENGTH = 8;

const SEGMENT = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const SEGMENT_WORDS = "lower-case letters, digits and single hyphens between them";

/** A project's name leads every other: RDS and ElastiCache want a letter there. */
const LEADING_LETTER = /^[a-z]/;

const segments: Readonly<Record<EnvironmentName, string>> = {
  production: "prod",
  staging: "stg",
  development: "dev",
};

/** Short form of an environment as it stands in names: production → prod, staging → stg, development → dev. */
export function environmentSegment(environment: EnvironmentName): string {
  return segments[environment];
}

/**
 * The name of a resource: `{project}-{environment}-{type}[-{qualifier}]-{region}`.
 *
 * Longer names than the type's AWS limit are cut before the region and carry a hash of the full
 * name, so that they stay unique and the same on every machine.
 *
 * @throws when a part has characters AWS refuses, is a token, or the type has no naming rule.
 */
export function resourceName(scope: NameScope, type: NamedType, qualifier?: string): string {
  const limit: NameLimit | undefined = nameLimits[type];
  if (limit === undefined) throw unknownNameTypeError(type, Object.keys(nameLimits));
  const parts: [string, string | undefined][] = [
    ["project", scope.project],
    ["region", scope.region],
    ["qualifier", qualifier],
  ];
  for (const [part, value] of parts) {
    if (value === undefined) continue;
    if (Token.isUnresolved(value)) throw unresolvedNameError(part, value);
    if (!SEGMENT.test(value)) throw nameCharactersError(type, part, value, SEGMENT_WORDS);
  }
  if (!LEADING_LETTER.test(scope.project)) {
    throw nameCharactersError(type, "project", scope.project, `${SEGMENT_WORDS}, a letter first`);
  }
  const head = [scope.project, environmentSegment(scope.environment), limit.segment ?? type];
  if (qualifier !== undefined) head.push(qualifier);
  return shorten(head.join("-"), scope.region, limit.maxLength);
}

/**
 * The name of something that must be unique in the whole of AWS (an S3 bucket):
 * `{project}-{environment}-{purpose}-{accountId}-{region}`.
 *
 * @throws when the name is longer than 63 characters: a shortened bucket name could not be told
 * from the bucket it replaces.
 */
export function bucketName(scope: NameScope, purpose: string, accountId: string): string {
  const name = [scope.project, environmentSegment(scope.environment), purpose, accountId, scope.region].join(
    "-",
  );
  const { maxLength, pattern, characters } = nameLimits.s3;
  if (!pattern.test(name)) throw nameCharactersError("s3", "bucket name", name, characters);
  if (name.length > maxLength) {
    throw nameCharactersError(
      "s3",
      "bucket name",
      name,
      `at most ${maxLength} characters, found ${name.length}`,
    );
  }
  return name;
}

function shorten(head: string, region: string, maxLength: number): string {
  const full = `${head}-${region}`;
  if (full.length <= maxLength) return full;
  const hash = createHash("sha256").update(full).digest("hex").slice(0, HASH_LENGTH);
  const room = maxLength - region.length - HASH_LENGTH - 2;
  if (room < 1) return `${hash}-${region}`.slice(0, maxLength);
  return `${head.slice(0, room).replace(/-+$/, "")}-${hash}-${region}`;
}
