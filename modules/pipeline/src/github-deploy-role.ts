import type { PolicyStatement } from "@telemedicina/core";
import { Construct } from "constructs";
import { gitHubStatements } from "./purposes.js";
import { DeliveryRole } from "./role.js";
import type { DeliverySettings, GitHubSettings } from "./settings.js";

const ISSUER = "token.actions.githubusercontent.com";

/**
 * What a job of one repository, in one GitHub environment, may: add a release and assets, deploy it, look how that went.
 * A workflow gets credentials for an hour by its token; no key lies anywhere.
 */
export class GitHubDeployRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, delivery: DeliverySettings, trigger: GitHubSettings) {
    super(scope, id);
    const role = new DeliveryRole(this, "role", {
      names: delivery.names,
      qualifier: "github-deploy",
      description: "Deployments of the application by GitHub Actions",
      trust: trustJobs(trigger),
      statements: gitHubStatements(delivery),
      permissionsBoundaryArn: delivery.permissionsBoundaryArn,
    });
    this.arn = role.arn;
  }
}

/** The subject in full: with a pattern, a branch or a fork could make one up that fits. */
function trustJobs({ repository, environment, identityProviderArn }: GitHubSettings): PolicyStatement {
  const { owner, repository: name, ids } = repository;
  const path = ids === undefined ? `${owner}/${name}` : `${owner}@${ids.owner}/${name}@${ids.repository}`;
  return {
    Sid: "JobsOfOneEnvironment",
    Effect: "Allow",
    Principal: { Federated: identityProviderArn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${ISSUER}:aud`]: "sts.amazonaws.com",
        [`${ISSUER}:sub`]: `repo:${path}:environment:${environment}`,
      },
    },
  };
}
