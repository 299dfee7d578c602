import type { Attributes, StackJson, TerraformDocument } from "@telemedicina/core/testing";

/** A resource, data source or ephemeral resource of one of the stacks. */
export interface Resource {
  readonly stack: string;
  readonly type: string;
  /** As Terraform writes it; a data source's has `data.` before it. */
  readonly address: string;
  readonly attributes: Attributes;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [other: string]: unknown;
}

/** A statement of a policy and the resource whose policy it is in. */
export interface PolicyStatement {
  readonly resource: Resource;
  readonly attribute: string;
  readonly statement: Statement;
}

type Section = "resource" | "data" | "ephemeral";
type Named = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/**
 * All stacks of an environment as one: what a stack reads from another's outputs is replaced by what the output
 * says, so that a reference ends at a resource.
 */
export class EnvironmentJson {
  readonly documents: ReadonlyMap<string, TerraformDocument>;

  constructor(stacks: readonly StackJson[]) {
    this.documents = link(new Map(stacks.map(({ name, document }) => [name, document])));
  }

  /** Every resource of every type, or of one section. */
  everything(section: Section = "resource"): readonly Resource[] {
    return [...this.documents].flatMap(([stack, document]) =>
      Object.entries((document[section] ?? {}) as Named).flatMap(([type, named]) =>
        Object.entries(named).map(([name, attributes]) => ({
          stack,
          type,
          address: `${section === "resource" ? "" : `${section}.`}${type}.${name}`,
          attributes,
        })),
      ),
    );
  }

  /** Every resource of a type. @throws when there is none: what is said of all of none is always true */
  all(type: string, section: Section = "resource"): readonly Resource[] {
    const found = this.optional(type, section);
    if (found.length === 0) throw new Error(`no stack has a ${type}`);
    return found;
  }

  /** Every resource of a type that an environment may do without. */
  optional(type: string, section: Section = "resource"): readonly Resource[] {
    return this.everything(section).filter((resource) => resource.type === type);
  }

  /** The resource of a type that an attribute refers to, such as `${aws_kms_key.logs.arn}`. */
  target(type: string, reference: unknown): Resource {
    const found = this.all(type).find(({ address }) =>
      new RegExp(`^\\$\\{${address}\\.[a-z_]+\\}$`).test(String(reference)),
    );
    if (found === undefined) throw new Error(`${String(reference)} is no reference to a ${type}`);
    return found;
  }

  /** The resource of a type whose `bucket` is the bucket: its policy, its versioning. */
  ofBucket(type: string, bucket: Resource): Resource {
    const found = this.optional(type).filter(
      ({ attributes }) => attributes["bucket"] === `\${${bucket.address}.id}`,
    );
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new Error(`${bucket.address} should have one ${type}, found ${found.length}`);
    }
    return first;
  }

  /** Every statement of every policy: whatever attribute of whatever resource holds one. */
  statements(): readonly PolicyStatement[] {
    return this.everything().flatMap((resource) =>
      Object.entries(resource.attributes).flatMap(([attribute, value]) =>
        statementsIn(value).map((statement) => ({ resource, attribute, statement })),
      ),
    );
  }
}

/** Addresses of those for which the claim does not hold. */
export function offenders(
  resources: readonly Resource[],
  claim: (attributes: Attributes, resource: Resource) => boolean,
): string[] {
  return resources
    .filter((resource) => !claim(resource.attributes, resource))
    .map(({ stack, address }) => `${stack}: ${address}`);
}

/** An address without the hash that the engine puts at its end. */
export function plain(address: string): string {
  return address.replace(/_[0-9A-F]{8}$/, "");
}

export function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function statementsIn(value: unknown): Statement[] {
  if (typeof value !== "string" || !value.startsWith("{")) return [];
  const policy = JSON.parse(value) as { readonly Statement?: Statement | readonly Statement[] };
  return asList(policy.Statement) as Statement[];
}

function link(documents: ReadonlyMap<string, TerraformDocument>): Map<string, TerraformDocument> {
  const follow = (_: string, stack: string, output: string): string => {
    const outputs = documents.get(stack)?.["output"] as
      | Readonly<Record<string, { readonly value: string }>>
      | undefined;
    const value = outputs?.[output]?.value;
    if (value === undefined) throw new Error(`${stack} has no output ${output}, which another stack reads`);
    return value.replace(/^\$\{(.*)\}$/, "$1");
  };
  return new Map(
    [...documents].map(([name, document]) => {
      const text = JSON.stringify(document).replace(
        /data\.terraform_remote_state\.cross-stack-reference-input-([a-z-]+)\.outputs\.([\w-]+)/g,
        follow,
      );
      return [name, JSON.parse(text) as TerraformDocument];
    }),
  );
}
