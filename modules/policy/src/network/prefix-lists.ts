import { parseCidr, type Range } from "../ranges.js";
import type { Block } from "../terraform/document.js";
import type { PrefixList, Resolved } from "./model.js";
import { prefixListNamed, type Reading } from "./reading.js";
import { attribution, unknownContents } from "./wording.js";

/** Every prefix list that the documents or the caller name, by identity key. */
export function readPrefixLists(
  reading: Reading,
  contents: Readonly<Record<string, readonly string[]>>,
): Map<string, PrefixList> {
  const lists = new Map<string, PrefixList>();
  for (const block of reading.resources("aws_ec2_managed_prefix_list")) {
    lists.set(reading.identityOf(block).key, { text: block.address, ranges: ownEntries(reading, block) });
  }
  for (const [name, cidrs] of Object.entries(contents)) {
    const list: PrefixList = { text: name, ranges: { ok: true, value: given(name, cidrs) } };
    lists.set(prefixListNamed(name).key, list);
    lists.set(`id ${name}`, list);
  }
  const named = [
    ...reading.data("aws_prefix_list", "aws_ec2_managed_prefix_list").map((block) => [block, "id"] as const),
    ...reading.resources("aws_vpc_endpoint").map((block) => [block, "prefix_list_id"] as const),
  ];
  for (const [block, attribute] of named) {
    const identity = reading.identity(block, attribute, { kind: "symbol", block, attribute });
    if (!identity.ok || lists.has(identity.value.key)) continue;
    const text = identity.value.text;
    const cidrs = contents[text];
    if (cidrs !== undefined) {
      lists.set(identity.value.key, { text, ranges: { ok: true, value: given(text, cidrs) } });
      continue;
    }
    lists.set(identity.value.key, {
      text,
      ranges: {
        ok: false,
        finding: { ...unknownContents(block.address, text), path: block.path },
      },
    });
  }
  return lists;
}

function ownEntries(reading: Reading, block: Block): Resolved<readonly Range[]> {
  const identity = reading.identityOf(block);
  const inline = reading.nested(block, "entry");
  const doubt = inline.doubt ?? reading.repeated(block) ?? reading.givenToModule(block);
  if (doubt !== undefined) return { ok: false, finding: doubt };
  const family = reading.text(block, "address_family", reading.fields(block)("address_family"));
  if (!family.ok) return family;
  if (family.value === "IPv6") return { ok: true, value: [] };
  const entries = (inline.blocks ?? []).map((fields) => reading.cidr(block, "entry.cidr", fields("cidr")));
  for (const entry of reading.resources("aws_ec2_managed_prefix_list_entry")) {
    const fields = reading.fields(entry);
    const owner = reading.identity(entry, "prefix_list_id", fields("prefix_list_id"));
    const belongs = reading.means(owner, identity);
    if (belongs === false) continue;
    const unsure =
      reading.repeated(entry) ??
      (belongs === undefined ? attribution(reading, entry, "prefix_list_id", owner) : undefined);
    if (unsure !== undefined) return { ok: false, finding: unsure };
    entries.push(reading.cidr(entry, "cidr", fields("cidr")));
  }
  const ranges: Range[] = [];
  for (const entry of entries) {
    if (!entry.ok) return entry;
    ranges.push(entry.value);
  }
  return { ok: true, value: ranges };
}

function given(name: string, cidrs: readonly string[]): Range[] {
  return cidrs
    .filter((cidr) => !cidr.includes(":"))
    .map((cidr) => {
      const range = parseCidr(cidr);
      if (range !== undefined) return range;
      throw new Error(
        `prefixLists["${name}"] holds "${cidr}", which is not a CIDR. Write each entry as in "13.32.0.0/15".`,
      );
    });
}
