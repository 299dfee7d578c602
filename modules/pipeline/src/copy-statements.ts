import type { PolicyStatement } from "@telemedicina/core";
import type { Place } from "./arns.js";
import type { CopyAutoScalingGroup } from "./strategy.js";

/**
 * What CodeDeploy needs beyond AWS's policy to start hosts from a launch template: of this template only, as hosts of
 * this role only. Who may start hosts and hand any role on may do whatever the strongest role may.
 */
export function copyStatements(
  { names, accountId }: Place,
  { launchTemplateArn, hostRoleArn }: Pick<CopyAutoScalingGroup, "launchTemplateArn" | "hostRoleArn">,
): PolicyStatement[] {
  const here = `arn:aws:ec2:${names.region}:${accountId}`;
  return [
    {
      Sid: "StartHostsOfTheTemplate",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: [
        launchTemplateArn,
        `arn:aws:ec2:${names.region}::image/*`,
        ...["instance", "key-pair", "network-interface", "security-group", "subnet", "volume"].map(
          (type) => `${here}:${type}/*`,
        ),
      ],
      Condition: { ArnEquals: { "ec2:LaunchTemplate": launchTemplateArn } },
    },
    {
      Sid: "TagWhatItStarts",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ["instance", "network-interface", "volume"].map((type) => `${here}:${type}/*`),
      Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    },
    {
      Sid: "HandOnTheHostRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: hostRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
  ];
}
