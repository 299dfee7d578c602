import { noneFaultText, rangeFaultText } from "@telemedicina/core";
import { isCountry } from "./countries.js";
import { countryFaultText, homeFaultText, loginLimitFaultText, networkFaultText } from "./errors.js";
import { oneOf, range } from "./fault-checks.js";
import { isNetwork } from "./network.js";
import type { LimitSettings, WebAclSettings } from "./settings.js";
import { evaluationWindows } from "./statement.js";

/** WAF's most in one set. */
const MOST_NETWORKS = 10_000;

export function limitFaults({ rateLimits }: WebAclSettings): string[] {
  const faults = Object.entries(rateLimits).flatMap(([name, { requests, windowSeconds }]) => [
    ...range(`rateLimits.${name}.requests`, requests, 10, 2_000_000_000),
    ...oneOf(`rateLimits.${name}.windowSeconds`, windowSeconds, evaluationWindows),
  ]);
  if (faults.length > 0) return faults;
  const { login, everything } = rateLimits;
  return perSecond(login) < perSecond(everything)
    ? []
    : [loginLimitFaultText(words(login), words(everything))];
}

function perSecond({ requests, windowSeconds }: LimitSettings): number {
  return requests / windowSeconds;
}

function words({ requests, windowSeconds }: LimitSettings): string {
  return `${requests} in ${windowSeconds} seconds`;
}

export function countryFaults({ countries, homeCountries }: WebAclSettings): string[] {
  const faults = codeFaults("homeCountries", homeCountries);
  if (countries === undefined) return faults;
  faults.push(...oneOf("countries.kind", countries.kind, ["all", "only", "except"]));
  if (countries.countries.length === 0) faults.push(noneFaultText("countries.countries", "country"));
  faults.push(...codeFaults("countries.countries", countries.countries));
  if (faults.length > 0) return faults;
  return homeCountries
    .filter((home) => countries.countries.includes(home) === (countries.kind === "except"))
    .map((home) => homeFaultText(home, countries.kind));
}

function codeFaults(prop: string, codes: readonly string[]): string[] {
  return codes.flatMap((code, index) =>
    isCountry(code) ? [] : [countryFaultText(`${prop}[${index}]`, code)],
  );
}

export function networkFaults({ allowedNetworks, blockedNetworks }: WebAclSettings): string[] {
  if (allowedNetworks?.cidrs.length === 0) return [noneFaultText("allowedNetworks.cidrs", "network")];
  return [
    ...cidrFaults("allowedNetworks.cidrs", allowedNetworks?.cidrs ?? []),
    ...cidrFaults("blockedNetworks", blockedNetworks),
  ];
}

function cidrFaults(prop: string, cidrs: readonly string[]): string[] {
  if (cidrs.length > MOST_NETWORKS) return [rangeFaultText(`${prop}.length`, cidrs.length, 1, MOST_NETWORKS)];
  return cidrs.flatMap((cidr, index) =>
    isNetwork(cidr) ? [] : [networkFaultText(`${prop}[${index}]`, cidr)],
  );
}
