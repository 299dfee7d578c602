import type { StackJson } from "@telemedicina/core/testing";
import { bucketOf } from "./support.js";

/** A rule as it stands in the JSON. */
interface JsonRule {
  readonly id: string;
  readonly status: string;
  readonly filter: readonly { readonly prefix?: string }[];
  readonly expiration?: readonly {
    readonly days?: number;
    readonly expired_object_delete_marker?: boolean;
  }[];
  readonly noncurrent_version_expiration?: readonly {
    readonly noncurrent_days: number;
    readonly newer_noncurrent_versions?: number;
  }[];
  readonly transition?: readonly { readonly days: number; readonly storage_class: string }[];
}

/** What S3 does to an object with a key, written from S3's documentation and not from our plan. */
export interface Fate {
  /** Age at which the current version is hidden, in days. Undefined: never. */
  readonly expires: number | undefined;
  /** Days after which a version that is no longer current is destroyed. Undefined: never. */
  readonly oldVersionsGo: number | undefined;
  readonly classes: readonly (readonly [days: number, storageClass: string])[];
}

/**
 * S3's semantics: a rule applies when it is enabled and the key starts with its prefix, byte by byte;
 * no filter at all is the whole bucket; where several rules say when an object expires, the earliest wins.
 */
export function fate(rules: readonly JsonRule[], key: string): Fate {
  const applying = rules.filter(
    (rule) =>
      rule.status === "Enabled" &&
      (rule.filter ?? [{}]).every(
        (filter) => Buffer.from(key).indexOf(Buffer.from(filter.prefix ?? "")) === 0,
      ),
  );
  const expiries = applying.flatMap((rule) => (rule.expiration ?? []).flatMap(({ days }) => days ?? []));
  const destroys = applying.flatMap((rule) =>
    (rule.noncurrent_version_expiration ?? []).map(({ noncurrent_days }) => noncurrent_days),
  );
  return {
    expires: expiries.length === 0 ? undefined : Math.min(...expiries),
    oldVersionsGo: destroys.length === 0 ? undefined : Math.min(...destroys),
    classes: applying.flatMap((rule) =>
      (rule.transition ?? []).map(({ days, storage_class }) => [days, storage_class] as const),
    ),
  };
}

/** The lifecycle rules of every bucket of a stack. */
export function rulesByBucket(stack: StackJson): ReadonlyMap<string, readonly JsonRule[]> {
  return new Map(
    stack
      .all("aws_s3_bucket_lifecycle_configuration")
      .map((block) => [bucketOf(block), block.attributes["rule"] as readonly JsonRule[]]),
  );
}

export function rulesOf(stack: StackJson, bucket: string): readonly JsonRule[] {
  const found = rulesByBucket(stack).get(bucket);
  if (found === undefined) throw new Error(`No lifecycle for ${bucket}`);
  return found;
}
