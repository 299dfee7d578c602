import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * A buildspec as a project takes it: its path, or its whole text. A text stands line by line in the JSON, so that a
 * changed line of a script is a changed line in review.
 */
export function buildspec(project: Construct, pathOrText: string): string {
  if (!pathOrText.includes("\n")) return pathOrText;
  const stack = TerraformStack.of(project);
  const name = stack.getLogicalId(project.node);
  stack.addOverride(`locals.${name}`, pathOrText.split("\n").map(literal));
  return `\${join("\\n", local.${name})}`;
}

/** Strings in Terraform's JSON are templates: what looks like one, such as the shell's `${…}`, is doubled. */
function literal(line: string): string {
  return line.replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);
}
