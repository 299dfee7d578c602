/** AWS services that are reached by a route and cost nothing. */
export const gatewayServices = ["s3", "dynamodb"] as const;

export type GatewayService = (typeof gatewayServices)[number];

/**
 * AWS services that can get an interface endpoint, by the name that stands in
 * `com.amazonaws.<region>.<name>`, and whether they take an endpoint policy. `false` where AWS
 * documents none or we found no statement: an endpoint with a policy it doesn't take is not made at all.
 */
const interfaceServicePolicies = {
  autoscaling: true,
  codedeploy: false,
  "codedeploy-commands-secure": false,
  ec2: true,
  ec2messages: true,
  "ecr.api": true,
  "ecr.dkr": true,
  elasticloadbalancing: true,
  "email-smtp": false,
  events: true,
  kms: true,
  logs: true,
  monitoring: true,
  secretsmanager: true,
  sns: true,
  sqs: true,
  ssm: true,
  ssmmessages: true,
  sts: true,
  xray: true,
} as const satisfies Record<string, boolean>;

export type InterfaceService = keyof typeof interfaceServicePolicies;

export const interfaceServices = Object.keys(interfaceServicePolicies) as readonly InterfaceService[];

/** Whether an endpoint policy may be set. */
export function takesPolicy(service: InterfaceService): boolean {
  return interfaceServicePolicies[service];
}
