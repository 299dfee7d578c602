import { z } from "zod";
import { ipv4Cidr, logRetentionDays } from "./common.js";
import { text } from "./hints.js";
import { reason } from "./reason.js";

const zoneId = text(/^[a-z]{3,4}[0-9]-az[0-9]$/, {
  allowed: "an availability zone id such as use1-az1",
  fix: "Write the zone's id, not its name: us-east-1a is another building in every account.",
});

export const interfaceEndpointServices = [
  "ssm",
  "ssmmessages",
  "ec2messages",
  "logs",
  "monitoring",
  "secretsmanager",
  "kms",
  "sts",
  "codedeploy",
  "codedeploy-commands-secure",
  "ecr.api",
  "ecr.dkr",
  "sqs",
  "sns",
  "autoscaling",
  "ec2",
] as const;

const why = reason("Say in a sentence why CloudFront cannot be the only way in.");

const loadBalancerIngress = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z
        .literal("cloudfront")
        .describe(
          "A public load balancer that only CloudFront's own addresses reach, and that answers only to the secret header of this environment's distribution.",
        ),
      sentOriginHeader: z
        .enum(["A", "B"])
        .default("A")
        .describe(
          "Which of the two values of that header CloudFront sends. The load balancer takes both, so the other one may get a new version: count up its security.secretVersions, apply security and app, switch here, apply edge. Default: A.",
        ),
    }),
    z.strictObject({
      from: z
        .literal("cloudfrontVpcOrigin")
        .describe(
          "A load balancer without public addresses, which CloudFront reaches inside the VPC. Free of charge, with WebSockets.",
        ),
    }),
    z.strictObject({
      from: z
        .literal("internet")
        .describe("Anyone reaches the load balancer, past CloudFront, its WAF and its headers."),
      reason: why.describe(
        "Why this environment needs it, for the reviewer; it becomes a tag. 10 to 256 characters.",
      ),
    }),
  ])
  .prefault({ from: "cloudfront" })
  .describe(
    "Who may open connections to the load balancer. To or from cloudfrontVpcOrigin replaces it, an outage of minutes that compute.loadBalancer.deletionProtection has to allow. Default: cloudfront.",
  );

export const networkSchema = z
  .strictObject({
    cidr: ipv4Cidr.describe(
      "The VPC's block: private, /16 to /20, no other environment's. A change replaces the VPC and all that is in it.",
    ),
    availabilityZones: z
      .strictObject({
        a: zoneId.describe("Zone id behind the letter a."),
        b: zoneId.describe("Zone id behind the letter b."),
        c: zoneId.exactOptional().describe("Zone id behind the letter c. Default: two zones only."),
      })
      .describe(
        "The zones in use, by letter. A letter owns fixed subnets: giving it another zone replaces them.",
      ),
    nat: z
      .enum(["none", "single", "perAz"])
      .describe(
        "NAT gateways, each about US$ 33 to 45 a month plus traffic. `perAz` outlives the loss of a zone; with `single` its zone takes the others' egress down; with `none` hosts reach only what has an endpoint.",
      ),
    flowLogs: z
      .strictObject({
        retentionDays: logRetentionDays
          .default(60)
          .describe("Days that VPC flow logs are kept. Default: 60."),
      })
      .prefault({})
      .describe("Record of accepted and refused connections."),
    gatewayEndpoints: z
      .array(z.enum(["s3", "dynamodb"]))
      .default(["s3"])
      .describe("Gateway endpoints, free of charge. `s3` must be among them. Default: s3."),
    interfaceEndpoints: z
      .array(z.enum(interfaceEndpointServices))
      .default(["ssm", "ssmmessages", "ec2messages", "logs", "secretsmanager", "kms"])
      .describe(
        "Services reached inside the VPC. Each costs about US$ 7 to 8 a zone and month. Default: Session Manager's three, logs, secretsmanager, kms.",
      ),
    loadBalancerIngress,
  })
  .describe("VPC, zones, egress and who may come in.");
