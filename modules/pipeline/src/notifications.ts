import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { type PolicyStatement, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { AFTER_DEPLOYMENT, applicationName, pipelineName } from "./names.js";
import type { DeliverySettings } from "./settings.js";
import { stepPlans } from "./step-plans.js";
import { stepProjectName } from "./step-project.js";

interface Message {
  /** Construct id and part of the rule's name. */
  readonly id: string;
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Where in the event the values are, by the names that stand in the text between `<` and `>`. */
  readonly paths: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * A message by e-mail for each failure, for each rollback that begins, and for each release that is out.
 *
 * EventBridge, and not notification rules of CodeStar: one means serves both ways to deploy, the text is ours, and no
 * service-linked role is needed. Neither can be bound to a source in the topic's policy.
 */
export class Notifications extends Construct {
  constructor(scope: Construct, id: string, delivery: DeliverySettings) {
    super(scope, id);
    for (const message of messages(delivery)) this.message(message, delivery);
  }

  private message(
    { id, description, pattern, paths, text }: Message,
    { names, topic }: DeliverySettings,
  ): void {
    const name = resourceName(names, "event-rule", id);
    const rule = new CloudwatchEventRule(this, id, {
      name,
      description,
      eventPattern: JSON.stringify(pattern),
      state: "ENABLED",
      tags: resourceTags(name),
    });
    new CloudwatchEventTarget(this, `${id}-topic`, {
      rule: rule.name,
      targetId: "topic",
      arn: topic.arn,
      inputTransformer: { inputPaths: { ...paths }, inputTemplate: JSON.stringify(text) },
    });
  }
}

function messages(delivery: DeliverySettings): readonly Message[] {
  return [
    ...(delivery.trigger.kind === "codePipeline" ? pipelineMessages(delivery) : []),
    ...("after-deployment" in stepPlans(delivery) ? [afterDeploymentMessage(delivery)] : []),
    ...("smoke-test" in stepPlans(delivery) ? [smokeTestMessage(delivery)] : []),
    deploymentMessage(delivery),
    hostMessage(delivery),
  ];
}

function pipelineMessages({ names, companions }: DeliverySettings): readonly Message[] {
  const pipeline = pipelineName(names);
  const { paths, link } = executionLink(pipeline);
  return [
    {
      id: "pipeline-failed",
      description: "An action of the pipeline failed: tests, a build, a deployment",
      pattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Action Execution State Change"],
        // What fails after a deployment has a message of its own: then the release is out.
        detail: { pipeline: [pipeline], state: ["FAILED"], action: [{ "anything-but": [AFTER_DEPLOYMENT] }] },
      },
      paths: { ...paths, stage: "$.detail.stage", action: "$.detail.action" },
      text: `${pipeline}: <action> in stage <stage> failed at <time>. ${notOut(Object.keys(companions))} ${link}`,
    },
    // The event of its start says what started it; that of its end is documented without.
    {
      id: "pipeline-rollback",
      description: "The pipeline deploys the release before",
      pattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: {
          pipeline: [pipeline],
          state: ["STARTED"],
          "execution-trigger": { "trigger-type": ["AutomatedRollback", "ManualRollback"] },
        },
      },
      paths: { ...paths, trigger: "$.detail.execution-trigger.trigger-type" },
      text: `${pipeline}: execution <execution>, <trigger>, began at <time> and deploys the release before. Once it has succeeded that one is out, and not the last push. ${link}`,
    },
    {
      id: "pipeline-succeeded",
      description: "A release is out",
      pattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: { pipeline: [pipeline], state: ["SUCCEEDED"] },
      },
      paths,
      text: `${pipeline}: execution <execution> succeeded at <time>, its release is out: the pushed one, or the one before if a message said that this execution is a rollback. Watch errors and latency for 30 minutes. ${link}`,
    },
  ];
}

/** What a failed action leaves. Companions get a release first, and nothing takes it back there when what serves fails. */
function notOut(companions: readonly string[]): string {
  if (companions.length === 0) return "This push is not out.";
  return (
    `This push is not out where people see it. If the stage is Deploy, ${companions.join(", ")} may run it already: ` +
    "give them the release before, runbook, Roll back."
  );
}

/** The page of an execution, and where an event has what the link needs. */
function executionLink(pipeline: string) {
  return {
    paths: { execution: "$.detail.execution-id", region: "$.region", time: "$.time" },
    link: `https://<region>.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/executions/<execution>/timeline?region=<region>`,
  };
}

/** The smoke test is what a stage does on its success: an action that fails leaves it out. */
function afterDeploymentMessage({ names }: DeliverySettings): Message {
  const pipeline = pipelineName(names);
  const { paths, link } = executionLink(pipeline);
  return {
    id: "after-deployment-failed",
    description: "A release is out, but files that keep their name may be old, and no smoke test ran",
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: { pipeline: [pipeline], state: ["FAILED"], action: [AFTER_DEPLOYMENT] },
    },
    paths,
    text:
      `${pipeline}: the release is out, but the step after it failed at <time>. Files that keep their name may be old, and ` +
      `no smoke test ran. Runbook: Messages, to run it again. ${link}`,
  };
}

/** It is a condition of the stage and no action: the pipeline's own events may not tell of it. */
function smokeTestMessage(delivery: DeliverySettings): Message {
  return {
    id: "smoke-test-failed",
    description: "A release is deployed and does not work; the pipeline deploys the one before",
    pattern: {
      source: ["aws.codebuild"],
      "detail-type": ["CodeBuild Build State Change"],
      detail: {
        "project-name": [stepProjectName(delivery, "smoke-test")],
        "build-status": ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"],
      },
    },
    paths: { link: "$.detail.additional-information.logs.deep-link", time: "$.time" },
    text:
      `${pipelineName(delivery.names)}: the smoke test failed at <time>. The pipeline deploys the release before, if it has ` +
      "deployed one since it was last changed; see that it succeeds. An alarm that rings stops it: then runbook, Roll back. <link>",
  };
}

/** Also of a host that scaling started. Its successes are told of nowhere: there would be one for each such host. */
function deploymentMessage({ names }: DeliverySettings): Message {
  const application = applicationName(names);
  return {
    id: "deployment-failed",
    description: "A deployment failed or was stopped by an alarm; CodeDeploy rolls back what it can",
    pattern: {
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Deployment State-change Notification"],
      detail: { application: [application], state: ["FAILURE", "STOP"] },
    },
    paths: {
      deployment: "$.detail.deploymentId",
      group: "$.detail.deploymentGroup",
      region: "$.region",
      state: "$.detail.state",
      time: "$.time",
    },
    text:
      `${application}, group <group>: deployment <deployment> ended with <state> at <time>. CodeDeploy puts the last good ` +
      "release back by a deployment of its own; see that it succeeds. " +
      "https://<region>.console.aws.amazon.com/codesuite/codedeploy/deployments/<deployment>?region=<region>",
  };
}

/** To CodeDeploy a deployment is a success while enough hosts are, such as half of them: it tells of the others here only. */
function hostMessage({ names, strategy }: DeliverySettings): Message {
  const application = applicationName(names);
  const colours =
    strategy.kind === "blueGreen"
      ? "A host of a colour leave as it is: it gets no traffic, and is there to be looked at. "
      : "";
  return {
    id: "host-failed",
    description: "A host has not got a release; the deployment may succeed all the same",
    pattern: {
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Instance State-change Notification"],
      detail: { application: [application], state: ["FAILURE"] },
    },
    paths: {
      deployment: "$.detail.deploymentId",
      group: "$.detail.deploymentGroup",
      host: "$.detail.instanceId",
      region: "$.region",
      time: "$.time",
    },
    text:
      `${application}, group <group>: host <host> failed at <time> in deployment <deployment> and has not got the release, ` +
      `even if the deployment succeeds. If it does, end the host: runbook, A release hangs. ${colours}` +
      "https://<region>.console.aws.amazon.com/codesuite/codedeploy/deployments/<deployment>?region=<region>",
  };
}

/**
 * What the policy of the topic needs, so that messages arrive. EventBridge sends a topic no source with what it
 * publishes, so that a condition on one would refuse every message; the topic is named instead.
 */
export function topicStatement(topicArn: string): PolicyStatement {
  return {
    Sid: "DeliveryMessages",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
  };
}

/** What the policy of the topic's key needs, if it has one, as AWS documents it. In a key's policy `*` is the key itself. */
export const topicKeyStatement: PolicyStatement = {
  Sid: "DeliveryMessages",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: "*",
};
