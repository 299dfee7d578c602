import {
  earlyInfrequentAccessFaultText,
  emptyRuleFaultText,
  expiryBeforeMoveFaultText,
  floorFaultText,
  keepNewestFaultText,
  ruleDaysFaultText,
  ruleIdFaultText,
  rulePrefixFaultText,
  uphillFaultText,
} from "./errors.js";
import { type LifecycleRule, type RetentionFloor, storageClasses } from "./lifecycle-rule.js";

/** S3's own minimum before a move to these. */
const INFREQUENT_ACCESS_DAYS = 30;
const infrequentAccess: readonly string[] = ["STANDARD_IA", "ONEZONE_IA"];

/** What S3 would refuse, or would do otherwise than it reads, and what undercuts a floor. */
export function lifecycleFaults(
  rules: readonly LifecycleRule[],
  floors: readonly RetentionFloor[] = [],
): string[] {
  const repeated = rules.filter((rule, index) => rules.findIndex(({ id }) => id === rule.id) !== index);
  return [
    ...repeated.map(({ id }) => ruleIdFaultText(id)),
    ...rules.flatMap((rule) => [
      ...prefixFaults(rule),
      ...dayFaults(rule),
      ...transitionFaults(rule),
      ...(isEmpty(rule) ? [emptyRuleFaultText(rule.id)] : []),
      ...floors.flatMap((floor) => floorFaults(rule, floor)),
    ]),
  ];
}

function prefixFaults({ id, prefix }: LifecycleRule): string[] {
  if (prefix === "" || (prefix.endsWith("/") && !prefix.startsWith("/"))) return [];
  return [rulePrefixFaultText(id, prefix)];
}

function dayFaults(rule: LifecycleRule): string[] {
  const { id, transitions = [], noncurrent } = rule;
  const figures: readonly (readonly [string, number | undefined])[] = [
    ...transitions.map((move) => [`a move to ${move.storageClass} after`, move.afterDays] as const),
    ["expireAfterDays", rule.expireAfterDays],
    ["noncurrent.expireAfterDays", noncurrent?.expireAfterDays],
    ["abortUploadsAfterDays", rule.abortUploadsAfterDays],
  ];
  const wrong = figures.flatMap(([what, days]) =>
    days === undefined || (Number.isInteger(days) && days >= 1) ? [] : [ruleDaysFaultText(id, what, days)],
  );
  const kept = noncurrent?.keepNewest;
  const countable = kept === undefined || (Number.isInteger(kept) && kept >= 1 && kept <= 100);
  return countable ? wrong : [...wrong, keepNewestFaultText(id, kept)];
}

function transitionFaults({ id, transitions = [], expireAfterDays }: LifecycleRule): string[] {
  const early = transitions
    .filter((move) => infrequentAccess.includes(move.storageClass) && move.afterDays < INFREQUENT_ACCESS_DAYS)
    .map((move) => earlyInfrequentAccessFaultText(id, move.storageClass, move.afterDays));
  const uphill = transitions.slice(1).flatMap((move, index) => {
    const before = transitions[index];
    if (before === undefined) return [];
    const down =
      storageClasses.indexOf(move.storageClass) > storageClasses.indexOf(before.storageClass) &&
      move.afterDays > before.afterDays;
    return down ? [] : [uphillFaultText(id, before.storageClass, move.storageClass)];
  });
  const late = transitions.filter(
    (move) => expireAfterDays !== undefined && move.afterDays >= expireAfterDays,
  );
  return [
    ...early,
    ...uphill,
    ...late.map((move) =>
      expiryBeforeMoveFaultText(id, Number(expireAfterDays), move.storageClass, move.afterDays),
    ),
  ];
}

function isEmpty(rule: LifecycleRule): boolean {
  return (
    (rule.transitions ?? []).length === 0 &&
    rule.expireAfterDays === undefined &&
    rule.noncurrent === undefined &&
    rule.abortUploadsAfterDays === undefined &&
    rule.removeLoneDeleteMarkers === undefined
  );
}

function floorFaults(rule: LifecycleRule, floor: RetentionFloor): string[] {
  if (!overlap(rule.prefix, floor.prefix)) return [];
  const { id, expireAfterDays: expiry, noncurrent } = rule;
  const faults: string[] = [];
  if (expiry !== undefined && expiry < floor.days) {
    faults.push(floorFaultText(id, `expires objects after ${expiry} days`, period(floor.days), floor.prefix));
  }
  if (noncurrent !== undefined && noncurrent.expireAfterDays < floor.noncurrentDays) {
    const what = `destroys old versions after ${noncurrent.expireAfterDays} days`;
    faults.push(floorFaultText(id, what, period(floor.noncurrentDays), floor.prefix));
  }
  return faults;
}

/** Some key starts with both exactly when one prefix starts with the other. */
function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function period(days: number): string {
  return days === Number.POSITIVE_INFINITY ? "for ever" : `${days} days`;
}
