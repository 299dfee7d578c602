import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isolatedEnvironment } from "../emulator/environment.js";
import { findMoto, type Moto } from "../emulator/moto.js";
import { UserError } from "../errors.js";
import type { SynthesizedStack } from "../synth.js";
import { findTerraform, type TerraformProgram } from "../terraform/find.js";
import { findProvider, type ProviderBinary } from "../terraform/provider.js";
import { sharedDirectory, type WorkDirectory } from "./work-directory.js";

/** The programs of this machine that a rehearsal runs. */
export interface Tools {
  readonly terraform: TerraformProgram;
  readonly provider: ProviderBinary;
  readonly moto: Moto;
}

export interface FindToolsOptions {
  /** The project's root. */
  readonly root: string;
  /** What the JSON asks of the AWS provider. */
  readonly constraint: string;
  readonly say: (message: string) => void;
  /** Stops what is being installed. */
  readonly signal: AbortSignal;
}

/** Finds everything at once; what is missing is said before anything is started. */
export async function findTools({ root, constraint, say, signal }: FindToolsOptions): Promise<Tools> {
  const shared = sharedDirectory(root);
  const [moto, [terraform, provider]] = await allOrEveryFault(
    findMoto({ env: process.env, venvDirectory: shared, say, signal }),
    findTerraform().then(async (terraform) => {
      const cacheDirectory = join(shared, "providers");
      return [terraform, await findProvider({ terraform, constraint, cacheDirectory, say, signal })] as const;
    }),
  );
  return { terraform, provider, moto };
}

/** Both results, or all that is wrong with either: nobody likes to install things one error at a time. */
async function allOrEveryFault<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const results = await Promise.allSettled([a, b]);
  const faults = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const unforeseen = faults.find((fault) => !(fault instanceof UserError));
  if (unforeseen !== undefined) throw unforeseen;
  if (faults.length > 0)
    throw new UserError(faults.map((fault) => (fault as UserError).message).join("\n\n"));
  return [await a, await b];
}

/** What the stacks' JSON asks of the AWS provider. */
export function providerConstraint(stacks: readonly SynthesizedStack[]): string {
  const constraints = stacks.map((stack) => {
    const document = JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as {
      terraform?: { required_providers?: { aws?: { version?: string } } };
    };
    return document.terraform?.required_providers?.aws?.version ?? "";
  });
  return [...new Set(constraints)].filter((constraint) => constraint !== "").join(", ");
}

/** Environment of the provider and of Terraform: the emulator, and nothing else in the world. */
export function environmentOf(
  work: WorkDirectory,
  port: number,
  region: string,
  provider: ProviderBinary,
): Record<string, string> {
  writeFileSync(
    work.cliConfig,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror { path = ${JSON.stringify(provider.mirror)} }\n}\n`,
  );
  return {
    ...isolatedEnvironment(process.env, port, region, work.emptyFile),
    TF_CLI_CONFIG_FILE: work.cliConfig,
  };
}

/**
 * Terraform's way of being told that a provider runs already. OpenTofu knows the same provider by the
 * address of its own registry.
 */
export function reattachFor(product: TerraformProgram["product"], reattach: string): string {
  if (product === "Terraform") return reattach;
  const providers = JSON.parse(reattach) as Record<string, unknown>;
  const renamed = Object.entries(providers).map(([address, how]) => [
    address.replace(/^registry\.terraform\.io\//, "registry.opentofu.org/"),
    how,
  ]);
  return JSON.stringify(Object.fromEntries(renamed));
}
