import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { SynthesizedStack } from "../synth.js";

interface Backends {
  readonly cloud?: unknown;
  readonly backend?: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly terraform?: Backends;
  readonly data?: { readonly terraform_remote_state?: Readonly<Record<string, RemoteState>> };
}

interface RemoteState {
  readonly config: { readonly path?: string; readonly workspaces?: { readonly name?: string } };
}

/**
 * State in HCP Terraform has no emulator, and state in local files would end up in each stack's own
 * directory: both are kept in `directory` for the rehearsal, by an override file beside the untouched
 * JSON. State in S3, the default, needs nothing: the emulator has S3.
 */
export function overrideState(stack: SynthesizedStack, directory: string): void {
  const document = JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as Document;
  const override = stateOverride(document, stack.name, directory);
  if (override === undefined) return;
  writeFileSync(
    join(stack.directory, "rehearsal_override.tf.json"),
    `${JSON.stringify(override, null, 2)}\n`,
  );
}

export function stateOverride(document: Document, name: string, directory: string): object | undefined {
  const { cloud, backend = {} } = document.terraform ?? {};
  if (cloud === undefined && backend["s3"] !== undefined) return undefined;
  const file = (stack: string): string => join(directory, `${stack}.tfstate`);
  const remote = Object.entries(document.data?.terraform_remote_state ?? {}).map(([id, { config }]) => {
    const stack = config.workspaces?.name ?? basename(config.path ?? "", ".tfstate");
    return [id, { backend: "local", config: { path: file(stack) } }] as const;
  });
  return {
    terraform: { backend: { local: { path: file(name) } } },
    ...(remote.length > 0 ? { data: { terraform_remote_state: Object.fromEntries(remote) } } : {}),
  };
}
