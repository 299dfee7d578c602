import { z } from "zod";
import { deletionProtection } from "./deletion-protection.js";
import { text } from "./hints.js";

const certificateArn = text(
  /^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  {
    allowed: "the ARN of an ACM certificate, arn:aws:acm:…:certificate/…",
    fix: "Copy it from aws acm list-certificates, asked in the environment's home region.",
  },
);

export const certificateSchema = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z
        .literal("dns")
        .describe("ACM makes it and renews it, proven by records in dns.zone. Free of charge."),
    }),
    z.strictObject({
      from: z.literal("arn").describe("One that exists; whoever made it renews it."),
      arn: certificateArn.describe(
        "Its ARN in the home region and this account; it has to name `domain` and origin.`domain`. The CAA record of `domain` has to allow its issuer, or it cannot be renewed, and CloudFront answers 502 everywhere when it ends: name one that is not ACM in dns.certificateAuthorities, and write dns.wildcardCertificates: true if a name is a wildcard.",
      ),
    }),
  ])
  .prefault({ from: "dns" })
  .describe("The load balancer's certificate. It changes without an outage. Default: dns.");

export const loadBalancerSchema = z
  .strictObject({
    idleTimeoutSeconds: z
      .int()
      .min(61)
      .max(4000)
      .default(300)
      .describe(
        "Seconds after which a silent connection is closed. Reverb pings every 60, so less would cut live ones. Default: 300.",
      ),
    deregistrationSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(300)
      .describe(
        "Seconds that open requests and WebSockets keep on a host that leaves; deployments take that much longer. Default: 300.",
      ),
    deletionProtection: deletionProtection(
      "the load balancer",
      "AWS and Terraform both refuse to delete the load balancer; turning that off takes an apply of its own.",
    ),
  })
  .prefault({})
  .describe("The Application Load Balancer, about US$ 20 a month plus traffic.");
