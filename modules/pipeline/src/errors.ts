/** Texts of the faults: what, value found, what is allowed, what to do. */

export function accountFaultText(found: string): string {
  return `accountId is ${JSON.stringify(found)}. Allowed: 12 digits.`;
}

export function repositoryFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: one owner or repository of GitHub by its exact name, letters, digits and ` +
    ". _ -. A pattern would let others deploy."
  );
}

export function gitHubIdFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: GitHub's number of it, digits.`;
}

export function environmentFaultText(found: string): string {
  return (
    `trigger.environment is ${JSON.stringify(found)}. Allowed: one GitHub environment by its exact name, letters, digits ` +
    "and . _ -. A pattern would let other environments deploy."
  );
}

export function branchFaultText(found: string): string {
  return `trigger.branch is ${JSON.stringify(found)}. Allowed: the exact name of one branch, such as main, and no pattern.`;
}

export function filePathsFaultText(list: string, found: number, most: number): string {
  return `trigger.filePaths.${list} has ${found}. Allowed: 1 to ${most} patterns, or leave the list out.`;
}

export function filePathFaultText(prop: string, found: string, most: number): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a pattern of 1 to ${most} characters without a slash at the start, such as app/**.`;
}

export function connectionFaultText(found: string): string {
  return (
    `trigger.connection.arn is ${JSON.stringify(found)}. Allowed: the ARN of a connection, such as ` +
    "arn:aws:codeconnections:us-east-1:111111111111:connection/0a1b2c3d-0000-4000-8000-000000000001."
  );
}

export function executionModeFaultText(found: string, allowed: readonly string[]): string {
  const why =
    found === "PARALLEL"
      ? " PARALLEL would deploy two pushes to the same hosts at once, the older one perhaps last, and knows no rollback of a stage."
      : "";
  return `trigger.executionMode is ${JSON.stringify(found)}. Allowed: ${allowed.join(", ")}.${why}`;
}

export function alarmCountFaultText(prop: string, found: number, least: number, most: number): string {
  const why =
    found > most
      ? "CodeDeploy watches no more in one group: choose those that ring when users suffer."
      : "Without an alarm a release that answers with errors stays.";
  return `${prop} has ${found}. Allowed: ${least} to ${most} alarms. ${why}`;
}

export function repeatedFaultText(prop: string, found: string): string {
  return `${prop} has ${JSON.stringify(found)} twice. Allowed: each once.`;
}

export function fleetTwiceFaultText(found: string): string {
  return (
    `${JSON.stringify(found)} is the Auto Scaling group of two deployment groups. Allowed: one each. ` +
    "Two would deploy to every new host at once."
  );
}

export function companionKeyFaultText(found: string): string {
  return `companions has the key ${JSON.stringify(found)}. Allowed: lower-case letters, digits and inner hyphens, a letter first, and not blue, green or serving.`;
}

export function acknowledgeFaultText(found: unknown): string {
  return (
    `strategy.acknowledgeUnmanagedGroup is ${JSON.stringify(found)}. Allowed: true, once you have read what it means: CodeDeploy ` +
    "deletes the Auto Scaling group that Terraform made, and no plan sees the one that runs. Without that, choose rolling or blueGreen."
  );
}

export function arnFaultText(prop: string, found: string, what: string, example: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: the ARN of ${what}, such as ${example}.`;
}

export function blueGreenByGitHubFaultText(): string {
  return (
    'trigger.kind is "githubActions" and strategy.kind "blueGreen". A runner\'s credentials end after an hour, perhaps in the ' +
    "middle of moving the traffic. Choose codePipeline, or rolling."
  );
}

export function buildspecFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found.length > 60 ? `${found.slice(0, 60)}…` : found)}. Allowed: a path in the source such as ` +
    "buildspec.yml, without a slash at the start and without .., or the text of a buildspec, which says version: 0.2."
  );
}

export function buildspecLengthFaultText(prop: string, found: number, most: number): string {
  return (
    `${prop} has ${found} characters. Allowed: ${most}, CodeBuild takes no longer one in a project. Put it into the source and ` +
    "give its path, or compress what it carries."
  );
}

export function tokenFaultText(prop: string): string {
  return `${prop} has a reference in it that only Terraform can fill in. Allowed: a literal text. Give the value as a variable of the step.`;
}

export function lineNameFaultText(prop: string, found: string): string {
  return `${prop} has the name ${JSON.stringify(found)}. Allowed: letters, digits and _, no digit first, and not CODEBUILD_…, which is CodeBuild's own.`;
}

export function takenLineFaultText(prop: string, found: string): string {
  return `${prop} has the name "${found}", which every step has already. Choose another name.`;
}

export function repeatedLineFaultText(prop: string, found: string): string {
  return `${prop} has the name "${found}" in more than one of variables, secrets and parameters. Allowed: each name once.`;
}

/** The value is left out: it may be the secret. */
export function plainSecretFaultText(prop: string, found: string): string {
  return (
    `${prop}.variables has "${found}", which is called like a secret; its value would be in the JSON, the state and the console. ` +
    `Put it into Secrets Manager and name it in ${prop}.secrets, or rename the line if it is none.`
  );
}

/** The value is left out: it may be the secret. */
export function secretArnFaultText(prop: string): string {
  return (
    `${prop}.secretArn is not the ARN of a secret. Allowed: one such as ` +
    "arn:aws:secretsmanager:us-east-1:111111111111:secret:name-AbCdEf. Never write the secret itself here."
  );
}

export function jsonKeyFaultText(prop: string, found: string): string {
  return `${prop}.jsonKey is ${JSON.stringify(found)}. Allowed: a key of the secret's JSON, without a colon.`;
}

export function parameterNameFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: the name of a parameter, such as /telemedicina/production/contract.`;
}

export function repeatedSidFaultText(prop: string, sid: string): string {
  return `${prop}.statements has the Sid "${sid}", which the policy of its role has already. IAM takes each once. Rename it.`;
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `logs.retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered."
  );
}
