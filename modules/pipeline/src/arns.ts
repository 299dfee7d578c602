import type { NameScope } from "@telemedicina/core";
import { applicationName, pipelineName } from "./names.js";

/** Where the ARNs are: all of them are known before anything exists, so that roles can name what comes after them. */
export interface Place {
  readonly names: NameScope;
  readonly accountId: string;
}

function arn(service: string, { names, accountId }: Place, resource: string): string {
  return `arn:aws:${service}:${names.region}:${accountId}:${resource}`;
}

export function pipelineArn(place: Place): string {
  return arn("codepipeline", place, pipelineName(place.names));
}

export function projectArn(place: Place, project: string): string {
  return arn("codebuild", place, `project/${project}`);
}

/** CodeBuild names the groups of a project's test reports after it. */
export function reportGroupsArn(place: Place, project: string): string {
  return arn("codebuild", place, `report-group/${project}-*`);
}

export function applicationArn(place: Place): string {
  return arn("codedeploy", place, `application:${applicationName(place.names)}`);
}

export function deploymentGroupArn(place: Place, group: string): string {
  return arn("codedeploy", place, `deploymentgroup:${applicationName(place.names)}/${group}`);
}

export function deploymentConfigArn(place: Place, config: string): string {
  return arn("codedeploy", place, `deploymentconfig:${config}`);
}

export function parameterArn(place: Place, name: string): string {
  return arn("ssm", place, `parameter/${name.replace(/^\//, "")}`);
}

export function bucketArn(bucketName: string): string {
  return `arn:aws:s3:::${bucketName}`;
}
