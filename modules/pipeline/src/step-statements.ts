import { logStatement, type PolicyStatement } from "@telemedicina/core";
import { type Place, parameterArn, reportGroupsArn } from "./arns.js";
import { artifactStatements } from "./bucket-statements.js";
import type { DeliverySettings, StepSettings } from "./settings.js";
import type { StepPlan } from "./step-plans.js";

export interface StepPolicy {
  readonly delivery: DeliverySettings;
  readonly projectName: string;
  readonly logGroupArn: string;
  readonly plan: Pick<StepPlan, "step" | "purpose">;
}

/** All that a step may: what every step does, what it is for, what its environment is made of, and what it asks for. */
export function stepStatements(policy: StepPolicy): PolicyStatement[] {
  const { delivery, projectName, logGroupArn, plan } = policy;
  const { step, purpose } = plan;
  return [
    logStatement([logGroupArn]),
    ...artifactStatements(delivery, delivery.deployments),
    ...purpose,
    ...secretStatements(delivery, step),
    ...parameterStatements(delivery, step),
    {
      // Which tests failed, in the console, after the log has become long.
      Sid: "OwnTestReports",
      Effect: "Allow",
      Action: [
        "codebuild:BatchPutCodeCoverages",
        "codebuild:BatchPutTestCases",
        "codebuild:CreateReport",
        "codebuild:CreateReportGroup",
        "codebuild:UpdateReport",
      ],
      Resource: reportGroupsArn(delivery, projectName),
    },
    ...step.statements,
  ];
}

function secretStatements({ names }: Place, { secrets }: StepSettings): PolicyStatement[] {
  const all = Object.values(secrets);
  const keys = unique(all.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []));
  if (all.length === 0) return [];
  return [
    {
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: unique(all.map(({ secretArn }) => secretArn)),
    },
    ...(keys.length === 0
      ? []
      : [
          {
            Sid: "DecryptSecrets",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: keys,
            Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${names.region}.amazonaws.com` } },
          } as const,
        ]),
  ];
}

function parameterStatements(place: Place, { parameters }: StepSettings): PolicyStatement[] {
  const names = unique(Object.values(parameters));
  if (names.length === 0) return [];
  return [
    {
      Sid: "ReadParameters",
      Effect: "Allow",
      Action: "ssm:GetParameters",
      Resource: names.map((name) => parameterArn(place, name)),
    },
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
