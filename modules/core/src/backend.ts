import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from "cdktf";

/** Where a stack's state lives. */
export type StateBackend = S3State | HcpState | LocalState;

/** State in a bucket of the environment's own account, made by the bootstrap app. */
export interface S3State {
  readonly backend: "s3";
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  /** The only account whose credentials may touch this state. */
  readonly accountId: string;
  /** ARN of the key (or of its alias) that encrypts the state object. */
  readonly kmsKeyArn: string;
  /** Role the backend assumes. @default - the caller's own credentials */
  readonly assumeRoleArn?: string;
}

/** State in HCP Terraform: one workspace for each stack, named like the stack. */
export interface HcpState {
  readonly backend: "hcp";
  readonly organization: string;
  /** Project the workspaces belong to. */
  readonly project: string;
}

/** State in a file beside the synthesized JSON. For experiments: it has no shared lock and no encryption. */
export interface LocalState {
  readonly backend: "local";
}

/** `telemedicina/<environment>/<area>.tfstate`: where a stack's state stands in its bucket. */
export function stateKey(project: string, environment: string, area: string): string {
  return `${project}/${environment}/${area}.tfstate`;
}

/**
 * Gives a stack its backend. Always call it: without one the engine falls back to a local file and
 * writes the absolute path of the machine into the JSON.
 *
 * @param key state key inside an S3 bucket, see {@link stateKey}
 */
export function configureBackend(stack: TerraformStack, state: StateBackend, key: string): void {
  switch (state.backend) {
    case "s3":
      s3Backend(stack, state, key);
      return;
    case "hcp":
      new CloudBackend(stack, {
        organization: state.organization,
        workspaces: new NamedCloudWorkspace(stack.node.id, state.project),
      });
      return;
    case "local":
      // Relative, so that the JSON is the same on every machine.
      new LocalBackend(stack, { path: `${stack.node.id}.tfstate` });
  }
}

function s3Backend(stack: TerraformStack, state: S3State, key: string): void {
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    key,
    region: state.region,
    encrypt: true,
    kmsKeyId: state.kmsKeyArn,
    allowedAccountIds: [state.accountId],
    ...(state.assumeRoleArn === undefined ? {} : { assumeRole: { roleArn: state.assumeRoleArn } }),
  });
  // Terraform's own lock file beside the state object; the 0.21 bindings do not know the argument yet.
  backend.addOverride("use_lockfile", true);
}
