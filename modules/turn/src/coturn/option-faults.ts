import { rangeFaultText, unknownFaultText } from "@telemedicina/core";
import {
  addressFaultText,
  foreignOptionFaultText,
  missingOptionFaultText,
  optionTextFaultText,
  optionTypeFaultText,
  portInRangeFaultText,
  refusedOptionFaultText,
  relayRangeFaultText,
  unknownOptionFaultText,
} from "../software-errors.js";
import { type CoturnVersion, coturnOptions, coturnVersions, refusedOptions } from "./options.js";
import { parseAddress, peerRangeFaults } from "./peer-range.js";

type Given = Readonly<Record<string, unknown>>;

/** coturn's parser ends a line at a line break and takes quotes away. */
const TEXT = /^[^\s"'](?:[^\n\r"']*[^\s"'])?$/;
/** The largest that coturn's own counters hold. */
const LARGEST_COUNT = 2 ** 31 - 1;

/** Everything that is wrong with options, which need not have passed the compiler. */
export function optionFaults(options: object, version: CoturnVersion): string[] {
  if (!coturnVersions.includes(version)) return [unknownFaultText("version", version, coturnVersions)];
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const faults = Object.entries(given).flatMap(([name, value]) => [
    ...nameFaults(name, version),
    ...valueFaults(name, value),
  ]);
  return faults.length > 0 ? faults : [...missingFaults(given), ...portFaults(given)];
}

function nameFaults(name: string, version: CoturnVersion): string[] {
  const refusal = refusedOptions[name];
  if (refusal !== undefined) return [refusedOptionFaultText(name, refusal)];
  const versions = versionsOf(name);
  if (versions.includes(version)) return [];
  if (versions.length > 0) return [foreignOptionFaultText(name, version, versions)];
  const known = Object.keys(coturnOptions).filter((each) => versionsOf(each).includes(version));
  return [unknownOptionFaultText(name, version, known)];
}

function versionsOf(name: string): readonly CoturnVersion[] {
  return isKnown(name) ? coturnOptions[name].versions : [];
}

function isKnown(name: string): name is keyof typeof coturnOptions {
  return Object.hasOwn(coturnOptions, name);
}

function valueFaults(name: string, value: unknown): string[] {
  if (!isKnown(name)) return [];
  switch (coturnOptions[name].kind) {
    case "flag":
      return typeof value === "boolean" ? [] : [optionTypeFaultText(name, value, "true or false")];
    case "port":
      return numberFaults(name, value, 1, 65_535);
    case "count":
      return numberFaults(name, value, 0, LARGEST_COUNT);
    case "text":
      return typeof value === "string" && TEXT.test(value) ? [] : [optionTextFaultText(name, value)];
    case "addresses":
      return listFaults(name, value, "addresses", (item) => addressFaults(name, item));
    case "ranges":
      return listFaults(name, value, "ranges", (item) => peerRangeFaults(name, String(item)));
    case "mappings":
      return listFaults(name, value, "pairs of public and private", (item) => mappingFaults(name, item));
  }
}

function numberFaults(name: string, value: unknown, lowest: number, highest: number): string[] {
  if (typeof value !== "number") return [optionTypeFaultText(name, value, "a number")];
  const sound = Number.isInteger(value) && value >= lowest && value <= highest;
  return sound ? [] : [rangeFaultText(name, value, lowest, highest)];
}

function listFaults(
  name: string,
  value: unknown,
  what: string,
  check: (item: unknown) => string[],
): string[] {
  return Array.isArray(value)
    ? value.flatMap(check)
    : [optionTypeFaultText(name, value, `a list of ${what}`)];
}

function addressFaults(name: string, item: unknown): string[] {
  return typeof item === "string" && parseAddress(item) ? [] : [addressFaultText(name, item)];
}

function mappingFaults(name: string, item: unknown): string[] {
  const { public: outside, private: inside } = Object(item) as { public?: unknown; private?: unknown };
  return [...addressFaults(`${name}.public`, outside), ...addressFaults(`${name}.private`, inside)];
}

/** Without these coturn starts, and answers everybody or nobody. */
function missingFaults(given: Given): string[] {
  return ["realm", "use-auth-secret", "userdb"]
    .filter((name) => given[name] === undefined || given[name] === false)
    .map(missingOptionFaultText);
}

function portFaults(given: Given): string[] {
  const [least, most] = [Number(given["min-port"] ?? 49_152), Number(given["max-port"] ?? 65_535)];
  if (least > most) return [relayRangeFaultText(least, most)];
  return ["listening-port", "tls-listening-port"].flatMap((name) => {
    const port = Number(given[name] ?? 0);
    return port >= least && port <= most ? [portInRangeFaultText(name, port, least, most)] : [];
  });
}
