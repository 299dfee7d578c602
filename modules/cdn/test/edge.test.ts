import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { Attributes, StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import {
  EdgeCertificate,
  type EdgeCertificateProps,
  EdgeHealthCheck,
  type EdgeHealthCheckProps,
  EdgeRecords,
  type EdgeRecordsProps,
} from "../src/index.js";
import { build, domain, names } from "./support.js";

const zone = { zoneId: "Z0123456789ABCDEFGHIJ", name: domain };
const target = { domainName: "d111111abcdef8.cloudfront.net", hostedZoneId: "Z2FDTNDATAQYW2" };
const topic = "arn:aws:sns:us-east-1:333333333333:alarms";

function certificate(changes: Partial<EdgeCertificateProps> = {}): StackJson {
  return build(
    (scope, usEast1) =>
      new EdgeCertificate(scope, "certificate", { names, usEast1, zone, domain, ...changes }),
  ).stack;
}

function records(changes: Partial<EdgeRecordsProps> = {}): StackJson {
  return build((scope) => new EdgeRecords(scope, "records", { zone, domains: [domain], target, ...changes }))
    .stack;
}

function healthCheck(changes: Partial<EdgeHealthCheckProps> = {}): StackJson {
  return build(
    (scope, usEast1) =>
      new EdgeHealthCheck(scope, "health", { names, usEast1, domainName: domain, ...changes }),
  ).stack;
}

function one(construct: string, fault: string): Error {
  return new Error(`test/${construct} has 1 fault:\n  - test/${construct}: ${fault}`);
}

/** Name, type and the rest of each record. */
function recordsOf(stack: StackJson): readonly Attributes[] {
  return stack.all("aws_route53_record").map(({ attributes }) => attributes);
}

describe("the certificate", () => {
  it("CDN-03, T-52: is CloudFront's own, in us-east-1, proven by DNS", () => {
    expect(certificate().only("aws_acm_certificate")).toMatchObject({
      provider: "aws.us_east_1",
      domain_name: domain,
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
  });

  it("is waited for: its ARN is that of the validation, which has the records", () => {
    const stack = certificate();
    const [record] = stack.all("aws_route53_record");

    expect(stack.only("aws_acm_certificate_validation")).toMatchObject({
      provider: "aws.us_east_1",
      validation_record_fqdns: [`\${${record?.address}.fqdn}`],
    });
    expect(record?.attributes).toMatchObject({ zone_id: zone.zoneId, ttl: 300, allow_overwrite: true });
    expect(record?.attributes["name"]).toMatch(
      /^\$\{one\(\[for option in aws_acm_certificate\..*domain_name == "telemedicina/,
    );
  });

  it("has a record for each of its names", () => {
    const stack = certificate({ alternativeDomains: [`www.${domain}`] });

    expect(stack.only("aws_acm_certificate")["subject_alternative_names"]).toEqual([`www.${domain}`]);
    expect(stack.all("aws_route53_record")).toHaveLength(2);
  });

  it("leaves a record alone that another certificate keeps", () => {
    const stack = certificate({ recordsMadeElsewhere: [domain] });

    expect(stack.all("aws_route53_record")).toEqual([]);
    expect(stack.only("aws_acm_certificate_validation")["validation_record_fqdns"]).toBeUndefined();
  });

  it.each([
    [
      { alternativeDomains: ["www.example.org"] },
      "www.example.org lies outside the zone telemedicina.example.com: a record there would answer nobody. Give the zone that holds the name, or another name.",
    ],
    [
      { alternativeDomains: [`*.${domain}`] },
      "*.telemedicina.example.com is a wildcard. Name each host: a wildcard's certificate would be good for hosts that nobody has thought of.",
    ],
    [
      { alternativeDomains: [domain] },
      "telemedicina.example.com stands twice among the names. Remove one of the two.",
    ],
    [
      { recordsMadeElsewhere: [`origin.${domain}`] },
      "recordsMadeElsewhere has origin.telemedicina.example.com, which is not a name of the certificate. Remove it.",
    ],
    [
      { alternativeDomains: Array.from({ length: 10 }, (_, index) => `a${index}.${domain}`) },
      "the certificate has 11 names. Allowed: at most 10.",
    ],
    [
      { alternativeDomains: ["WWW"] },
      'alternativeDomains[0] is "WWW". Allowed: a DNS name in lower case such as telemedicina.example.com.',
    ],
  ])("fails when it is asked for %j", (changes, fault) => {
    expect(() => certificate(changes)).toThrow(one("certificate", fault));
  });

  it("T-52: fails when it would be made in another region", () => {
    const elsewhere = () =>
      build((scope) => {
        const usEast1 = new AwsProvider(scope, "other", { alias: "other", region: "sa-east-1" });
        return new EdgeCertificate(scope, "certificate", { names, usEast1, zone, domain });
      });

    expect(elsewhere).toThrow(
      one(
        "certificate",
        "usEast1 is a provider for sa-east-1. CloudFront's certificates, log delivery and health metrics are kept in us-east-1: give a provider for that region.",
      ),
    );
  });
});

describe("the records", () => {
  it("NET-12: name the distribution by IPv4 and by IPv6", () => {
    const aliases = recordsOf(records({ domains: [domain, `www.${domain}`] })).filter(({ alias }) => alias);

    expect(aliases.map(({ name, type, alias }) => [name, type, alias])).toEqual(
      [domain, `www.${domain}`].flatMap((name) =>
        ["A", "AAAA"].map((type) => [
          name,
          type,
          { name: target.domainName, zone_id: target.hostedZoneId, evaluate_target_health: false },
        ]),
      ),
    );
  });

  it("say who may issue certificates, and that nobody may issue wildcards", () => {
    const [caa] = recordsOf(records()).filter(({ type }) => type === "CAA");
    const [other] = recordsOf(records({ certificateAuthorities: ["amazon.com"] })).filter(
      ({ type }) => type === "CAA",
    );

    expect(caa).toMatchObject({
      name: domain,
      records: ['0 issue "amazon.com"', '0 issue "letsencrypt.org"', '0 issuewild ";"'],
    });
    expect(other?.["records"]).toEqual(['0 issue "amazon.com"', '0 issuewild ";"']);
  });

  it("let the same authorities issue wildcards when told so", () => {
    const [caa] = recordsOf(
      records({ certificateAuthorities: ["amazon.com", "digicert.com"], wildcardCertificates: true }),
    ).filter(({ type }) => type === "CAA");

    expect(caa?.["records"]).toEqual([
      '0 issue "amazon.com"',
      '0 issue "digicert.com"',
      '0 issuewild "amazon.com"',
      '0 issuewild "digicert.com"',
    ]);
  });

  it("go to the other region when a health check says so", () => {
    const secondary = { dnsName: "dr.us-east-1.elb.amazonaws.com", hostedZoneId: "Z35SXDOTRQ7X7K" };
    const found = recordsOf(records({ failover: { healthCheckId: "check", secondary } })).filter(
      ({ type }) => type !== "CAA",
    );

    expect(found).toHaveLength(4);
    for (const type of ["A", "AAAA"]) {
      const [primary, standby] = found.filter((record) => record["type"] === type);
      expect(primary).toMatchObject({
        set_identifier: "primary",
        health_check_id: "check",
        failover_routing_policy: { type: "PRIMARY" },
        alias: { name: target.domainName },
      });
      expect(standby).toMatchObject({
        set_identifier: "secondary",
        failover_routing_policy: { type: "SECONDARY" },
        alias: { name: secondary.dnsName, evaluate_target_health: true },
      });
      expect(standby?.["health_check_id"]).toBeUndefined();
    }
  });

  it.each([
    [
      { domains: ["telemedicina.example.org"] },
      "telemedicina.example.org lies outside the zone telemedicina.example.com: a record there would answer nobody. Give the zone that holds the name, or another name.",
    ],
    [
      { domains: ["example.com"] },
      "example.com lies outside the zone telemedicina.example.com: a record there would answer nobody. Give the zone that holds the name, or another name.",
    ],
    [
      { certificateAuthorities: ["amazon.com", "Let's Encrypt"] },
      "certificateAuthorities has \"Let's Encrypt\". Allowed: a CA's domain such as amazon.com.",
    ],
    [
      { certificateAuthorities: ["letsencrypt.org"] },
      "certificateAuthorities is without amazon.com: ACM could not renew the site's own certificate. Add it.",
    ],
    [
      {
        failover: {
          healthCheckId: "check",
          secondary: { dnsName: "d2.cloudfront.net", hostedZoneId: "Z2FDTNDATAQYW2" },
        },
      },
      "failover.secondary.dnsName is d2.cloudfront.net. Two distributions cannot have the same alias, so that a second one would refuse the name. Give a load balancer in the other region whose certificate has it, or change the origin's record instead.",
    ],
  ])("fails when they are asked for %j", (changes, fault) => {
    expect(() => records(changes)).toThrow(one("records", fault));
  });
});

describe("the health check", () => {
  it("HC-02: asks the site's health by HTTPS", () => {
    expect(healthCheck().only("aws_route53_health_check")).toMatchObject({
      type: "HTTPS",
      fqdn: domain,
      port: 443,
      resource_path: "/health",
      request_interval: 30,
      failure_threshold: 3,
      enable_sni: true,
    });
    expect(healthCheck().only("aws_route53_health_check")["regions"]).toBeUndefined();
  });

  it("HC-02: rings where its metric lives, and when nobody asks any more", () => {
    const stack = healthCheck({ alarmActionArns: [topic] });
    const [check] = stack.all("aws_route53_health_check");

    expect(stack.only("aws_cloudwatch_metric_alarm")).toMatchObject({
      provider: "aws.us_east_1",
      namespace: "AWS/Route53",
      metric_name: "HealthCheckStatus",
      dimensions: { HealthCheckId: `\${${check?.address}.id}` },
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
      alarm_actions: [topic],
      ok_actions: [topic],
    });
    expect(healthCheck().only("aws_cloudwatch_metric_alarm")["alarm_actions"]).toBeUndefined();
  });

  it("takes what its caller chooses", () => {
    const chosen = { path: "/up", requestIntervalSeconds: 10, failureThreshold: 1 };

    expect(healthCheck(chosen).only("aws_route53_health_check")).toMatchObject({
      resource_path: "/up",
      request_interval: 10,
      failure_threshold: 1,
    });
  });

  it("asks only from where CloudFront lets it in", () => {
    const regions = (geoRestriction: NonNullable<EdgeHealthCheckProps["geoRestriction"]>) =>
      healthCheck({ geoRestriction }).only("aws_route53_health_check")["regions"];

    expect(regions({ kind: "allow", countries: ["BR", "US"] })).toEqual([
      "us-east-1",
      "us-west-1",
      "us-west-2",
      "sa-east-1",
    ]);
    expect(regions({ kind: "block", countries: ["US", "KP"] })).toEqual([
      "eu-west-1",
      "ap-southeast-1",
      "ap-southeast-2",
      "ap-northeast-1",
      "sa-east-1",
    ]);
    expect(regions({ kind: "none" })).toBeUndefined();
  });

  it.each([
    [
      { geoRestriction: { kind: "allow", countries: ["BR"] } },
      "geoRestriction lets in sa-east-1 alone of the places that Route 53 checks from: it needs three, and the site would look down for ever. Let US in too, or make no health check.",
    ],
    [
      { geoRestriction: { kind: "allow", countries: ["PT"] } },
      "geoRestriction lets in none of the places that Route 53 checks from: it needs three, and the site would look down for ever. Let US in too, or make no health check.",
    ],
    [{ path: "health" }, 'path is "health". Allowed: a path that begins with a slash, such as /health.'],
    [{ requestIntervalSeconds: 60 }, "requestIntervalSeconds is 60. Allowed: 30, or 10 at a higher price."],
    [{ failureThreshold: 11 }, "failureThreshold is 11. Allowed: a whole number from 1 to 10."],
  ] as const)("fails when it is asked for %j", (changes, fault) => {
    expect(() => healthCheck(changes)).toThrow(one("health", fault));
  });
});
