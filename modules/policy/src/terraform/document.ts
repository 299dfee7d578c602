/** A parsed `cdk.tf.json` or any `*.tf.json` file: what `JSON.parse` returns for it. */
export interface TerraformDocument {
  readonly [section: string]: unknown;
}

/** One resource or data source of a document. */
export interface Block {
  /** Position of its document in the list that was read: addresses are unique only inside a document. */
  readonly document: number;
  /** `aws_subnet.a` or `data.aws_vpc.main`. */
  readonly address: string;
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly body: Body;
  /** The construct path that cdktf writes beside the resource. */
  readonly path: string | undefined;
  /** `count` or `for_each` when the block stands for a number of resources that the file does not show. */
  readonly repeatedBy: string | undefined;
}

export type Body = Readonly<Record<string, unknown>>;

export function blocksOf(document: TerraformDocument, index: number): Block[] {
  return (["resource", "data"] as const).flatMap((mode) =>
    bodies(document[mode]).flatMap((types) =>
      Object.entries(types).flatMap(([type, names]) =>
        bodies(names).flatMap((named) =>
          Object.entries(named).flatMap(([name, body]) =>
            bodies(body).map((each) => block(index, mode, type, name, each)),
          ),
        ),
      ),
    ),
  );
}

/** Terraform's JSON syntax writes one block as an object and several as a list of objects. */
export function bodies(value: unknown): Body[] {
  if (Array.isArray(value)) return value.flatMap(bodies);
  return isBody(value) ? [value] : [];
}

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Absent, null and the empty string all mean "not set": cdktf writes null and "" for unset inline fields. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function block(document: number, mode: Block["mode"], type: string, name: string, body: Body): Block {
  const comment = body["//"];
  const metadata = isBody(comment) ? comment["metadata"] : undefined;
  const path = isBody(metadata) ? metadata["path"] : undefined;
  return {
    document,
    address: mode === "data" ? `data.${type}.${name}` : `${type}.${name}`,
    mode,
    type,
    body,
    path: typeof path === "string" ? path : undefined,
    repeatedBy: ["count", "for_each"].find((key) => isSet(body[key])),
  };
}
