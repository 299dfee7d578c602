/** Where S3 keeps an object, from the dearest to the cheapest; objects only ever move down this line. */
export const storageClasses = [
  "STANDARD",
  "STANDARD_IA",
  "INTELLIGENT_TIERING",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;

export type StorageClass = (typeof storageClasses)[number];

export interface Transition {
  /** Days since the object was created. */
  readonly afterDays: number;
  readonly storageClass: Exclude<StorageClass, "STANDARD">;
}

/** One lifecycle rule of a bucket, as data. Days count from the creation of the object, wherever a rule does not say otherwise. */
export interface LifecycleRule {
  /** Unique in the bucket. */
  readonly id: string;
  /** Keys that start with it, compared character by character; `""` is the whole bucket. */
  readonly prefix: string;
  readonly transitions?: readonly Transition[] | undefined;
  /** In a versioned bucket this hides the object behind a delete marker; `noncurrent` is what destroys it. */
  readonly expireAfterDays?: number | undefined;
  /** What happens to versions that were overwritten, deleted or expired. */
  readonly noncurrent?: NoncurrentVersions | undefined;
  readonly abortUploadsAfterDays?: number | undefined;
  /** Removes delete markers with no version behind them. Destroys nothing. */
  readonly removeLoneDeleteMarkers?: true | undefined;
}

export interface NoncurrentVersions {
  /** Destroys a version for good this many days after it stopped being the current one. */
  readonly expireAfterDays: number;
  /** So many newer old versions must exist before one goes. */
  readonly keepNewest?: number | undefined;
}

/** How long everything under a prefix must be kept; no rule of the bucket may undercut it. */
export interface RetentionFloor {
  readonly prefix: string;
  /** Least age at which an object may expire, in days; `Infinity` forbids expiry. */
  readonly days: number;
  /** Least days that an old version must be kept for. */
  readonly noncurrentDays: number;
}
