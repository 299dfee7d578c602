/** Attributes of one block, as they stand in the JSON: snake_case, tokens as `${…}`. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One block of a type with its Terraform address. */
export interface Block {
  readonly address: string;
  readonly attributes: Attributes;
}

/** Parsed `cdk.tf.json`. */
export interface TerraformDocument {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly [section: string]: unknown;
}

/** A synthesized stack and the questions tests ask of it. */
export class StackJson {
  constructor(
    readonly name: string,
    readonly document: TerraformDocument,
  ) {}

  /** Every resource of a type, in the order of their addresses. Empty when there is none. */
  all(type: string): readonly Block[] {
    return blocks(type, this.document.resource?.[type]);
  }

  /** Every data source of a type. */
  allData(type: string): readonly Block[] {
    return blocks(`data.${type}`, this.document.data?.[type]);
  }

  /** The attributes of the single resource of a type. @throws unless there is exactly one */
  only(type: string): Attributes {
    const found = this.all(type);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new Error(
        `Stack ${this.name} should have exactly one ${type}, found ${found.length}: ${found.map((b) => b.address).join(", ")}`,
      );
    }
    return first.attributes;
  }

  /** The attributes of the resource at an address such as `aws_vpc.main`. @throws when there is none */
  at(address: string): Attributes {
    const [type = "", name = ""] = address.split(".");
    const found = this.document.resource?.[type]?.[name];
    if (found === undefined) {
      throw new Error(`Stack ${this.name} has no ${address}. It has: ${this.addresses().join(", ")}`);
    }
    return found;
  }

  /** Every resource address, sorted: what a golden list holds and a review compares. */
  addresses(): readonly string[] {
    return Object.entries(this.document.resource ?? {})
      .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
      .sort();
  }
}

function blocks(prefix: string, named: Readonly<Record<string, Attributes>> | undefined): Block[] {
  return Object.entries(named ?? {})
    .map(([name, attributes]) => ({ address: `${prefix}.${name}`, attributes }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}
