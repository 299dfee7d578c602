import type { Attributes } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { type DeliveryProps, topicKeyStatement, topicStatement } from "../src/index.js";
import { blueGreen, delivery, everything, gitHubTrigger, topicArn } from "./support.js";

interface Transformer {
  readonly input_paths: Readonly<Record<string, string>>;
  readonly input_template: string;
}

/** Events as AWS documents them, with what the messages take from them. */
const events = {
  action: {
    source: "aws.codepipeline",
    "detail-type": "CodePipeline Action Execution State Change",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: {
      pipeline: "telemedicina-prod-pipeline",
      "execution-id": "0a1b2c3d",
      stage: "Build",
      action: "Build",
      state: "FAILED",
    },
  },
  pipeline: {
    source: "aws.codepipeline",
    "detail-type": "CodePipeline Pipeline Execution State Change",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: { pipeline: "telemedicina-prod-pipeline", "execution-id": "0a1b2c3d", state: "SUCCEEDED" },
  },
  rollback: {
    source: "aws.codepipeline",
    "detail-type": "CodePipeline Pipeline Execution State Change",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: {
      pipeline: "telemedicina-prod-pipeline",
      "execution-id": "0a1b2c3d",
      "execution-trigger": { "trigger-type": "AutomatedRollback", "trigger-detail": "0f0f0f0f" },
      state: "STARTED",
    },
  },
  deployment: {
    source: "aws.codedeploy",
    "detail-type": "CodeDeploy Deployment State-change Notification",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: {
      application: "telemedicina",
      deploymentGroup: "production",
      deploymentId: "d-123456789",
      region: "sa-east-1",
      state: "FAILURE",
    },
  },
  host: {
    source: "aws.codedeploy",
    "detail-type": "CodeDeploy Instance State-change Notification",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: {
      application: "telemedicina",
      deploymentGroup: "production",
      deploymentId: "d-123456789",
      instanceGroupId: "0a1b2c3d",
      instanceId: "i-0a1b2c3d",
      region: "sa-east-1",
      state: "FAILURE",
    },
  },
  smokeTest: {
    source: "aws.codebuild",
    "detail-type": "CodeBuild Build State Change",
    region: "sa-east-1",
    time: "2026-01-02T03:04:05Z",
    detail: {
      "project-name": "telemedicina-prod-codebuild-smoke-test-sa-east-1",
      "build-status": "FAILED",
      "additional-information": { logs: { "deep-link": "https://console.aws.amazon.com/logs" } },
    },
  },
} as const;

type Event = Readonly<Record<string, unknown>>;

/** The mails that an event makes. */
function mails(changes: Partial<DeliveryProps>, event: Event): string[] {
  const { stack } = delivery(changes);
  return stack.all("aws_cloudwatch_event_rule").flatMap(({ address, attributes }) => {
    if (!matches(JSON.parse(attributes["event_pattern"] as string), event)) return [];
    const targets = stack
      .all("aws_cloudwatch_event_target")
      .filter((target) => target.attributes["rule"] === `\${${address}.name}`);
    return targets.map((target) => mail(target.attributes, event));
  });
}

/** EventBridge's own matching, as far as these patterns use it: every key must be there with one of the values. */
function matches(pattern: Event, event: Event): boolean {
  return Object.entries(pattern).every(([key, wanted]) =>
    Array.isArray(wanted)
      ? wanted.some((one: unknown) => isMet(one, event[key]))
      : matches(wanted as Event, (event[key] ?? {}) as Event),
  );
}

function isMet(wanted: unknown, value: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return wanted === value;
  return (
    value !== undefined && !(wanted as { "anything-but": readonly unknown[] })["anything-but"].includes(value)
  );
}

function mail(target: Attributes, event: Event): string {
  const { input_paths, input_template } = target["input_transformer"] as Transformer;
  const text = JSON.parse(input_template) as string;
  return text.replaceAll(/<(\w+)>/g, (_, name: string) => {
    const path = input_paths[name]?.replace(/^\$\./, "").split(".") ?? [];
    const value = path.reduce<unknown>((found, key) => (found as Event | undefined)?.[key], event);
    return value === undefined ? `MISSING ${name}` : String(value);
  });
}

const console = "https://sa-east-1.console.aws.amazon.com/codesuite";

describe("messages", () => {
  it("CICD-05: say what of a push failed, with a link to it", () => {
    expect(mails({}, events.action)).toEqual([
      "telemedicina-prod-pipeline: Build in stage Build failed at 2026-01-02T03:04:05Z. This push is not out. " +
        `${console}/codepipeline/pipelines/telemedicina-prod-pipeline/executions/0a1b2c3d/timeline?region=sa-east-1`,
    ]);
  });

  it("CICD-05: say that companions may run the push already, of which nothing that serves is out", () => {
    const companions = { workers: { autoScalingGroupName: "a" }, scheduler: { autoScalingGroupName: "b" } };
    expect(mails({ companions }, events.action)[0]).toContain(
      "failed at 2026-01-02T03:04:05Z. This push is not out where people see it. If the stage is Deploy, workers, scheduler may run it already: give them the release before, runbook, Roll back. https://",
    );
  });

  it("CICD-05: say that a release is out when only what comes after it failed", () => {
    const after = { ...events.action, detail: { ...events.action.detail, stage: "Deploy", action: "After" } };
    expect(mails(everything, after)).toEqual([
      "telemedicina-prod-pipeline: the release is out, but the step after it failed at 2026-01-02T03:04:05Z. Files that keep their name may be old, and no smoke test ran. Runbook: Messages, to run it again. " +
        `${console}/codepipeline/pipelines/telemedicina-prod-pipeline/executions/0a1b2c3d/timeline?region=sa-east-1`,
    ]);
    expect(mails(everything, events.action)).toHaveLength(1);
  });

  it("CICD-10: say that a rollback begins, whose success is no new release", () => {
    const text = (trigger: string) =>
      `telemedicina-prod-pipeline: execution 0a1b2c3d, ${trigger}, began at 2026-01-02T03:04:05Z and deploys the release before. Once it has succeeded that one is out, and not the last push. ` +
      `${console}/codepipeline/pipelines/telemedicina-prod-pipeline/executions/0a1b2c3d/timeline?region=sa-east-1`;
    const by = (type: string) => ({
      ...events.rollback,
      detail: { ...events.rollback.detail, "execution-trigger": { "trigger-type": type } },
    });
    for (const type of ["AutomatedRollback", "ManualRollback"]) {
      expect(mails({}, by(type))).toEqual([text(type)]);
    }
    for (const type of ["WebhookV2", "StartPipelineExecution"]) expect(mails({}, by(type))).toEqual([]);
    expect(mails({ trigger: gitHubTrigger }, events.rollback)).toEqual([]);
  });

  it("CICD-10: say that a release is out, and to watch it for 30 minutes", () => {
    expect(mails({}, events.pipeline)).toEqual([
      "telemedicina-prod-pipeline: execution 0a1b2c3d succeeded at 2026-01-02T03:04:05Z, its release is out: the pushed one, or the one before if a message said that this execution is a rollback. Watch errors and latency for 30 minutes. " +
        `${console}/codepipeline/pipelines/telemedicina-prod-pipeline/executions/0a1b2c3d/timeline?region=sa-east-1`,
    ]);
  });

  it.each([
    ["a pipeline", {}],
    ["GitHub Actions", { trigger: gitHubTrigger }],
  ])("CICD-06: say that a deployment failed or was stopped, with %s", (_, changes) => {
    const text = (state: string) =>
      `telemedicina, group production: deployment d-123456789 ended with ${state} at 2026-01-02T03:04:05Z. CodeDeploy puts the last good release back by a deployment of its own; see that it succeeds. ` +
      `${console}/codedeploy/deployments/d-123456789?region=sa-east-1`;
    expect(mails(changes, events.deployment)).toEqual([text("FAILURE")]);
    const stopped = { ...events.deployment, detail: { ...events.deployment.detail, state: "STOP" } };
    expect(mails(changes, stopped)).toEqual([text("STOP")]);
  });

  it.each([
    ["a pipeline", {}],
    ["GitHub Actions", { trigger: gitHubTrigger }],
  ])("CICD-05: name a host that has not got the release, with %s", (_, changes) => {
    expect(mails(changes, events.host)).toEqual([
      "telemedicina, group production: host i-0a1b2c3d failed at 2026-01-02T03:04:05Z in deployment d-123456789 and has not got the release, even if the deployment succeeds. If it does, end the host: runbook, A release hangs. " +
        `${console}/codedeploy/deployments/d-123456789?region=sa-east-1`,
    ]);
  });

  it("CICD-05: leave a host of a colour to be looked at", () => {
    expect(mails({ strategy: blueGreen }, events.host)[0]).toContain(
      "runbook, A release hangs. A host of a colour leave as it is: it gets no traffic, and is there to be looked at. https://",
    );
  });

  it("CICD-10: say that the smoke test failed, where there is one", () => {
    expect(mails(everything, events.smokeTest)).toEqual([
      "telemedicina-prod-pipeline: the smoke test failed at 2026-01-02T03:04:05Z. The pipeline deploys the release before, if it has deployed one since it was last changed; see that it succeeds. An alarm that rings stops it: then runbook, Roll back. https://console.aws.amazon.com/logs",
    ]);
    expect(delivery().stack.all("aws_cloudwatch_event_rule")).toHaveLength(5);
    expect(delivery(everything).stack.all("aws_cloudwatch_event_rule")).toHaveLength(7);
  });

  it("are none of what goes well on the way, nor of other applications and pipelines", () => {
    const detail = (event: { readonly detail: object }, change: object) => ({
      ...event,
      detail: { ...event.detail, ...change },
    });
    for (const event of [
      detail(events.action, { state: "SUCCEEDED" }),
      detail(events.action, { pipeline: "other" }),
      detail(events.pipeline, { state: "STARTED" }),
      detail(events.deployment, { state: "SUCCESS" }),
      detail(events.deployment, { application: "other" }),
      detail(events.host, { state: "SUCCESS" }),
      detail(events.host, { application: "other" }),
      detail(events.smokeTest, { "build-status": "SUCCEEDED" }),
      detail(events.smokeTest, { "project-name": "telemedicina-prod-codebuild-build-sa-east-1" }),
    ]) {
      expect(mails(everything, event)).toEqual([]);
    }
  });

  it("of the pipeline are none where GitHub Actions deploys", () => {
    expect(mails({ trigger: gitHubTrigger }, events.action)).toEqual([]);
    expect(mails({ trigger: gitHubTrigger }, events.pipeline)).toEqual([]);
  });

  it("go to the topic, by rules that are on", () => {
    const { stack } = delivery(everything);
    for (const { attributes } of stack.all("aws_cloudwatch_event_rule")) {
      expect(attributes["state"]).toBe("ENABLED");
    }
    for (const { attributes } of stack.all("aws_cloudwatch_event_target")) {
      expect(attributes["arn"]).toBe(topicArn);
    }
  });
});

describe("what the topic needs", () => {
  it("is a statement that names it, without a condition, which EventBridge could not fulfill", () => {
    expect(topicStatement(topicArn)).toEqual({
      Sid: "DeliveryMessages",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
    });
  });

  it("is a statement for its key, if it has one", () => {
    expect(topicKeyStatement).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    });
  });
});
