import type { RuleFault } from "./rule.js";

/**
 * A fault for each item of a list that stands there before.
 * @param path of an item, by its place
 * @param noun what an item is, such as `role`
 */
export function* twiceFaults(
  items: readonly string[],
  path: (index: number) => string,
  noun: string,
  fix = "Remove one of the two.",
): Iterable<RuleFault> {
  for (const [index, item] of items.entries()) {
    if (items.indexOf(item) === index) continue;
    const message = `the ${noun} stands twice in the list`;
    yield { path: path(index), message, allowed: `each ${noun} once`, fix };
  }
}
