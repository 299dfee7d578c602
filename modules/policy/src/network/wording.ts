import type { Block } from "../terraform/document.js";
import type { Value } from "../terraform/resolver.js";
import type { Finding, Identity, Resolved } from "./model.js";
import type { Reading } from "./reading.js";

/** The first of these that is not a fact. */
export function firstDoubt(
  ...candidates: readonly (Resolved<unknown> | Finding | undefined)[]
): Finding | undefined {
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    if (!("ok" in candidate)) return candidate;
    if (!candidate.ok) return candidate.finding;
  }
  return undefined;
}

/** Why a block may belong to any resource of the documents: its reference is unknown, or an id of its own. */
export function attribution(
  reading: Reading,
  block: Block,
  attribute: string,
  owner: Resolved<Identity>,
): Finding {
  if (!owner.ok) return owner.finding;
  return reading.finding(
    block,
    `${attribute} is ${owner.value.text}, which may be any resource of these documents; give their ids as values, such as { "aws_subnet.a.id": "subnet-…" }`,
  );
}

/** A description as it is shown after an address; nothing when there is none. */
export function quoted(description: Value): string {
  return description.kind === "literal" ? ` "${description.value}"` : "";
}

export function unknownContents(source: string, list: string): Finding {
  return {
    address: source,
    path: undefined,
    text: `${source}: the contents of prefix list ${list} are not in the file; give them as prefixLists: { "${list}": ["…/…"] }`,
  };
}
