import { turnSoftwareError } from "../software-errors.js";
import { optionFaults } from "./option-faults.js";
import { type CoturnOptions, type CoturnVersion, coturnOptions } from "./options.js";

/**
 * Text of `turnserver.conf`. coturn starts with a configuration that it half understood, and what it did not understand
 * may be what kept the relay shut; so all is checked here.
 *
 * @throws with every fault of the options, when there is one
 */
export function coturnConfig<Version extends CoturnVersion>(
  options: CoturnOptions<Version>,
  version: Version,
): string {
  const faults = optionFaults(options, version);
  if (faults.length > 0) throw turnSoftwareError("coturnConfig", faults);
  const given: Readonly<Record<string, unknown>> = options;
  const lines = Object.keys(coturnOptions).flatMap((name) => optionLines(name, given[name]));
  return `${lines.join("\n")}\n`;
}

function optionLines(name: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [name];
  if (Array.isArray(value)) return value.map((item) => `${name}=${itemText(item)}`);
  return [`${name}=${value}`];
}

function itemText(item: string | { readonly public: string; readonly private: string }): string {
  return typeof item === "string" ? item : `${item.public}/${item.private}`;
}
