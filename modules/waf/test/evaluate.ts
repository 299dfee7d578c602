import type { StackJson } from "@telemedicina/core/testing";
import { blockingRules, labelOf, type ManagedRule, managedGroups } from "../src/managed-groups.js";
import { type RuleJson, rulesOf } from "./support.js";

/** A request as the ACL sees it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly address: string;
  readonly country: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What AWS's groups find in it: their patterns are AWS's secret, what the ACL does about it is not. */
  readonly trips: readonly ManagedRule[];
}

export interface Decision {
  readonly action: "allow" | "block";
  /** Nothing for what no rule decided. */
  readonly rule?: string;
  readonly status?: number;
  /** Rules that only counted it. */
  readonly counted: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * WAF's own way with a request, applied to the JSON: rules by priority, the first that blocks or allows decides,
 * counting ones label and go on, limits count by address. One window, that is, time stands still.
 */
export class Firewall {
  private readonly rules: readonly RuleJson[];
  private readonly seen = new Map<string, number>();

  constructor(private readonly stack: StackJson) {
    this.rules = [...rulesOf(stack.only("aws_wafv2_web_acl"))].sort((a, b) => a.priority - b.priority);
  }

  decide(request: Request): Decision {
    const labels = new Set<string>();
    const counted: string[] = [];
    for (const rule of this.rules) {
      const action = this.ask(rule, request, labels);
      if (action === "count") counted.push(rule.name);
      if (action === "allow") return { action, rule: rule.name, counted };
      if (action === "block") return { action, rule: rule.name, status: statusOf(rule), counted };
    }
    return { action: "allow", counted };
  }

  /** The last of so many like it. */
  decideLast(request: Request, times: number): Decision {
    for (let each = 1; each < times; each += 1) this.decide(request);
    return this.decide(request);
  }

  private ask(rule: RuleJson, request: Request, labels: Set<string>): string | undefined {
    const group = rule.statement["managed_rule_group_statement"];
    if (group !== undefined) return askGroup(rule, group, request, labels);
    if (!this.matches(rule, request, labels)) return undefined;
    for (const { name } of rule.rule_label ?? []) labels.add(name);
    return Object.keys(rule.action ?? {})[0];
  }

  private matches(rule: RuleJson, request: Request, labels: ReadonlySet<string>): boolean {
    const rate = rule.statement["rate_based_statement"];
    if (rate === undefined) return this.holds(rule.statement, request, labels);
    const scope = rate["scope_down_statement"] as Json | undefined;
    if (scope !== undefined && !this.holds(scope, request, labels)) return false;
    const address = clientOf(rate["forwarded_ip_config"] as Json | undefined, request);
    if (address === undefined) return false;
    const key = `${rule.name} ${address}`;
    const count = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, count);
    return count > (rate["limit"] as number);
  }

  private holds(statement: Json, request: Request, labels: ReadonlySet<string>): boolean {
    const [[kind = "", value] = []] = Object.entries(statement);
    const inner = value as Json;
    const all = (inner["statement"] ?? []) as readonly Json[];
    switch (kind) {
      case "and_statement":
        return all.every((each) => this.holds(each, request, labels));
      case "or_statement":
        return all.some((each) => this.holds(each, request, labels));
      case "not_statement":
        return !all.every((each) => this.holds(each, request, labels));
      case "byte_match_statement":
        return this.byteMatches(inner, request);
      case "regex_match_statement":
        return new RegExp(inner["regex_string"] as string).test(part(inner, request));
      case "geo_match_statement": {
        const known = clientOf(inner["forwarded_ip_config"] as Json | undefined, request) !== undefined;
        return known && (inner["country_codes"] as string[]).includes(request.country);
      }
      case "ip_set_reference_statement": {
        const address = clientOf(inner["ip_set_forwarded_ip_config"] as Json | undefined, request);
        return address !== undefined && this.addresses(inner["arn"] as string).includes(`${address}/32`);
      }
      case "label_match_statement":
        return labels.has(inner["key"] as string);
      default:
        throw new Error(`no rule of these tests has a ${kind}`);
    }
  }

  private byteMatches(inner: Json, request: Request): boolean {
    if (inner["positional_constraint"] !== "EXACTLY")
      throw new Error("no rule of these tests looks otherwise");
    return part(inner, request) === inner["search_string"];
  }

  /** Of the set that the reference points to. */
  private addresses(reference: string): readonly string[] {
    const address = /^\$\{(.+)\.arn\}$/.exec(reference)?.[1] ?? "";
    return this.stack.at(address)["addresses"] as readonly string[];
  }
}

function askGroup(
  rule: RuleJson,
  group: Json,
  request: Request,
  labels: Set<string>,
): "block" | "count" | undefined {
  const facts = Object.values(managedGroups).find(({ name }) => name === group["name"]);
  const found = request.trips.filter((each) => Object.hasOwn(facts?.rules ?? {}, each));
  if (found.length === 0) return undefined;
  const overrides = (group["rule_action_override"] ?? []) as readonly { readonly name: string }[];
  const counts = rule.override_action?.["count"] !== undefined;
  const blocks = found.find(
    (each) => !counts && blockingRules.includes(each) && !overrides.some(({ name }) => name === each),
  );
  for (const each of found) labels.add(labelOf(each));
  return blocks === undefined ? "count" : "block";
}

function clientOf(config: Json | undefined, request: Request): string | undefined {
  return config === undefined
    ? request.address
    : request.headers[(config["header_name"] as string).toLowerCase()];
}

function part(inner: Json, { method, path }: Request): string {
  const field = Object.keys(inner["field_to_match"] as Json)[0];
  const transformations = inner["text_transformation"] as readonly { readonly type: string }[];
  const text = { method, uri_path: path }[field ?? ""];
  if (text === undefined) throw new Error(`no rule of these tests looks at ${field}`);
  return transformations.reduce((value, { type }) => transformed(value, type), text);
}

function transformed(text: string, type: string): string {
  if (type === "NONE") return text;
  if (type === "URL_DECODE") return decodeURIComponent(text);
  if (type !== "NORMALIZE_PATH") throw new Error(`no rule of these tests does ${type}`);
  const kept: string[] = [];
  for (const segment of text.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}${text.endsWith("/") && kept.length > 0 ? "/" : ""}`;
}

function statusOf(rule: RuleJson): number {
  const block = rule.action?.["block"] as { readonly custom_response?: { readonly response_code: number } };
  return block?.custom_response?.response_code ?? 403;
}
