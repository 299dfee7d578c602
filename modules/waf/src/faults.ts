import { logRetentionDays, reasonFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import { capacityOf, MOST_CAPACITY } from "./capacity.js";
import {
  capacityFaultText,
  contentFaultText,
  forwardedForFaultText,
  headerFaultText,
  keyRegionFaultText,
  labelFaultText,
  providerRegionFaultText,
  retentionFaultText,
  ruleNameFaultText,
  twiceFaultText,
  versionFaultText,
} from "./errors.js";
import { oneOf } from "./fault-checks.js";
import { managedGroupOrder, managedGroups } from "./managed-groups.js";
import { families, familyOf } from "./network.js";
import { pathFaults } from "./path-faults.js";
import { bodyInspectionKiBs } from "./props.js";
import { isGroupRule, type Rule } from "./rule.js";
import { ruleSet } from "./rule-set.js";
import { CLOUDFRONT_REGION, type WebAclSettings } from "./settings.js";
import { countryFaults, limitFaults, networkFaults } from "./traffic-faults.js";

const LONGEST_CONTENT = 4096;
const HEADER = /^[A-Za-z0-9_-]{1,64}$/;
const VERSION = /^Version_[0-9]+\.[0-9]+$/;
const RULE_NAME = /^(?!(?:All|Default_Action)$)[A-Za-z0-9_-]{1,128}$/;
const LABEL = /^[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+)*$/;
const RESERVED = /(?:^|:)(?:awswaf|aws|waf|rulegroup|webacl|regexpatternset|ipset|managed)(?::|$)/;

/** Everything that is wrong with the settings; capacity only where nothing else is. */
export function settingsFaults(settings: WebAclSettings): string[] {
  const faults = [
    ...scopeFaults(settings),
    ...modeFaults(settings),
    ...pathFaults(settings),
    ...limitFaults(settings),
    ...countryFaults(settings),
    ...networkFaults(settings),
    ...ownRuleFaults(settings.rules),
    ...contentFaults(settings),
    ...logFaults(settings),
  ];
  return faults.length === 0 ? capacityFaults(settings) : faults;
}

function scopeFaults({ scope, clientAddress, names, logs: { kmsKeyArn } }: WebAclSettings): string[] {
  const faults: string[] = [];
  if (scope.kind === "cloudfront") {
    const { region } = scope.provider;
    if (region !== CLOUDFRONT_REGION) faults.push(providerRegionFaultText(String(region), CLOUDFRONT_REGION));
    faults.push(...oneOf("scope.bodyInspectionKiB", scope.bodyInspectionKiB, bodyInspectionKiBs));
  }
  if (clientAddress.from === "header") {
    const { name } = clientAddress;
    if (!HEADER.test(name)) faults.push(headerFaultText("scope.clientAddress.name", name));
    else if (/^x-forwarded-for$/i.test(name)) faults.push(forwardedForFaultText(name));
  }
  if (kmsKeyArn !== undefined && !Token.isUnresolved(kmsKeyArn)) {
    const [, , , region = ""] = kmsKeyArn.split(":");
    if (region !== names.region) faults.push(keyRegionFaultText(region, names.region));
  }
  return faults;
}

function modeFaults({ mode, groups, exceptions, allowedNetworks, capacity }: WebAclSettings): string[] {
  const reasons: (readonly [string, string])[] = [];
  if (mode.action === "count") reasons.push(["mode.reason", mode.reason]);
  const faults = managedGroupOrder.flatMap((group) => {
    const props = groups[group];
    if (props.action === "count") reasons.push([`groups.${group}.reason`, props.reason]);
    if (props.version === undefined) return [];
    const sound = managedGroups[group].versioned && VERSION.test(props.version);
    return sound ? [] : [versionFaultText(`groups.${group}.version`, props.version)];
  });
  for (const [index, { reason }] of exceptions.entries())
    reasons.push([`exceptions[${index}].reason`, reason]);
  if (allowedNetworks !== undefined) reasons.push(["allowedNetworks.reason", allowedNetworks.reason]);
  if (capacity.limit === MOST_CAPACITY) reasons.push(["capacity.reason", capacity.reason]);
  return [...faults, ...reasons.flatMap(([prop, reason]) => reasonFaults(prop, reason))];
}

function ownRuleFaults(rules: readonly Rule[]): string[] {
  return rules.flatMap((rule, index) => [
    ...(RULE_NAME.test(rule.name) ? [] : [ruleNameFaultText(`rules[${index}].name`, rule.name)]),
    ...(isGroupRule(rule) ? [] : (rule.labels ?? [])).flatMap((label, place) =>
      LABEL.test(label) && !RESERVED.test(label)
        ? []
        : [labelFaultText(`rules[${index}].labels[${place}]`, label)],
    ),
  ]);
}

function contentFaults({ tooManyRequests: { contentType, content } }: WebAclSettings): string[] {
  const bytes = Buffer.byteLength(content);
  return [
    ...oneOf("tooManyRequests.contentType", contentType, ["TEXT_PLAIN", "TEXT_HTML", "APPLICATION_JSON"]),
    ...(bytes >= 1 && bytes <= LONGEST_CONTENT ? [] : [contentFaultText(bytes, LONGEST_CONTENT)]),
  ];
}

function logFaults({ logs }: WebAclSettings): string[] {
  return [
    ...(logRetentionDays.includes(logs.retentionDays)
      ? []
      : [retentionFaultText(logs.retentionDays, logRetentionDays)]),
    ...oneOf("logs.requests", logs.requests, ["all", "matched"]),
    ...oneOf("logs.queryStrings", logs.queryStrings, ["hidden", "shown"]),
    ...logs.hiddenHeaders.flatMap((name, index) =>
      HEADER.test(name) ? [] : [headerFaultText(`logs.hiddenHeaders[${index}]`, name)],
    ),
  ];
}

/** Also whether two rules have one name, which takes the whole set to see. */
function capacityFaults(settings: WebAclSettings): string[] {
  const rules = ruleSet(settings, {
    allowed: setsNeeded(settings.allowedNetworks?.cidrs ?? []),
    blocked: setsNeeded(settings.blockedNetworks),
  });
  const names = rules.map(({ rule }) => rule.name);
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  const needed = capacityOf(rules);
  return [
    ...twice.map((name) => twiceFaultText("rules: the name", name)),
    ...(needed > settings.capacity.limit
      ? [capacityFaultText(needed, settings.capacity.limit, MOST_CAPACITY)]
      : []),
  ];
}

function setsNeeded(cidrs: readonly string[]): string[] {
  return families.filter((family) => cidrs.some((cidr) => familyOf(cidr) === family));
}
