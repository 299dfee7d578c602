import { oneOfFaults, rangeFaults } from "@telemedicina/core";
import { applicationCsp } from "./application-csp.js";
import { cspFaults } from "./csp.js";
import { cacheOrderFaultText, featureFaultText } from "./errors.js";
import { domainFaults } from "./faults.js";
import { unknownFeatures } from "./permissions-policy.js";
import type { DistributionSettings } from "./settings.js";

/** Two years, what preload lists ask for at most. */
const LONGEST_HSTS_SECONDS = 63_072_000;
const YEAR_SECONDS = 31_536_000;

export function headerFaults({ headers, domain }: DistributionSettings): string[] {
  const { immutableMaxAgeSeconds, dynamicMaxAgeSeconds } = headers;
  return [
    ...rangeFaults("headers.hstsMaxAgeSeconds", headers.hstsMaxAgeSeconds, 0, LONGEST_HSTS_SECONDS),
    ...rangeFaults("headers.immutableMaxAgeSeconds", immutableMaxAgeSeconds, 0, YEAR_SECONDS),
    ...rangeFaults("headers.dynamicMaxAgeSeconds", dynamicMaxAgeSeconds, 0, YEAR_SECONDS),
    ...(dynamicMaxAgeSeconds > immutableMaxAgeSeconds
      ? [cacheOrderFaultText(immutableMaxAgeSeconds, dynamicMaxAgeSeconds)]
      : []),
    ...oneOfFaults("headers.xssProtection", headers.xssProtection, ["omit", "block"]),
    ...oneOfFaults("headers.apiCacheControl", headers.apiCacheControl, ["force", "whenAbsent"]),
    ...unknownFeatures(headers.permissions).map(featureFaultText),
    // A fault of the domain is told where the domain is.
    ...(domainFaults("domain", domain).length > 0
      ? []
      : cspFaults(applicationCsp({ domain, ...headers.csp, reportUri: headers.cspReportUri }))),
  ];
}
