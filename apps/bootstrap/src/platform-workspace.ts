import { Variable } from "@cdktf/provider-tfe/lib/variable/index.js";
import { Workspace } from "@cdktf/provider-tfe/lib/workspace/index.js";
import { Construct } from "constructs";
import type { DeployRoleArns } from "./deploy-roles.js";

/** What the workflows plan with as well. A change of it runs in every workspace's next run. */
const WORKSPACE_TERRAFORM = "1.11.4";

export interface PlatformWorkspaceProps {
  /** The stack's name; its `cloud` block looks the workspace up by it. A change abandons the state. */
  readonly name: string;
  readonly projectId: string;
  /** The roles that a run assumes in the account with HCP Terraform's OIDC token. */
  readonly roleArns: DeployRoleArns;
}

/**
 * The workspace of one stack: its state, and the runs that plan and apply it. Nothing is applied that nobody
 * confirmed. Terraform refuses to destroy it, as it holds the state.
 */
export class PlatformWorkspace extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: PlatformWorkspaceProps) {
    super(scope, id);
    const workspace = new Workspace(this, "workspace", {
      name: props.name,
      projectId: props.projectId,
      description: `Stack ${props.name}, planned and applied by way of the API`,
      terraformVersion: WORKSPACE_TERRAFORM,
      autoApply: false,
      // Runs start when the workflows ask for them, never because a workspace or another run is new.
      queueAllRuns: false,
      autoApplyRunTrigger: false,
      fileTriggersEnabled: false,
      speculativeEnabled: true,
      // One JSON document a line: what the report on a pull request is made from.
      structuredRunOutputEnabled: true,
      lifecycle: { preventDestroy: true },
    });
    signIn(this, workspace, props.roleArns);
    this.id = workspace.id;
  }
}

/** Credentials of minutes for each phase by its own role; no key of AWS is stored. */
function signIn(scope: Construct, workspace: Workspace, roles: DeployRoleArns): void {
  const variables = {
    TFC_AWS_PROVIDER_AUTH: "true",
    TFC_AWS_PLAN_ROLE_ARN: roles.plan,
    TFC_AWS_APPLY_ROLE_ARN: roles.apply,
  };
  for (const [key, value] of Object.entries(variables)) {
    new Variable(scope, key, {
      workspaceId: workspace.id,
      category: "env",
      key,
      value,
      description: "HCP Terraform signs in to AWS by OIDC",
    });
  }
}
