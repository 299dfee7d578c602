import { UserError } from "../errors.js";
import type { SynthesizedStack } from "../synth.js";

/** The stack of that area with every stack it needs, in the order given; all stacks without an area. */
export function selectStacks(
  stacks: readonly SynthesizedStack[],
  area: string | undefined,
): readonly SynthesizedStack[] {
  if (area === undefined) return stacks;
  const chosen = stacks.find((stack) => stack.area === area);
  if (chosen === undefined) {
    const known = stacks.map((stack) => stack.area).join(", ");
    throw new UserError(
      `--stack: there is no stack "${area}" in ${stacks[0]?.environment ?? "this environment"}. Known: ${known}. ` +
        "Name one of them, or leave --stack out to rehearse all.",
    );
  }
  const wanted = new Set<string>();
  const add = (stack: SynthesizedStack): void => {
    wanted.add(stack.name);
    for (const name of stack.dependencies) {
      const dependency = stacks.find((other) => other.name === name);
      if (dependency !== undefined && !wanted.has(name)) add(dependency);
    }
  };
  add(chosen);
  return stacks.filter((stack) => wanted.has(stack.name));
}
