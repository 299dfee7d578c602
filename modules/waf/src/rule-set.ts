import type { ClientAddress } from "./client-address.js";
import { addressIn, and, countryIn, labelledBy, methodIs, not } from "./conditions.js";
import {
  groupOf,
  type ManagedRule,
  managedGroupOrder,
  managedGroups,
  managedRules,
} from "./managed-groups.js";
import { type PathPattern, pathIn } from "./path-pattern.js";
import {
  type Block,
  type GroupRule,
  isGroupRule,
  type MatchRule,
  type PlacedRule,
  type RateRule,
  type Rule,
} from "./rule.js";
import type { CountrySettings, LimitSettings, WebAclSettings } from "./settings.js";
import { some } from "./some.js";
import type { ScopeDown } from "./statement.js";

/** Key of the body that a client over its limit gets. */
export const TOO_MANY_REQUESTS = "too-many-requests";

/** ARNs of the sets with the networks that were given. */
export interface AddressSets {
  readonly allowed: readonly string[];
  readonly blocked: readonly string[];
}

/** What uploads run into: a file is long, and its bytes look like anything. */
const uploadRules: readonly ManagedRule[] = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY"];

/** Room between the places, so that a new rule moves no other. */
const place = { allowed: 10, blocked: 20, countries: 30, webSockets: 40, login: 50, everything: 60 } as const;
const FIRST_GROUP = 100;
const FIRST_EXCEPTION = 200;
const FIRST_OWN = 1000;

/**
 * The rules in AWS's order of asking: who may come at all, how often, then what the request carries. The first that
 * blocks or allows decides; what none decides is allowed.
 */
export function ruleSet(settings: WebAclSettings, sets: AddressSets): readonly PlacedRule[] {
  const rules = [
    ...networkRules(settings, sets),
    ...countryRules(settings),
    ...rateRules(settings),
    ...groupRules(settings),
    ...exceptionRules(settings),
    ...settings.rules.map((rule, index) => ({ priority: FIRST_OWN + index, rule })),
  ];
  const asked = rules.sort((first, second) => first.priority - second.priority);
  return settings.mode.action === "block" ? asked : asked.map(counting);
}

/** Each of AWS's rules that does not block everywhere, with the paths where it does not. */
function exceptionPaths({
  uploadPaths,
  exceptions,
}: Pick<WebAclSettings, "uploadPaths" | "exceptions">): ReadonlyMap<ManagedRule, readonly PathPattern[]> {
  const wishes = [
    ...(uploadPaths.length === 0 ? [] : uploadRules.map((rule) => ({ rule, paths: uploadPaths }))),
    ...exceptions,
  ];
  return new Map(
    wishes.map(({ rule }) => [
      rule,
      wishes.filter((other) => other.rule === rule).flatMap(({ paths }) => paths),
    ]),
  );
}

function networkRules({ clientAddress }: WebAclSettings, sets: AddressSets): PlacedRule[] {
  return [
    ...addressRule("allowed-networks", place.allowed, { kind: "allow" }, sets.allowed, clientAddress),
    ...addressRule("blocked-networks", place.blocked, { kind: "block" }, sets.blocked, clientAddress),
  ];
}

function addressRule(
  name: string,
  priority: number,
  action: MatchRule["action"],
  arns: readonly string[],
  address: ClientAddress,
): PlacedRule[] {
  if (arns.length === 0) return [];
  const statement = addressIn(some(arns), address);
  return [{ priority, rule: { name, labels: [name], action, statement } }];
}

function countryRules({ countries, clientAddress }: WebAclSettings): PlacedRule[] {
  if (countries === undefined) return [];
  const rule: MatchRule = {
    name: "countries",
    labels: ["countries"],
    action: { kind: "block" },
    statement: foreign(countries, clientAddress),
  };
  return [{ priority: place.countries, rule }];
}

function foreign(
  { kind, countries, openPaths }: CountrySettings,
  address: ClientAddress,
): MatchRule["statement"] {
  const listed = countryIn(some(countries), address);
  const shut = kind === "only" ? not(listed) : listed;
  return openPaths.length === 0 ? shut : and(shut, not(pathIn(some(openPaths))));
}

function rateRules({ rateLimits, clientAddress, loginPaths, webSocketPaths }: WebAclSettings): PlacedRule[] {
  const webSockets = pathIn(some(webSocketPaths));
  const logins = and(methodIs("POST"), pathIn(some(loginPaths)));
  const rate = (name: string, limit: LimitSettings, scope: ScopeDown): RateRule => ({
    name,
    labels: [name],
    action: tooManyRequests(limit),
    statement: {
      kind: "rate",
      limit: limit.requests,
      windowSeconds: limit.windowSeconds,
      address: clientAddress,
      scope,
    },
  });
  return [
    { priority: place.webSockets, rule: rate("rate-web-sockets", rateLimits.webSockets, webSockets) },
    { priority: place.login, rule: rate("rate-login", rateLimits.login, logins) },
    { priority: place.everything, rule: rate("rate-everything", rateLimits.everything, not(webSockets)) },
  ];
}

/** After the window an address that keeps quiet is free again. */
function tooManyRequests({ windowSeconds }: LimitSettings): Block {
  return {
    kind: "block",
    response: {
      status: 429,
      bodyKey: TOO_MANY_REQUESTS,
      headers: { "Retry-After": String(windowSeconds), "Cache-Control": "no-store" },
    },
  };
}

function groupRules(settings: WebAclSettings): PlacedRule[] {
  const excepted = [...exceptionPaths(settings).keys()];
  return managedGroupOrder.map((group, index) => {
    const { action, version } = settings.groups[group];
    const counted = excepted.filter((rule) => groupOf(rule) === group);
    const rule: GroupRule = {
      name: managedGroups[group].name,
      mode: action,
      statement: { kind: "managedGroup", group, version, counted },
    };
    return { priority: FIRST_GROUP + index * 10, rule };
  });
}

/** The group only labels what an excepted rule finds; this blocks it on every other path. */
function exceptionRules(settings: WebAclSettings): PlacedRule[] {
  return [...exceptionPaths(settings)].map(([managed, paths]) => {
    const counted = settings.groups[groupOf(managed)].action === "count";
    const rule: MatchRule = {
      name: `elsewhere-${managed}`,
      labels: [`elsewhere-${managed}`],
      action: counted ? { kind: "count" } : { kind: "block" },
      statement: and(labelledBy(managed), not(pathIn(some(paths)))),
    };
    return { priority: FIRST_EXCEPTION + managedRules.indexOf(managed), rule };
  });
}

function counting({ priority, rule }: PlacedRule): PlacedRule {
  return { priority, rule: countingRule(rule) };
}

function countingRule(rule: Rule): Rule {
  if (isGroupRule(rule)) return { ...rule, mode: "count" };
  return rule.action.kind === "block" ? { ...rule, action: { kind: "count" } } : rule;
}
