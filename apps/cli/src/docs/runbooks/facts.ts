import type { EnvironmentConfig } from "@telemedicina/config";
import { type NameScope, resourceName } from "@telemedicina/core";
import { distributions, type HostLogStream, hostLogStreams, hostRoles } from "@telemedicina/host";
import { deploymentGroupName, releasesPrefix } from "@telemedicina/pipeline";
import type { EnvironmentStacks } from "@telemedicina/platform";

/** Hosts of one kind, by the two names that commands take. */
export interface GroupFacts {
  readonly autoScalingGroup: string;
  readonly deploymentGroup: string;
}

/** What commands of a runbook name: from the stacks where they say it, by the rule of names where they do not. */
export interface RunbookFacts {
  readonly config: EnvironmentConfig;
  readonly application: string;
  /** None where GitHub Actions deploys. */
  readonly pipeline: string | undefined;
  /** One group, or blue and green. */
  readonly serving: readonly GroupFacts[];
  /** Hosts that only work or schedule; none where every host does all. */
  readonly companions: readonly GroupFacts[];
  readonly repository: { readonly owner: string; readonly repository: string };
  readonly deploymentsBucket: string;
  /** Where in it releases are that somebody, or the shifting program, puts there. */
  readonly releasesPrefix: string;
  readonly assetsBucket: string;
  readonly contractParameter: string;
  readonly reverbSecret: string;
  readonly loadBalancer: string;
  /** Of the load balancer: hosts that answer 5XX, hosts that do not answer. Green's come last. */
  readonly alarms: readonly string[];
  readonly logGroups: Readonly<Partial<Record<HostLogStream, string>>>;
  readonly buildProject: string;
  readonly buildLogGroup: string;
  readonly driverProject: string;
  readonly driverLogGroup: string;
  /** Name of the rule that sends a message. */
  readonly messageRule: (id: string) => string;
  readonly webUser: string;
  readonly fpmUnit: string;
}

/** None where nothing is delivered: there is no release to deploy, and none to go back to. */
export function runbookFacts(config: EnvironmentConfig, stacks: EnvironmentStacks): RunbookFacts | undefined {
  const { repository } = config.pipeline;
  if (stacks.delivery === undefined || repository === undefined) return undefined;
  const { delivery } = stacks.delivery;
  const { loadBalancer, fleets } = stacks.app;
  // The application is called as the project is.
  const names: NameScope = {
    project: delivery.applicationName,
    environment: config.name,
    region: config.region,
  };
  const isTwice = config.pipeline.strategy.kind === "blueGreen";
  const groups = [...fleets].map(([name, fleet]) => ({
    name,
    autoScalingGroup: fleet.names.group,
    deploymentGroup: deploymentGroupName(names, deploymentPart(name, isTwice)),
  }));
  const serves = ({ name }: { readonly name: string }) => name === "web" || name === "web-green";
  const os = distributions[config.compute.operatingSystem];
  return {
    config,
    application: delivery.applicationName,
    pipeline: delivery.pipelineName,
    serving: groups.filter(serves),
    companions: groups.filter((group) => !serves(group)),
    repository,
    deploymentsBucket: stacks.data.storage.bucketNames.deployments,
    releasesPrefix,
    assetsBucket: stacks.data.storage.bucketNames.assets,
    contractParameter: `/${names.project}/${config.name}/application`,
    reverbSecret: resourceName(names, "secret", "reverb"),
    loadBalancer: loadBalancer.name,
    alarms: [...loadBalancer.target.alarmNames, ...(loadBalancer.greenTarget?.alarmNames ?? [])],
    logGroups: Object.fromEntries(
      hostLogStreams(hostRoles).map((stream) => [stream, resourceName(names, "log-group", `app-${stream}`)]),
    ),
    buildProject: resourceName(names, "codebuild", "build"),
    buildLogGroup: resourceName(names, "log-group", "codebuild-build"),
    driverProject: resourceName(names, "codebuild", "blue-green"),
    driverLogGroup: resourceName(names, "log-group", "codebuild-blue-green"),
    messageRule: (id) => resourceName(names, "event-rule", id),
    webUser: os.web.user,
    fpmUnit: os.php.fpmUnit,
  };
}

function deploymentPart(fleet: string, isTwice: boolean): string | undefined {
  switch (fleet) {
    case "web":
      return isTwice ? "blue" : undefined;
    case "web-green":
      return "green";
    default:
      return fleet;
  }
}
