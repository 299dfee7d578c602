import { plain, type Resource } from "./environment-json.js";

/** What a bucket is for, `-replica` after it where it is a copy. */
export function purposeOf({ address }: Resource): string {
  return plain(address).replace(/^aws_s3_bucket\.storage_(.*)_bucket$/, "$1");
}

export function isReplica({ attributes }: Resource): boolean {
  return attributes["replicate_source_db"] !== undefined;
}

/** Parameters of a group by name. */
export function parametersOf({ attributes }: Resource): Readonly<Record<string, unknown>> {
  const parameters = attributes["parameter"] as readonly { readonly name: string; readonly value: unknown }[];
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}
