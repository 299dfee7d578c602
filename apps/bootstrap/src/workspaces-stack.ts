import { DataTfeProject } from "@cdktf/provider-tfe/lib/data-tfe-project/index.js";
import { TfeProvider } from "@cdktf/provider-tfe/lib/provider/index.js";
import { WorkspaceSettings } from "@cdktf/provider-tfe/lib/workspace-settings/index.js";
import type { EnvironmentConfig } from "@telemedicina/config";
import {
  configureBackend,
  type HcpState,
  type NameScope,
  REQUIRED_TERRAFORM,
  stateKey,
} from "@telemedicina/core";
import { type App, TerraformStack } from "cdktf";
import { deployRoleArns } from "./deploy-roles.js";
import { type PlatformArea, platformAreas, readersOf, stackName } from "./platform-areas.js";
import { PlatformWorkspace } from "./platform-workspace.js";
import { PROJECT } from "./project.js";

const AREA = "workspaces";

/** 0.71.0 is what the bindings were generated from. */
const REQUIRED_TFE_PROVIDER = ">= 0.71.0, < 1.0.0";

/**
 * The workspaces of an environment whose state is in HCP Terraform. An operator applies it with a token of HCP
 * Terraform (TFE_TOKEN), which appears nowhere here; nothing of it is in AWS.
 *
 * It is a stack of its own because another provider judges it, which the rehearsal has no emulator for. The project is
 * given, not made: what teams may do is granted on it before anything runs in it, and a token that administers one
 * project is enough.
 */
export class WorkspacesStack extends TerraformStack {
  constructor(scope: App, config: EnvironmentConfig, state: HcpState) {
    super(scope, `${config.name}-${AREA}`);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
    configureBackend(this, state, stateKey(PROJECT, config.name, AREA));
    tfeProvider(this, state.organization);

    const home = new DataTfeProject(this, "project", {
      name: state.project,
      organization: state.organization,
    });
    const names: NameScope = { project: PROJECT, environment: config.name, region: config.region };
    const workspaces = Object.fromEntries(
      platformAreas.map((area) => [
        area,
        new PlatformWorkspace(this, area, {
          name: stackName(config.name, area),
          projectId: home.id,
          roleArns: deployRoleArns(names, config.accountId),
        }),
      ]),
    ) as Record<PlatformArea, PlatformWorkspace>;
    for (const area of platformAreas) settings(area, workspaces);
  }
}

/** The source in full, as for AWS: the bindings' short form means another one elsewhere. */
function tfeProvider(stack: TerraformStack, organization: string): void {
  new TfeProvider(stack, "tfe", { organization });
  stack.addOverride("terraform.required_providers.tfe", {
    source: "hashicorp/tfe",
    version: REQUIRED_TFE_PROVIDER,
  });
}

/** A state is open to the stacks that read its outputs and to no other workspace of the organization. */
function settings(area: PlatformArea, workspaces: Readonly<Record<PlatformArea, PlatformWorkspace>>): void {
  new WorkspaceSettings(workspaces[area], "settings", {
    workspaceId: workspaces[area].id,
    executionMode: "remote",
    globalRemoteState: false,
    remoteStateConsumerIds: readersOf(area).map((reader) => workspaces[reader].id),
  });
}
