import { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import type { Attributes } from "@telemedicina/core/testing";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { accessLogFields, Distribution, type DistributionProps } from "../src/index.js";
import {
  build,
  distribution,
  distributionJson,
  domain,
  least,
  loadBalancerArn,
  newerPublicKey,
  originsOf,
  publicKey,
  publicOrigin,
  referred,
  secretArn,
  signedFiles,
  vpcOrigin,
} from "./support.js";

/** The distribution's attributes. */
function attributes(changes: Partial<DistributionProps> = {}): Attributes {
  return distributionJson(distribution(changes).stack);
}

describe("a distribution", () => {
  it("CDN-03, SEC-02: has its certificate by SNI, from TLS 1.2 on", () => {
    expect(attributes()["viewer_certificate"]).toEqual({
      acm_certificate_arn:
        "arn:aws:acm:us-east-1:333333333333:certificate/12345678-1234-1234-1234-123456789012",
      minimum_protocol_version: "TLSv1.2_2021",
      ssl_support_method: "sni-only",
    });
  });

  it("CDN-19: uses all edges, IPv6, HTTP/2 and 3, and no default document", () => {
    expect(attributes()).toMatchObject({
      enabled: true,
      aliases: [domain],
      price_class: "PriceClass_All",
      is_ipv6_enabled: true,
      http_version: "http2and3",
      wait_for_deployment: true,
      restrictions: { geo_restriction: { restriction_type: "none" } },
    });
    expect(attributes()["default_root_object"]).toBeUndefined();
    expect(attributes()["web_acl_id"]).toBeUndefined();
  });

  it("takes what its caller chooses", () => {
    const webAclArn = "arn:aws:wafv2:us-east-1:333333333333:global/webacl/telemedicina/1";
    const chosen = attributes({
      webAclArn,
      alternativeDomains: [`www.${domain}`],
      certificateDomains: [domain, `*.${domain}`],
      priceClass: "PriceClass_100",
      waitForDeployment: false,
    });

    expect(chosen).toMatchObject({
      web_acl_id: webAclArn,
      aliases: [domain, `www.${domain}`],
      price_class: "PriceClass_100",
      wait_for_deployment: false,
    });
  });

  it.each([
    [{ kind: "allow", countries: ["US", "BR", "BR"] }, "whitelist", ["BR", "US"]],
    [{ kind: "block", countries: ["KP"] }, "blacklist", ["KP"]],
  ] as const)("lets countries in: %j", (geoRestriction, restriction_type, locations) => {
    expect(attributes({ geoRestriction })["restrictions"]).toEqual({
      geo_restriction: { restriction_type, locations },
    });
  });

  it("CDN-05: compresses by gzip and Brotli what it keeps for minutes", () => {
    expect(distribution().stack.only("aws_cloudfront_cache_policy")).toMatchObject({
      parameters_in_cache_key_and_forwarded_to_origin: {
        enable_accept_encoding_brotli: true,
        enable_accept_encoding_gzip: true,
        cookies_config: { cookie_behavior: "none" },
        headers_config: { header_behavior: "none" },
        query_strings_config: { query_string_behavior: "none" },
      },
    });
  });

  it("keeps files without a hash not at all when they may not be kept", () => {
    const { stack } = distribution({ headers: { dynamicMaxAgeSeconds: 0 } });

    expect(stack.all("aws_cloudfront_cache_policy")).toEqual([]);
    expect(
      distributionJson(stack).ordered_cache_behavior?.find(({ path_pattern: each }) => each === "/assets/*"),
    ).toMatchObject({ cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" });
  });

  it("can be replaced in every part: whatever it uses outlives it", () => {
    const { stack } = distribution({
      application: vpcOrigin,
      signedFiles: { ...signedFiles, publicKeys: [publicKey, newerPublicKey] },
    });
    const used = [
      "aws_cloudfront_cache_policy",
      "aws_cloudfront_function",
      "aws_cloudfront_key_group",
      "aws_cloudfront_origin_access_control",
      "aws_cloudfront_public_key",
      "aws_cloudfront_response_headers_policy",
      "aws_cloudfront_vpc_origin",
    ];

    for (const type of used) {
      expect(stack.all(type).length, type).toBeGreaterThan(0);
      for (const { attributes: each } of stack.all(type)) {
        expect(each["lifecycle"], type).toMatchObject({ create_before_destroy: true });
      }
    }
  });

  it("tells minute by minute how it is asked, unless told not to", () => {
    const watched = distribution().stack.only("aws_cloudfront_monitoring_subscription");

    expect(watched).toMatchObject({
      monitoring_subscription: {
        realtime_metrics_subscription_config: { realtime_metrics_subscription_status: "Enabled" },
      },
    });
    expect(
      distribution({ realtimeMetrics: false }).stack.all("aws_cloudfront_monitoring_subscription"),
    ).toEqual([]);
  });
});

describe("the application's origin", () => {
  it("CDN-02, T-03: is asked by TLS alone, with the header that the load balancer knows", () => {
    const { application } = originsOf(distribution().stack);

    expect(application).toMatchObject({
      domain_name: `origin.${domain}`,
      connection_attempts: 3,
      connection_timeout: 10,
      custom_header: [{ name: "X-Origin-Verify" }],
      custom_origin_config: {
        http_port: 80,
        https_port: 443,
        origin_protocol_policy: "https-only",
        origin_ssl_protocols: ["TLSv1.2"],
        origin_read_timeout: 60,
        origin_keepalive_timeout: 60,
      },
    });
  });

  it("T-03: has the header's value from its secret, and not in the JSON", () => {
    const { stack } = distribution();
    const [secret] = stack.allData("aws_secretsmanager_secret_version");
    const value = originsOf(stack)["application"]?.custom_header?.[0]?.value;

    expect(secret?.attributes["secret_id"]).toBe(secretArn);
    expect(value).toBe(`\${${secret?.address}.secret_string}`);
  });

  it("sends no header to a load balancer that is open to everybody, and says why", () => {
    const { stack } = distribution({
      application: { ...publicOrigin, verification: { kind: "none", reason: "Partners call it directly" } },
    });

    expect(originsOf(stack)["application"]?.custom_header).toBeUndefined();
    expect(distributionJson(stack)["tags"]).toMatchObject({ OriginOpenBecause: "Partners call it directly" });
    expect(distributionJson(distribution().stack)["tags"]).not.toHaveProperty("OriginOpenBecause");
  });

  it("T-03: is reached inside the VPC where the load balancer has no public address", () => {
    const { stack } = distribution({ application: vpcOrigin });
    const { application } = originsOf(stack);
    const endpoint = referred(stack, application?.vpc_origin_config?.["vpc_origin_id"] as string);

    expect(application).toMatchObject({
      domain_name: `origin.${domain}`,
      vpc_origin_config: { origin_read_timeout: 60, origin_keepalive_timeout: 60 },
    });
    expect(application?.custom_header).toBeUndefined();
    expect(application?.custom_origin_config).toBeUndefined();
    expect(endpoint?.["vpc_origin_endpoint_config"]).toEqual([
      {
        arn: loadBalancerArn,
        name: `telemedicina-prod-vpc-origin-sa-east-1-\${substr(sha256("${loadBalancerArn}"), 0, 8)}`,
        http_port: 80,
        https_port: 443,
        origin_protocol_policy: "https-only",
        origin_ssl_protocols: [{ items: ["TLSv1.2"], quantity: 1 }],
      },
    ]);
  });

  it("has a name of its own for each load balancer, by the ARN and not by the words of a reference", () => {
    const { stack } = build((scope, provider) => {
      const balancer = new Lb(scope, "balancer", { name: "it" });
      const application = { ...vpcOrigin, loadBalancerArn: balancer.arn };
      return new Distribution(scope, "cdn", { ...least, usEast1: provider, application });
    });

    expect(JSON.stringify(stack.only("aws_cloudfront_vpc_origin")["vpc_origin_endpoint_config"])).toContain(
      "${substr(sha256(aws_lb.balancer.arn), 0, 8)}",
    );
  });

  it("makes another way in for another load balancer, since one in use cannot be changed", () => {
    const { stack } = distribution({ application: vpcOrigin });
    const { lifecycle } = stack.only("aws_cloudfront_vpc_origin") as {
      readonly lifecycle: { readonly replace_triggered_by: readonly string[] };
    };
    const [trigger = ""] = lifecycle.replace_triggered_by;

    expect(stack.at(trigger)).toMatchObject({ input: { loadBalancerArn } });
  });

  it("takes other timeouts", () => {
    const { stack } = distribution({
      application: { ...publicOrigin, readTimeoutSeconds: 30, keepaliveSeconds: 5 },
    });

    expect(originsOf(stack)["application"]?.custom_origin_config).toMatchObject({
      origin_read_timeout: 30,
      origin_keepalive_timeout: 5,
    });
  });
});

describe("buckets", () => {
  it("CDN-01: are asked with a signature on every request", () => {
    const { stack } = distribution({ signedFiles });
    const { assets, files } = originsOf(stack);

    for (const origin of [assets, files]) {
      expect(referred(stack, origin?.origin_access_control_id)).toMatchObject({
        origin_access_control_origin_type: "s3",
        signing_behavior: "always",
        signing_protocol: "sigv4",
      });
      expect(origin?.custom_origin_config).toBeUndefined();
    }
  });

  it("are one without signed files", () => {
    const { stack } = distribution();

    expect(Object.keys(originsOf(stack)).sort()).toEqual(["application", "assets"]);
    expect(stack.all("aws_cloudfront_key_group")).toEqual([]);
    expect(stack.all("aws_cloudfront_public_key")).toEqual([]);
  });
});

describe("patients' files", () => {
  it("are opened by any of the keys, and the application learns their ids in order", () => {
    const publicKeys = [newerPublicKey, publicKey];
    const { stack } = build((scope, usEast1) => {
      const { fileKeyIds } = new Distribution(scope, "cdn", {
        ...least,
        usEast1,
        signedFiles: { ...signedFiles, publicKeys },
      });
      new TerraformOutput(scope, "key_ids", { value: fileKeyIds, staticId: true });
    });
    const behaviour = distributionJson(stack).ordered_cache_behavior?.find(
      ({ path_pattern: pattern }) => pattern === "/files/*",
    );
    const { key_ids: output } = stack.document["output"] as {
      readonly key_ids: { readonly value: string[] };
    };
    const keys = output.value.map((id) => referred(stack, id)?.["encoded_key"]);

    expect(behaviour?.trusted_key_groups).toHaveLength(1);
    expect(referred(stack, behaviour?.trusted_key_groups?.[0])?.["items"]).toEqual(output.value);
    expect(keys).toEqual([newerPublicKey, `${publicKey}\n`]);
  });

  it("have their keys with one line feed at the end, under names that are the keys' own", () => {
    const names = (publicKeys: readonly string[]) =>
      distribution({ signedFiles: { ...signedFiles, publicKeys } })
        .stack.all("aws_cloudfront_public_key")
        .map(({ attributes: key }) => [key["name"], key["encoded_key"]]);
    const [[name, encoded] = []] = names([`\n${publicKey}\n\n`]);

    expect(encoded).toBe(`${publicKey}\n`);
    expect(names([publicKey])[0]?.[0]).toBe(name);
    expect(names([newerPublicKey])[0]?.[0]).not.toBe(name);
  });

  it("come from a copy in another region when their own fails", () => {
    const replica = { bucketName: "copy", bucketDomainName: "copy.s3.us-east-1.amazonaws.com" };
    const { stack } = distribution({ signedFiles: { ...signedFiles, replica } });
    const json = distributionJson(stack);
    const behaviour = json.ordered_cache_behavior?.find(
      ({ path_pattern: pattern }) => pattern === "/files/*",
    );

    expect(json["origin_group"]).toEqual([
      {
        origin_id: "files-or-replica",
        failover_criteria: { status_codes: [500, 502, 503, 504] },
        member: [{ origin_id: "files" }, { origin_id: "files-replica" }],
      },
    ]);
    expect(behaviour?.target_origin_id).toBe("files-or-replica");
    // CloudFront fails over for these alone, and refuses a group where more is allowed.
    expect(behaviour?.allowed_methods).toEqual(["GET", "HEAD"]);
    expect(originsOf(stack)["files-replica"]).toMatchObject({
      domain_name: "copy.s3.us-east-1.amazonaws.com",
    });
  });
});

describe("errors", () => {
  const errors = (changes: Partial<DistributionProps> = {}) =>
    attributes(changes)["custom_error_response"] as readonly Record<string, unknown>[];

  it("are never kept: one patient's would be the next one's", () => {
    const kept = [404, 405, 414, 500, 501, 502, 503, 504];

    expect(errors().map((error) => error["error_code"])).toEqual(kept);
    for (const error of [...errors(), ...errors({ maintenancePage: false })]) {
      expect(error["error_caching_min_ttl"]).toBe(0);
    }
  });

  it("of a gateway are answered by a page, with the same status, and no other is", () => {
    const paged = errors().filter((error) => error["response_page_path"] !== undefined);

    expect(paged.map(({ error_code, response_code }) => [error_code, response_code])).toEqual([
      [502, 502],
      [503, 503],
      [504, 504],
    ]);
    expect(new Set(paged.map((error) => error["response_page_path"]))).toEqual(
      new Set(["/maintenance.html"]),
    );
  });

  it("have their page in the assets bucket, in Portuguese, with the number for emergencies", () => {
    const page = distribution().stack.only("aws_s3_object");

    expect(page).toMatchObject({
      bucket: "telemedicina-prod-assets-333333333333-sa-east-1",
      key: "maintenance.html",
      content_type: "text/html; charset=utf-8",
    });
    expect(page["content"]).toContain('lang="pt-BR"');
    expect(page["content"]).toContain("192");
    expect(page["content"]).not.toMatch(/<script|src=|href=/);
  });

  it("are the application's own where no page is wanted", () => {
    expect(errors({ maintenancePage: false }).some((error) => "response_page_path" in error)).toBe(false);
    expect(distribution({ maintenancePage: false }).stack.all("aws_s3_object")).toEqual([]);
  });
});

describe("access logs", () => {
  const { stack } = distribution();
  const delivery = stack.only("aws_cloudwatch_log_delivery");

  it("CDN-19: hold every request, and go to the bucket by way of us-east-1", () => {
    expect(stack.only("aws_cloudwatch_log_delivery_source")).toMatchObject({
      log_type: "ACCESS_LOGS",
      provider: "aws.us_east_1",
    });
    expect(stack.only("aws_cloudwatch_log_delivery_destination")).toMatchObject({
      provider: "aws.us_east_1",
      output_format: "json",
      delivery_destination_configuration: [
        {
          destination_resource_arn:
            "arn:aws:s3:::telemedicina-prod-access-logs-333333333333-sa-east-1/cloudfront",
        },
      ],
    });
    expect(delivery).toMatchObject({ provider: "aws.us_east_1", record_fields: accessLogFields });
  });

  it("hold no cookie, no query string and no referrer", () => {
    for (const field of ["cs(Cookie)", "cs-uri-query", "cs(Referer)"])
      expect(accessLogFields).not.toContain(field);
    expect(accessLogFields).toEqual(expect.arrayContaining(["c-ip", "cs-uri-stem", "sc-status"]));
  });

  it("take another prefix", () => {
    const other = distribution({
      accessLogs: { bucketArn: "arn:aws:s3:::logs", prefix: "edge/viewers" },
    }).stack;

    expect(other.only("aws_cloudwatch_log_delivery_destination")).toMatchObject({
      delivery_destination_configuration: [{ destination_resource_arn: "arn:aws:s3:::logs/edge/viewers" }],
    });
  });
});
