import { environmentSegment, type NameScope } from "@telemedicina/core";

/**
 * Three names that operators type, as the runbooks print them. The naming rule would add a type and the region to each;
 * what a tired person has to type stays short. They are unique because an environment has an account of its own and
 * every region its own CodePipeline and CodeDeploy. All other names follow the rule.
 */

/** Such as `telemedicina-prod-pipeline`. */
export function pipelineName({ project, environment }: NameScope): string {
  return `${project}-${environmentSegment(environment)}-pipeline`;
}

/** The CodeDeploy application, such as `telemedicina`. */
export function applicationName({ project }: NameScope): string {
  return project;
}

/**
 * A deployment group: `production` for the fleet that serves, `production-blue` and `production-green` for two of them,
 * `production-workers` for a companion.
 */
export function deploymentGroupName({ environment }: NameScope, part?: string): string {
  return part === undefined ? environment : `${environment}-${part}`;
}

/** Where in the deployments bucket whole releases are, as `releases/<commit>.zip`: what a person deploys by hand. */
export const releasesPrefix = "releases/";

/** The pipeline's action after a deployment: puts out what keeps its name, and the old out of CloudFront's cache. */
export const AFTER_DEPLOYMENT = "After";
