import { rangeFaultText } from "@telemedicina/core";
import { networkFaults } from "../coturn/peer-range.js";
import { formatFaultText, overlapFaultText, tokenFaultText } from "../software-errors.js";
import type { TurnHostSettings } from "./settings.js";

const REGION = /^[a-z]{2}(-[a-z]+)+-[1-9]$/;
const ENVIRONMENT = /^[a-z][a-z0-9-]*$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const EMAIL = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/;
const URL = /^https:\/\/[A-Za-z0-9.-]+(:\d+)?\/[\w./-]*$/;
/** As Auto Scaling, Secrets Manager and CloudWatch Logs take them, without what a shell or JSON would have to quote. */
const NAME = /^[A-Za-z0-9_./#@+=-]{1,255}$/;
const LONGEST_SECONDS = 604_800;
/** Two days: the longest that Auto Scaling keeps an instance waiting. */
const LONGEST_DRAIN_SECONDS = 172_800;

/** Everything that is wrong with the settings. */
export function settingsFaults(settings: TurnHostSettings): string[] {
  const { credentialTtlSeconds: ttl, secretOverlapSeconds: overlap } = settings;
  return [
    ...textFaults(settings),
    ...networkFaults("vpcCidrs", settings.vpcCidrs),
    ...(settings.vpcCidrs.length > 0
      ? []
      : [formatFaultText("vpcCidrs", "", "at least the VPC's IPv4 network")]),
    ...range("totalQuota", settings.totalQuota, 1, 16_384),
    ...range("userQuota", settings.userQuota, 1, 1000),
    ...range("maxBps", settings.maxBps, 12_500, 125_000_000),
    ...range("credentialTtlSeconds", ttl, 1, LONGEST_SECONDS),
    ...range("secretOverlapSeconds", overlap, 1, LONGEST_SECONDS),
    ...(overlap < ttl ? [overlapFaultText(overlap, ttl)] : []),
    ...range("drainSeconds", settings.drainSeconds, 0, LONGEST_DRAIN_SECONDS),
  ];
}

function textFaults(settings: TurnHostSettings): string[] {
  const name = "1 to 255 letters, digits and _ . / # @ + = -";
  const names = [
    "groupName",
    "launchHook",
    "terminateHook",
    "secretName",
    "certificateSecretName",
    "logGroupName",
    "metricNamespace",
  ] as const;
  return [
    ...text("region", settings.region, REGION, "a region such as sa-east-1"),
    ...text("environment", settings.environment, ENVIRONMENT, "lower-case letters, digits and -"),
    ...text("hostName", settings.hostName, HOST, "a host name in lower case, such as turn-a.example.com"),
    ...text("realm", settings.realm, HOST, "a domain in lower case, such as example.com"),
    ...names.flatMap((prop) => text(prop, settings[prop], NAME, name)),
    ...text("acmeEmail", settings.acmeEmail, EMAIL, "an e-mail address"),
    ...(settings.acmeDirectory === undefined
      ? []
      : text("acmeDirectory", settings.acmeDirectory, URL, "the https address of an ACME directory")),
  ];
}

function text(prop: string, found: string, pattern: RegExp, allowed: string): string[] {
  if (found.includes("${")) return [tokenFaultText(prop, found)];
  return pattern.test(found) ? [] : [formatFaultText(prop, found, allowed)];
}

function range(prop: string, found: number, lowest: number, highest: number): string[] {
  const sound = Number.isInteger(found) && found >= lowest && found <= highest;
  return sound ? [] : [rangeFaultText(prop, found, lowest, highest)];
}
