import { readFileSync } from "node:fs";

interface BlockSchema {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  /** By name: what is in it, or the name of a shared one. */
  readonly blocks?: Readonly<Record<string, BlockSchema | string>>;
}

/** The provider's own names, from `terraform providers schema -json`. */
interface RuleSchema {
  readonly provider: string;
  readonly rule: BlockSchema;
  /** Statements that look at the request; the same on every level, asserted when the file was made. */
  readonly matches: Readonly<Record<string, BlockSchema>>;
  /** Statements that stand alone, without the one that narrows them. */
  readonly roots: Readonly<Record<string, BlockSchema>>;
  readonly shared: Readonly<Record<string, BlockSchema>>;
  /** How often `and`, `or` and `not` may be nested. */
  readonly depth: number;
  readonly scopeDownDepth: number;
}

export const providerSchema = JSON.parse(
  readFileSync(new URL("wafv2-rule-schema.json", import.meta.url), "utf8"),
) as RuleSchema;

const logical = ["and_statement", "or_statement", "not_statement"];

type Json = Readonly<Record<string, unknown>>;

/** What Terraform would refuse of a statement: unknown names, missing ones, levels that the schema does not have. */
export function statementFaults(statement: Json, path = "statement"): string[] {
  const [kind = "", ...more] = Object.keys(statement);
  const faults = more.length > 0 ? [`${path} has ${more.length + 1} statements`] : [];
  const root = providerSchema.roots[kind];
  if (root === undefined) return [...faults, ...conditionFaults(statement, path, providerSchema.depth)];
  const { scope_down_statement: scope, ...rest } = statement[kind] as Json;
  return [
    ...faults,
    ...blockFaults(rest, root, `${path}.${kind}`),
    ...(scope === undefined
      ? []
      : conditionFaults(
          scope as Json,
          `${path}.${kind}.scope_down_statement`,
          providerSchema.scopeDownDepth,
        )),
  ];
}

/** The same of a whole rule. */
export function ruleFaults(rule: Json): string[] {
  const { statement, ...rest } = rule;
  return [
    ...blockFaults(rest, providerSchema.rule, String(rule["name"])),
    ...statementFaults(statement as Json, `${rule["name"]}.statement`),
  ];
}

function conditionFaults(condition: Json, path: string, levels: number): string[] {
  return Object.entries(condition).flatMap(([kind, value]) => {
    const here = `${path}.${kind}`;
    if (logical.includes(kind)) {
      if (levels === 0) return [`${here} is deeper than the schema`];
      const { statement, ...rest } = value as Json;
      const inner = statement as readonly Json[];
      return [
        ...Object.keys(rest).map((name) => `${here}.${name} is unknown`),
        ...inner.flatMap((each, index) => conditionFaults(each, `${here}[${index}]`, levels - 1)),
      ];
    }
    const schema = providerSchema.matches[kind];
    return schema === undefined ? [`${here} is unknown`] : blockFaults(value as Json, schema, here);
  });
}

function blockFaults(block: Json, schema: BlockSchema, path: string): string[] {
  const missing = (schema.required ?? []).filter((name) => block[name] === undefined);
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...Object.entries(block).flatMap(([name, value]) => {
      if ([...(schema.required ?? []), ...(schema.optional ?? [])].includes(name)) return [];
      const inner = schema.blocks?.[name];
      if (inner === undefined) return [`${path}.${name} is unknown`];
      const shape = typeof inner === "string" ? providerSchema.shared[inner] : inner;
      const list = (Array.isArray(value) ? value : [value]) as readonly Json[];
      return list.flatMap((each) => blockFaults(each, shape ?? {}, `${path}.${name}`));
    }),
  ];
}
