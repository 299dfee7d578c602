import type { PolicyStatement } from "@telemedicina/core";
import type { BlueGreenSettings } from "./blue-green.js";
import { colours } from "./colour.js";

export interface BlueGreenPlace {
  readonly accountId: string;
  /** `LoadBalancer.name`: ARNs of its rules are known to Terraform only, the part with the name is known to a reader. */
  readonly loadBalancerName: string;
}

/**
 * What the role needs that runs the program: it changes rules of one load balancer, sizes two groups of hosts and deploys
 * to them. Reading a load balancer and groups, and stopping a deployment, have no resource at AWS.
 *
 * Two things are wider than the program's use. `DescribeRules` shows the origin's secret header, which a rule holds in
 * clear text; `UpdateAutoScalingGroup` is also the action that gives a group another template.
 */
export function blueGreenStatements(
  settings: BlueGreenSettings,
  { accountId, loadBalancerName }: BlueGreenPlace,
): PolicyStatement[] {
  const { region, application } = settings;
  const here = `${region}:${accountId}`;
  const deploy = `arn:aws:codedeploy:${here}`;
  return [
    {
      Sid: "SeeTraffic",
      Effect: "Allow",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeScheduledActions",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      // With alarms by name AWS tells of no composite one.
      Sid: "WatchAlarms",
      Effect: "Allow",
      Action: "cloudwatch:DescribeAlarms",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "ShiftTraffic",
      Effect: "Allow",
      Action: ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
      Resource: ["listener", "listener-rule"].map(
        (kind) => `arn:aws:elasticloadbalancing:${here}:${kind}/app/${loadBalancerName}/*`,
      ),
    },
    {
      Sid: "SizeColours",
      Effect: "Allow",
      Action: [
        "autoscaling:DeleteScheduledAction",
        "autoscaling:PutScheduledUpdateGroupAction",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
        "autoscaling:UpdateAutoScalingGroup",
      ],
      Resource: colours.map(
        (colour) =>
          `arn:aws:autoscaling:${here}:autoScalingGroup:*:autoScalingGroupName/${settings.colours[colour].group}`,
      ),
    },
    {
      Sid: "DeployToColours",
      Effect: "Allow",
      Action: ["codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup"],
      Resource: colours.map(
        (colour) => `${deploy}:deploymentgroup:${application}/${settings.colours[colour].deploymentGroup}`,
      ),
    },
    {
      // A deployment has no ARN.
      Sid: "StopDeployments",
      Effect: "Allow",
      Action: "codedeploy:StopDeployment",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "NameRevisions",
      Effect: "Allow",
      Action: ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
      Resource: `${deploy}:application:${application}`,
    },
    {
      Sid: "ReadDeploymentConfigs",
      Effect: "Allow",
      Action: "codedeploy:GetDeploymentConfig",
      Resource: `${deploy}:deploymentconfig:*`,
    },
  ];
}
