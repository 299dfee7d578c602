import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Terraform, TerraformError } from "../terraform/terraform.js";

const OVERRIDE = "rehearsal_protection_override.tf.json";
const REFUSED = "Instance cannot be destroyed";

interface Resource {
  readonly lifecycle?: { readonly prevent_destroy?: boolean };
}

interface Document {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

/** Addresses of the resources that the stack's JSON protects with `prevent_destroy`. */
export function protectedAddresses(directory: string): readonly string[] {
  const { resource = {} } = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as Document;
  return Object.entries(resource).flatMap(([type, instances]) =>
    Object.entries(instances)
      .filter(([, { lifecycle }]) => lifecycle?.prevent_destroy === true)
      .map(([name]) => `${type}.${name}`),
  );
}

/**
 * Plans a destroy, which Terraform has to refuse; returns the addresses for which it does not.
 *
 * Terraform looks at a resource only after those that need it, and stops where it refuses: what is refused is
 * lifted and the rest asked again, until each has been named.
 */
export async function unprotectedBy(
  terraform: Terraform,
  addresses: readonly string[],
): Promise<readonly string[]> {
  let unnamed = addresses;
  while (unnamed.length > 0) {
    const refused = await refusedBy(terraform);
    const rest = unnamed.filter((address) => !refused.has(address));
    if (rest.length === unnamed.length) break;
    unnamed = rest;
    liftProtection(
      terraform.directory,
      addresses.filter((address) => !rest.includes(address)),
    );
  }
  return unnamed;
}

/** Addresses that a destroy plan is refused for; none when it works. */
async function refusedBy(terraform: Terraform): Promise<ReadonlySet<string>> {
  try {
    await terraform.plan("refused.tfplan", { destroy: true });
    return new Set();
  } catch (error) {
    if (!(error instanceof TerraformError)) throw error;
    const refusals = error.diagnostics.filter(({ summary }) => summary === REFUSED);
    if (refusals.length === 0) throw error;
    return new Set(refusals.map(({ detail = "" }) => /^Resource ([^\s[]+)/.exec(detail)?.[1] ?? ""));
  }
}

/**
 * Lifts the protection of exactly these resources by an override file beside the untouched JSON. Terraform
 * merges `lifecycle` argument by argument, so the others, such as `create_before_destroy`, stay.
 */
export function liftProtection(directory: string, addresses: readonly string[]): void {
  const resource: Record<string, Record<string, Resource>> = {};
  for (const address of addresses) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: { lifecycle: { prevent_destroy: false } } };
  }
  writeFileSync(join(directory, OVERRIDE), `${JSON.stringify({ resource }, null, 2)}\n`);
}
