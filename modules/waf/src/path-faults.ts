import { noneFaultText } from "@telemedicina/core";
import { countingRuleFaultText, everywhereFaultText, pathFaultText, twiceFaultText } from "./errors.js";
import { oneOf } from "./fault-checks.js";
import { blockingRules, type ManagedRule, managedRules } from "./managed-groups.js";
import { isPathPattern } from "./path-pattern.js";
import type { WebAclSettings } from "./settings.js";

export function pathFaults({
  uploadPaths,
  exceptions,
  loginPaths,
  webSocketPaths,
  countries,
}: WebAclSettings): string[] {
  return [
    ...exemptionFaults("uploadPaths", uploadPaths),
    ...exceptions.flatMap(({ rule, paths }, index) => [
      ...ruleFaults(`exceptions[${index}].rule`, rule),
      ...(exceptions.findIndex((other) => other.rule === rule) < index
        ? [twiceFaultText(`exceptions[${index}].rule`, rule)]
        : []),
      ...neededFaults(`exceptions[${index}].paths`, paths),
      ...exemptionFaults(`exceptions[${index}].paths`, paths),
    ]),
    ...neededFaults("loginPaths", loginPaths),
    ...patternFaults("loginPaths", loginPaths),
    ...neededFaults("webSocketPaths", webSocketPaths),
    ...exemptionFaults("webSocketPaths", webSocketPaths),
    ...exemptionFaults("countries.openPaths", countries?.openPaths ?? []),
  ];
}

function ruleFaults(prop: string, rule: ManagedRule): string[] {
  const counts = managedRules.includes(rule) && !blockingRules.includes(rule);
  return counts ? [countingRuleFaultText(prop, rule)] : oneOf(prop, rule, blockingRules);
}

function neededFaults(prop: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [noneFaultText(prop, "path")] : [];
}

/** Paths on which a rule does not hold: all of them would be no rule. */
function exemptionFaults(prop: string, paths: readonly string[]): string[] {
  return paths.flatMap((path, index) =>
    path === "/*"
      ? [everywhereFaultText(`${prop}[${index}]`, path)]
      : patternFault(`${prop}[${index}]`, path),
  );
}

function patternFaults(prop: string, paths: readonly string[]): string[] {
  return paths.flatMap((path, index) => patternFault(`${prop}[${index}]`, path));
}

function patternFault(prop: string, path: string): string[] {
  return isPathPattern(path) ? [] : [pathFaultText(prop, path)];
}
