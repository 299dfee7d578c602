import type { GeoRestriction } from "./props.js";

/** Where Route 53 asks from, and the country in which its addresses are filed. */
const checkers = {
  "us-east-1": "US",
  "us-west-1": "US",
  "us-west-2": "US",
  "eu-west-1": "IE",
  "ap-southeast-1": "SG",
  "ap-southeast-2": "AU",
  "ap-northeast-1": "JP",
  "sa-east-1": "BR",
} as const;

/** The places that a restriction lets in; `undefined`: all, those that AWS adds too. */
export function checkerRegions(restriction: GeoRestriction): readonly string[] | undefined {
  if (restriction.kind === "none") return undefined;
  const { kind, countries } = restriction;
  return Object.entries(checkers)
    .filter(([, country]) => countries.includes(country) === (kind === "allow"))
    .map(([region]) => region);
}
