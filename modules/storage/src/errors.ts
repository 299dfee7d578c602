export function unknownPurposeFaultText(found: string, allowed: readonly string[]): string {
  return `purpose is "${found}". Allowed: ${allowed.join(", ")}.`;
}

export function accountFaultText(found: string): string {
  return `accountId is "${found}". Allowed: the 12 digits of the account, known at synth time: they are part of the bucket's name.`;
}

export function missingKeyFaultText(purpose: string, found: unknown): string {
  return (
    `kmsKeyArn is ${JSON.stringify(found)}. Allowed for ${purpose}: the ARN of a KMS key (arn:aws:kms:…:key/…), not an alias. ` +
    "Only assets and access-logs are encrypted with S3's own keys."
  );
}

export function originsFaultText(found: readonly string[] | undefined, purpose: string): string {
  return (
    `corsOrigins is ${JSON.stringify(found)}. Allowed for ${purpose}: at least one origin, such as https://app.example.com. ` +
    "A browser that gets no permission for its origin refuses what the bucket answers."
  );
}

export function originFaultText(found: string, localAllowed: boolean): string {
  const local = localAllowed ? " or http://localhost with an optional port" : "";
  return (
    `corsOrigins has "${found}". Allowed: https:// with a host name and an optional port, no path and no wildcard${local}. ` +
    "Name each origin that serves the application."
  );
}

export function daysFaultText(prop: string, found: number, minimum: number): string {
  return `${prop} is ${found}. Allowed: a whole number of days, at least ${minimum}.`;
}

export function applicationLogFloorFaultText(found: number, floor: number): string {
  return (
    `retention.applicationLogDays is ${found}. Allowed in production: at least ${floor}, the seven years of the retention table. ` +
    "Shorter periods are for development and staging."
  );
}

export function clinicalFloorFaultText(found: number, floor: number, legal: number): string {
  return (
    `retention.clinicalRetentionYears is ${found}. Allowed: a whole number of years, at least ${floor}. ` +
    `${floor} is the strategy's floor, ${legal} what Lei 13.787/2018 art. 6 asks for: shorter would destroy medical records before their time.`
  );
}

export function roleArnFaultText(prop: string, found: string): string {
  return (
    `${prop} has "${found}". Allowed: ARNs of roles, such as arn:aws:iam::111111111111:role/app, without wildcards. ` +
    "Sessions of a role count as the role; users, whole accounts and patterns are not named here."
  );
}

export function duplicateFaultText(prop: string, found: string): string {
  return `${prop} has "${found}" twice. Allowed: each once. Remove one.`;
}

export function lockYearsFaultText(found: unknown): string {
  return `objectLock.retentionYears is ${JSON.stringify(found)}. Allowed: a whole number of years from 1 to 100.`;
}

export function lockModeFaultText(found: unknown): string {
  return `objectLock.mode is ${JSON.stringify(found)}. Allowed: governance, compliance.`;
}

export function acknowledgementFaultText(): string {
  return (
    "objectLock.mode is compliance without iUnderstandThisCannotBeUndone: true. In compliance mode nobody, the root user and AWS " +
    "included, can delete a version or shorten its retention; the account can only be closed. Add the acknowledgement, or use governance."
  );
}

export function unprotectedFaultText(environment: string): string {
  return (
    `deletionProtection is false in ${environment}. Allowed in ${environment}: true. ` +
    "Turn it off only where the data may be lost."
  );
}

export function accessLogTargetFaultText(found: string): string {
  return (
    `accessLogs is a bucket for ${found}. Allowed: a bucket for access-logs. ` +
    "S3 delivers access logs only to buckets encrypted with S3's own keys and without Object Lock."
  );
}

export function accessLogRegionFaultText(found: string, region: string): string {
  return `accessLogs is a bucket in ${found}. Allowed: one in ${region}. S3 delivers access logs only within a region.`;
}

export function accessLogLoopFaultText(): string {
  return "accessLogs is set on a bucket for access-logs. Allowed: nothing. Logs about the delivery of logs never end.";
}

export function providerRegionFaultText(found: string, region: string): string {
  return (
    `provider is set up for ${found}, names.region is ${region}. Allowed: a provider of ${region}. ` +
    "The name would say one region and the bucket be in another."
  );
}

export function ruleIdFaultText(id: string): string {
  return `lifecycle rule "${id}" is there twice. Allowed: each id once in a bucket. Rename one.`;
}

export function rulePrefixFaultText(id: string, prefix: string): string {
  return (
    `lifecycle rule "${id}" has the prefix "${prefix}". Allowed: the whole bucket (""), or a prefix that ends and does not start with a slash, such as app/. ` +
    "S3 compares characters, not folders: the prefix app would also hit appointment-logs/."
  );
}

export function ruleDaysFaultText(id: string, what: string, found: number): string {
  return `lifecycle rule "${id}" has ${what} ${found}. Allowed: a whole number of days, at least 1.`;
}

export function keepNewestFaultText(id: string, found: number): string {
  return `lifecycle rule "${id}" keeps the ${found} newest old versions. Allowed: 1 to 100.`;
}

export function emptyRuleFaultText(id: string): string {
  return `lifecycle rule "${id}" does nothing. Allowed: at least one action. Remove the rule, or give it one.`;
}

export function earlyInfrequentAccessFaultText(id: string, storageClass: string, found: number): string {
  return (
    `lifecycle rule "${id}" moves to ${storageClass} after ${found} days. Allowed: 30 or more. ` +
    "S3 refuses an earlier move to it."
  );
}

export function uphillFaultText(id: string, from: string, to: string): string {
  return (
    `lifecycle rule "${id}" moves from ${from} to ${to}. Allowed: only to a class further down the line, on a later day ` +
    "(STANDARD, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE)."
  );
}

export function expiryBeforeMoveFaultText(
  id: string,
  expiry: number,
  storageClass: string,
  days: number,
): string {
  return (
    `lifecycle rule "${id}" expires after ${expiry} days and moves to ${storageClass} after ${days}. ` +
    "Allowed: an expiry later than the last move. Raise it, or drop the move."
  );
}

export function floorFaultText(id: string, what: string, kept: string, prefix: string): string {
  const place = prefix === "" ? "everything in the bucket" : `what is under ${prefix}`;
  return (
    `lifecycle rule "${id}" ${what}, but ${place} is kept ${kept}. ` +
    "Allowed: a rule that does not reach it, or that keeps it as long. Give the rule a prefix of its own."
  );
}

export function duplicateStatementError(path: string, sid: string): Error {
  return new Error(
    `${path} has two policy statements with the Sid "${sid}". Allowed: each Sid once in a bucket's policy. ` +
      "Name the second after what it is for.",
  );
}

export function sealedPolicyError(path: string, sid: string): Error {
  return new Error(
    `The policy statement "${sid}" comes too late for ${path}: its policy has been written. ` +
      "Add statements while the stacks are being built, before app.synth().",
  );
}

export function policySizeError(path: string, found: number, limit: number): Error {
  return new Error(
    `The policy of ${path} has ${found} bytes. Allowed: ${limit}, S3's limit for a bucket policy. ` +
      "Merge statements of the same shape, or name fewer principals.",
  );
}

export function sameRegionFaultText(region: string): string {
  return (
    `source and destination are both in ${region}. Allowed: a destination in another region. ` +
    "A copy beside the original is lost with it."
  );
}

export function purposeMismatchFaultText(source: string, destination: string): string {
  return (
    `source is a bucket for ${source}, destination one for ${destination}. Allowed: the same purpose. ` +
    "The copy would have another policy and another lifecycle than the original."
  );
}

export function monthFaultText(found: string): string {
  return `firstMonth is "${found}". Allowed: the year and month of the oldest record as yyyy/MM, such as 2024/01.`;
}

export function tableBucketFaultText(found: string): string {
  return `bucket is one for ${found}. Allowed: a bucket for logs, where appointment-logs/ is.`;
}

export function scanLimitFaultText(found: number): string {
  return `scanLimitGib is ${found}. Allowed: a whole number of GiB, at least 1.`;
}

export function replicaProviderFaultText(): string {
  return (
    "replication.provider is the stack's default provider. Allowed: a provider with an alias for the other region. " +
    "The replicas would be made beside the originals."
  );
}
