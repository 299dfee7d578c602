import type { PolicyStatement } from "@telemedicina/core";
import { applicationArn, deploymentConfigArn, deploymentGroupArn, projectArn } from "./arns.js";
import { artifactStatements, artifactsArn } from "./bucket-statements.js";
import type { DeploymentGroupPlan } from "./deployment-groups.js";
import type { DeliverySettings } from "./settings.js";

export interface PipelineNeeds {
  readonly delivery: DeliverySettings;
  readonly connectionArn: string;
  /** CodeBuild projects that it starts. */
  readonly projectNames: readonly string[];
  /** Groups that its own CodeDeploy actions deploy to. */
  readonly groups: readonly DeploymentGroupPlan[];
  readonly approval: boolean;
}

export function pipelineStatements(needs: PipelineNeeds): PolicyStatement[] {
  const { delivery, connectionArn, projectNames, groups } = needs;
  return [
    {
      // AWS renamed the service: which of the two names it asks for depends on the connection's age and on itself.
      Sid: "UseConnection",
      Effect: "Allow",
      Action: ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
      Resource: bothNames(connectionArn),
    },
    {
      Sid: "RunProjects",
      Effect: "Allow",
      Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
      Resource: projectNames.map((name) => projectArn(delivery, name)),
    },
    ...deploymentStatements(delivery, groups),
    ...artifactStatements(delivery, delivery.deployments),
    // The source action gives each archive an ACL for the bucket's owner, and S3 asks for the permission even where
    // ACLs mean nothing: https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
    {
      Sid: "ShareArtifacts",
      Effect: "Allow",
      Action: "s3:PutObjectAcl",
      Resource: artifactsArn(delivery, delivery.deployments),
    },
    ...(needs.approval ? approvalStatements(delivery) : []),
  ];
}

/** What deploys to these groups, and finds out how it went. */
export function deploymentStatements(
  delivery: DeliverySettings,
  groups: readonly DeploymentGroupPlan[],
): PolicyStatement[] {
  if (groups.length === 0) return [];
  const configs = new Set(groups.map(({ deploymentConfig }) => deploymentConfig));
  return [
    {
      Sid: "DeployToGroups",
      Effect: "Allow",
      Action: ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
      Resource: groups.map(({ name }) => deploymentGroupArn(delivery, name)),
    },
    {
      Sid: "RegisterReleases",
      Effect: "Allow",
      Action: [
        "codedeploy:GetApplication",
        "codedeploy:GetApplicationRevision",
        "codedeploy:RegisterApplicationRevision",
      ],
      Resource: applicationArn(delivery),
    },
    {
      Sid: "ReadDeploymentConfigs",
      Effect: "Allow",
      Action: "codedeploy:GetDeploymentConfig",
      Resource: [...configs].sort().map((config) => deploymentConfigArn(delivery, config)),
    },
  ];
}

function approvalStatements({ names, topic }: DeliverySettings): PolicyStatement[] {
  return [
    { Sid: "AskForApproval", Effect: "Allow", Action: "sns:Publish", Resource: topic.arn },
    ...(topic.kmsKeyArn === undefined
      ? []
      : [
          {
            Sid: "KeyOfTheTopic",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: topic.kmsKeyArn,
            Condition: { StringEquals: { "kms:ViaService": `sns.${names.region}.amazonaws.com` } },
          } as const,
        ]),
  ];
}

/** The same connection by the old and the new name of its service, where the ARN is known now. */
function bothNames(arn: string): string[] {
  const [before, now] = [":codestar-connections:", ":codeconnections:"];
  return [...new Set([arn, arn.replace(now, before), arn.replace(before, now)])].sort();
}
