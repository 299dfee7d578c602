/** A list with at least one item. */
export type Some<Item> = readonly [Item, ...Item[]];

/** @throws when it is empty: the guards let no such list come so far */
export function some<Item>(items: readonly Item[]): Some<Item> {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error("WAF takes no empty list here");
  return [first, ...rest];
}
