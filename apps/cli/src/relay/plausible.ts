import type { Seed } from "./seeds.js";
import { NUMBERS, SERVICE_OF } from "./shapes/by-name.js";
import { templateFor } from "./shapes/index.js";

/** Whose values are made up, and where it would live. */
export interface Subject {
  readonly type: string;
  readonly seed: Seed;
  readonly region: string;
  readonly account: string;
}

/** Gives another attribute of the same object, or undefined if it has no such attribute or it is null. */
export type Look = (attribute: string) => unknown;

const PLACEHOLDER = /\{(\w+?)(\d*)(?::(\w+))?\}/g;

/** Where the value stands: names without indices, and the same with indices. */
export interface Spot {
  readonly path: readonly string[];
  readonly at: string;
  /** It must not equal its neighbour in a set. */
  readonly distinct: boolean;
  readonly look: Look;
}

/** A string that AWS could have answered for this attribute; `prefix` is how it surely begins. */
export function plausibleString(subject: Subject, spot: Spot, prefix: string): string {
  const template = templateFor(subject.type, spot.path) + (spot.distinct ? "-{hex8}" : "");
  const text = template.replace(PLACEHOLDER, (whole, name: string, size: string, label?: string) => {
    const where = label ? `${parentOf(spot.at)}#${label}` : spot.at;
    return draw(subject.seed, name, Number(size), where) ?? resolve(subject, spot, whole.slice(1, -1));
  });
  return text.startsWith(prefix) ? text : prefix + text;
}

export function plausibleNumber(subject: Subject, spot: Spot): number {
  if (spot.distinct) return subject.seed.integer(spot.at);
  const template = templateFor(subject.type, spot.path);
  if (/^\d+$/.test(template)) return Number(template);
  return NUMBERS.find(([pattern]) => pattern.test(spot.path.at(-1) ?? ""))?.[1] ?? 0;
}

function draw(seed: Seed, name: string, size: number, label: string): string | undefined {
  switch (name) {
    case "hex":
      return seed.hex(size, label);
    case "digits":
      return seed.digits(size, label);
    case "upper":
      return seed.upper(size, label);
    case "uuid":
      return seed.uuid(label);
    case "byte":
      return String(seed.byte(label));
    default:
      return undefined;
  }
}

function resolve(subject: Subject, { path, look }: Spot, name: string): string {
  const [, family = "", ...rest] = subject.type.split("_");
  switch (name) {
    case "region":
      return subject.region;
    case "account":
      return subject.account;
    case "partition":
      return partitionOf(subject.region);
    case "service":
      return SERVICE_OF[family] ?? family;
    case "resource":
      return rest.join("-") || family;
    case "attribute":
      return path.at(-1) ?? "";
    case "prefix":
      return text(look(`${path.at(-1)}_prefix`)) ?? "terraform-";
    case "lb_kind":
      return { network: "net", gateway: "gwy" }[text(look("load_balancer_type")) ?? ""] ?? "app";
    case "waf_scope":
      return look("scope") === "CLOUDFRONT" ? "global" : "regional";
    default:
      return text(look(name)) ?? subject.seed.hex(12, name);
  }
}

function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function parentOf(at: string): string {
  return at.slice(0, Math.max(0, at.lastIndexOf(".")));
}
