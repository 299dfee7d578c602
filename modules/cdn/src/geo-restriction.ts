import { oneOfFaults } from "@telemedicina/core";
import { countriesFaultText, countryFaultText, geoBrazilFaultText } from "./errors.js";
import type { GeoRestriction } from "./props.js";

const COUNTRY = /^[A-Z]{2}$/;

export function geoFaults(restriction: GeoRestriction): string[] {
  if (restriction.kind === "none") return [];
  const unknown = oneOfFaults("geoRestriction.kind", restriction.kind, ["none", "allow", "block"]);
  if (unknown.length > 0) return unknown;
  const { kind, countries } = restriction;
  if (countries.length === 0) return [countriesFaultText()];
  const strange = countries.filter((country) => !COUNTRY.test(country)).map(countryFaultText);
  const brazilStaysOut = (kind === "allow") !== countries.includes("BR");
  return [...strange, ...(brazilStaysOut ? [geoBrazilFaultText(kind)] : [])];
}

/** In CloudFront's words. */
export function geoBlock(restriction: GeoRestriction) {
  if (restriction.kind === "none") return { restrictionType: "none" };
  return {
    restrictionType: restriction.kind === "allow" ? "whitelist" : "blacklist",
    locations: [...new Set(restriction.countries)].sort(),
  };
}
