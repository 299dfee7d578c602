import { encodeValue, type ObjectValue, type Value } from "./values.js";

/** Where in a value we stand: by names only, by names with indices, and with what around it. */
export interface Place {
  readonly path: readonly string[];
  readonly at: string;
  /** Every made-up string and number must differ from those of the elements beside it. */
  readonly distinct: boolean;
  readonly computedOnly: boolean;
  readonly look: (name: string) => unknown;
}

export const ROOT: Place = { path: [], at: "", distinct: false, computedOnly: false, look: () => undefined };

export function step(place: Place, name: string): Place {
  return { ...place, path: [...place.path, name], at: place.at === "" ? name : `${place.at}.${name}` };
}

export function element(place: Place, key: string | number): Place {
  return { ...place, at: `${place.at}[${key}]` };
}

export function listed(
  items: readonly Value[],
  place: Place,
  fillItem: (item: Value, place: Place) => Value,
): Value[] {
  return items.map((item, index) => fillItem(item, element(place, index)));
}

/** Two equal elements of a set would become one: the second is filled again, with values of its own. */
export function distinct(
  items: readonly Value[],
  place: Place,
  fillItem: (item: Value, place: Place) => Value,
): Value[] {
  const seen = new Set<string>();
  return items.map((item, index) => {
    const here = element(place, index);
    const filled = fillItem(item, here);
    const repeated = seen.has(encodeValue(filled).toString("base64"));
    const result = repeated ? fillItem(item, { ...here, distinct: true }) : filled;
    seen.add(encodeValue(result).toString("base64"));
    return result;
  });
}

export function mapObject(value: ObjectValue, change: (item: Value, key: string) => Value): ObjectValue {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}
