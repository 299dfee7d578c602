import { oneOfFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import {
  arnFaultText,
  blueGreenByGitHubFaultText,
  branchFaultText,
  connectionFaultText,
  environmentFaultText,
  executionModeFaultText,
  filePathFaultText,
  filePathsFaultText,
  gitHubIdFaultText,
  repositoryFaultText,
} from "./errors.js";
import type { DeliverySettings, GitHubSettings, PipelineSettings } from "./settings.js";
import { images } from "./step.js";
import { executionModes, type FilePaths, type GitHubRepository } from "./trigger.js";

const GITHUB_NAME = /^[A-Za-z0-9._-]{1,100}$/;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
const CONNECTION =
  /^arn:aws:(?:codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]+$/;
const PROVIDER = /^arn:aws:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/;

/** What CodePipeline takes in one list of a filter, and of one pattern. */
const MOST_PATTERNS = 8;
const LONGEST_PATTERN = 255;

export function triggerFaults({ trigger, strategy }: DeliverySettings): string[] {
  return [
    ...repositoryFaults(trigger.repository),
    ...(trigger.kind === "codePipeline" ? pipelineFaults(trigger) : gitHubFaults(trigger)),
    ...(trigger.kind === "githubActions" && strategy.kind === "blueGreen"
      ? [blueGreenByGitHubFaultText()]
      : []),
  ];
}

function repositoryFaults({ owner, repository }: GitHubRepository): string[] {
  return [
    ...(GITHUB_NAME.test(owner) ? [] : [repositoryFaultText("trigger.repository.owner", owner)]),
    ...(GITHUB_NAME.test(repository)
      ? []
      : [repositoryFaultText("trigger.repository.repository", repository)]),
  ];
}

function pipelineFaults({
  branch,
  connection,
  executionMode,
  architecture,
  filePaths,
}: PipelineSettings): string[] {
  const modes: readonly string[] = executionModes;
  return [
    ...(connection.from === "arn" && !Token.isUnresolved(connection.arn) && !CONNECTION.test(connection.arn)
      ? [connectionFaultText(connection.arn)]
      : []),
    ...(BRANCH.test(branch) ? [] : [branchFaultText(branch)]),
    ...filePathFaults(filePaths),
    ...(modes.includes(executionMode) ? [] : [executionModeFaultText(executionMode, modes)]),
    ...oneOfFaults("trigger.architecture", architecture, Object.keys(images)),
  ];
}

function filePathFaults(filePaths: FilePaths | undefined): string[] {
  return (["includes", "excludes"] as const).flatMap((list) => {
    const patterns = filePaths?.[list];
    if (patterns === undefined) return [];
    return [
      ...(patterns.length >= 1 && patterns.length <= MOST_PATTERNS
        ? []
        : [filePathsFaultText(list, patterns.length, MOST_PATTERNS)]),
      ...patterns.flatMap((pattern, index) =>
        /^[^/].*$/.test(pattern) && pattern.length <= LONGEST_PATTERN
          ? []
          : [filePathFaultText(`trigger.filePaths.${list}[${index}]`, pattern, LONGEST_PATTERN)],
      ),
    ];
  });
}

function gitHubFaults({ repository: { ids }, environment, identityProviderArn }: GitHubSettings): string[] {
  return [
    ...Object.entries(ids ?? {}).flatMap(([key, id]) =>
      /^\d+$/.test(id) ? [] : [gitHubIdFaultText(`trigger.repository.ids.${key}`, id)],
    ),
    ...(GITHUB_NAME.test(environment) ? [] : [environmentFaultText(environment)]),
    ...(Token.isUnresolved(identityProviderArn) || PROVIDER.test(identityProviderArn)
      ? []
      : [
          arnFaultText(
            "trigger.identityProviderArn",
            identityProviderArn,
            "GitHub's OIDC provider",
            "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
          ),
        ]),
  ];
}
