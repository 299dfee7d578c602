import {
  type DistributionJson,
  type HeadersPolicyJson,
  managedPolicies,
  selectBehaviour,
  viewerHeaders,
} from "@telemedicina/cdn";
import type { Attributes } from "@telemedicina/core/testing";
import { LONGEST_ANSWER_SECONDS } from "@telemedicina/host";
import { describe, expect, it } from "vitest";
import { asList, plain, type Resource } from "./environment-json.js";
import { type Environment, environment, environments, synthesize } from "./environments.js";

type Json = Readonly<Record<string, unknown>>;

const ONE_YEAR = 31_536_000;

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmwfek12CPRA1iYj/wYygWf4nNb2D
p+M2rCxGSycTZvCNkQoDYg4ATnFrKW7xScxMXOKDLXJr7HyR5fwZ4CQlPA==
-----END PUBLIC KEY-----
`;

/** What the strategy asks of a URL: who answers, what CloudFront keeps, whose headers policy dresses it. */
const urls = [
  ["/", "application", "cachingDisabled", "page"],
  ["/appointments/42/video", "application", "cachingDisabled", "page"],
  ["/broadcasting/auth", "application", "cachingDisabled", "page"],
  ["/sanctum/csrf-cookie", "application", "cachingDisabled", "page"],
  ["/app/key?protocol=7", "application", "cachingDisabled", undefined],
  ["/apps/1/events", "application", "cachingDisabled", undefined],
  ["/api/v1/appointments/7", "application", "cachingDisabled", "api"],
  ["/health", "application", "cachingDisabled", "api"],
  ["/build/assets/app-4f2a9c1e.js", "assets", "cachingOptimized", "hashed-asset"],
  ["/build/manifest.json", "assets", "cache-short", "asset"],
  ["/assets/logo.svg", "assets", "cache-short", "asset"],
  ["/favicon.ico", "assets", "cache-short", "asset"],
  ["/maintenance.html", "assets", "cachingDisabled", "page"],
] as const;

describe.each(environments)("the edge of $name", ({ name, config, stacks, json }) => {
  const edge = stacks("edge");
  const distribution = edge.only("aws_cloudfront_distribution") as unknown as DistributionJson & Attributes;
  const origins = new Map(
    (distribution["origin"] as readonly Json[]).map((origin) => [origin["origin_id"], origin] as const),
  );
  const ingress = config.network.loadBalancerIngress.from;
  const behaviours = [...(distribution.ordered_cache_behavior ?? []), distribution.default_cache_behavior];

  const policyOf = (url: string) => {
    const { response_headers_policy_id: id } = selectBehaviour(distribution, url);
    return id === undefined ? undefined : edge.at(addressOf(id));
  };
  const headersOf = (url: string, origin: Readonly<Record<string, string>> = {}, from?: string) => {
    const policy = policyOf(url);
    return policy === undefined
      ? origin
      : viewerHeaders(policy as unknown as HeadersPolicyJson, origin, from);
  };

  describe("the distribution", () => {
    it.each(urls)(
      "CDN-02, CDN-04, CDN-18, PORT-03, CAC-02, T-49: %s → %s, %s",
      (url, origin, cache, headers) => {
        const behaviour = selectBehaviour(distribution, url);
        expect(behaviour.target_origin_id).toBe(origin);
        const id = String(behaviour.cache_policy_id);
        const managed = Object.entries(managedPolicies).find(([, known]) => known === id)?.[0];
        expect(managed ?? qualifier(edge.at(addressOf(id)))).toBe(cache);
        const policy = policyOf(url);
        expect(policy && qualifier(policy)).toBe(headers && `headers-${headers}`);
      },
    );

    it("CDN-01: reads the environment's assets bucket with a signature, and the bucket lets this account's distributions alone read it", () => {
      const bucket = bucketOf(json.all("aws_s3_bucket"), "assets");
      expect(origins.get("assets")).toMatchObject({
        domain_name: expect.stringContaining("bucket_regional_domain_name"),
        origin_access_control_id: expect.stringContaining("aws_cloudfront_origin_access_control."),
      });
      const grants = json
        .statements()
        .filter(
          ({ resource, statement }) =>
            resource.type === "aws_s3_bucket_policy" &&
            JSON.stringify(statement.Principal).includes("cloudfront.amazonaws.com"),
        );
      expect(grants.map(({ statement }) => statement.Sid)).toEqual([
        "AllowCloudFrontToRead",
        "AllowCloudFrontToMissFiles",
      ]);
      for (const { resource, statement } of grants) {
        expect(resource.attributes["bucket"]).toBe(`\${${bucket.address}.id}`);
        expect(statement.Condition).toEqual({
          ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${config.accountId}:distribution/*` },
        });
      }
    });

    it("waits for an answer longer than nginx does for PHP, so that it does not ask a slow site again", () => {
      const origin = origins.get("application") ?? {};
      const [config] = [origin["custom_origin_config"], origin["vpc_origin_config"]].filter(Boolean) as [
        Json,
      ];
      expect(config["origin_read_timeout"]).toBeGreaterThan(LONGEST_ANSWER_SECONDS);
    });

    it("T-03, T-50: comes to the load balancer by the only way that the environment leaves open", () => {
      const origin = origins.get("application");
      const balancer = json.all("aws_lb")[0];
      expect(origin?.["domain_name"]).toBe(`origin.${config.domain}`);
      expect(balancer?.attributes["internal"]).toBe(ingress === "cloudfrontVpcOrigin");
      if (ingress === "cloudfrontVpcOrigin") {
        expect(origin).toMatchObject({ vpc_origin_config: { vpc_origin_id: expect.any(String) } });
        expect(JSON.stringify(json.all("aws_cloudfront_vpc_origin")[0]?.attributes)).toContain(
          `\${${balancer?.address}.arn}`,
        );
        return;
      }
      const [header] = asList(origin?.["custom_header"]) as Json[];
      expect(origin?.["custom_origin_config"]).toMatchObject({
        origin_protocol_policy: "https-only",
        origin_ssl_protocols: ["TLSv1.2"],
      });
      const sent = json.target("aws_secretsmanager_secret", secretOf(json.everything("data"), header));
      expect(plain(sent.address)).toBe("aws_secretsmanager_secret.secrets_origin-header-a_secret");
      const rule = json.all("aws_lb_listener_rule").find((one) => conditionsOf(one).includes("http_header"));
      expect(conditionsOf(rule)).toContain(String(header?.["name"]));
    });

    it("CDN-03, SEC-02, T-52: is visited by HTTPS alone, with a certificate of us-east-1 that is there first", () => {
      for (const behaviour of behaviours) expect(behaviour.viewer_protocol_policy).toBe("redirect-to-https");
      expect(distribution["viewer_certificate"]).toMatchObject({
        minimum_protocol_version: "TLSv1.2_2021",
        ssl_support_method: "sni-only",
        acm_certificate_arn: expect.stringMatching(/aws_acm_certificate_validation\..*\.certificate_arn/),
      });
      const certificate = edge.only("aws_acm_certificate");
      expect(certificate["domain_name"]).toBe(config.domain);
      expect(regionOf(edge.document, certificate)).toBe("us-east-1");
      // The app stack has the record that ACM asks for in both regions.
      const proofs = json
        .all("aws_route53_record")
        .filter(({ attributes }) =>
          JSON.stringify(attributes).includes(`domain_name == \\"${config.domain}\\"`),
        );
      expect(proofs.map(({ stack }) => stack)).toEqual([`${name}-app`]);
    });

    it("CDN-05, CDN-19: has South America's edges, IPv6, HTTP/3, Brotli, logs and the firewall", () => {
      expect(distribution).toMatchObject({
        price_class: "PriceClass_All",
        is_ipv6_enabled: true,
        http_version: "http2and3",
        aliases: [config.domain],
        web_acl_id: expect.stringContaining("aws_wafv2_web_acl."),
      });
      // Without a cache policy that says so CloudFront compresses nothing: pages are compressed by nginx.
      expect(selectBehaviour(distribution, "/build/assets/app-4f2a9c1e.js")).toMatchObject({
        compress: true,
        cache_policy_id: managedPolicies.cachingOptimized,
      });
      expect(edge.only("aws_cloudfront_cache_policy")).toMatchObject({
        parameters_in_cache_key_and_forwarded_to_origin: {
          enable_accept_encoding_brotli: true,
          enable_accept_encoding_gzip: true,
        },
      });
      const accessLogs = bucketOf(json.all("aws_s3_bucket"), "access-logs");
      const { delivery_destination_configuration: to } = edge.only("aws_cloudwatch_log_delivery_destination");
      const arn = `arn:aws:s3:::${String(accessLogs.attributes["bucket"])}/cloudfront`;
      expect(to).toEqual([{ destination_resource_arn: arn }]);
      const written = json.statements().find(({ statement }) => statement.Sid === "AllowCloudFrontLogs");
      expect(written?.statement.Resource).toBe(`${arn}/*`);
    });
  });

  describe("the headers", () => {
    it.each(["/", "/api/user", "/build/assets/app-4f2a9c1e.js", "/assets/logo.svg"])(
      "CDN-06, CDN-07, CDN-08, CDN-09, SEC-03, T-47: of %s are the strategy's, less the one that no browser knows",
      (url) => {
        const headers = headersOf(url);
        expect(headers).toMatchObject({
          "x-frame-options": "DENY",
          "x-content-type-options": "nosniff",
          "strict-transport-security": `max-age=${ONE_YEAR}; includeSubDomains`,
        });
        expect(headers).not.toHaveProperty("x-xss-protection");
      },
    );

    it("CDN-10, T-48: leave Laravel's policy to its pages, which the contract tells it, and send a stricter one without it", () => {
      const told = String(json.all("aws_ssm_parameter")[0]?.attributes["insecure_value"]);
      const template = /"CONTENT_SECURITY_POLICY":"([^"]+)"/.exec(told)?.[1] ?? "";
      expect(headersOf("/", { "content-security-policy": template })["content-security-policy"]).toBe(
        template,
      );
      const nonce = "'nonce-{nonce}' ";
      expect(headersOf("/")["content-security-policy"]).toBe(
        template.replace(nonce, "").replace(` ${nonce.trim()}`, ""),
      );
      const directives = new Map(
        template.split("; ").map((directive) => {
          const [key = "", ...values] = directive.split(" ");
          return [key, values] as const;
        }),
      );
      const bucket = `https://telemedicina-${segmentOf(name)}-uploads-${config.accountId}-${config.region}.s3.${config.region}.amazonaws.com`;
      expect(directives.get("default-src")).toEqual(["'self'"]);
      expect(directives.get("script-src")).toEqual(["'self'", "'nonce-{nonce}'"]);
      expect(directives.get("connect-src")).toEqual(
        expect.arrayContaining(["'self'", `wss://${config.domain}`, bucket]),
      );
      expect(directives.get("img-src")).toContain(bucket);
      expect(directives.get("frame-ancestors")).toEqual(["'none'"]);
    });

    it("CDN-11, CDN-12, CDN-13, CDN-14: keep hashed files for a year, others for minutes, the API not at all, and leave the ETag", () => {
      const functionCode = String(edge.only("aws_cloudfront_function")["code"]);
      expect(functionCode).toContain(`public, max-age=${ONE_YEAR}, immutable`);
      const { function_association: functions } = selectBehaviour(
        distribution,
        "/build/assets/app-4f2a9c1e.js",
      );
      expect(functions).toMatchObject([{ event_type: "viewer-response" }]);
      expect(headersOf("/assets/logo.svg")["cache-control"]).toBe("public, max-age=300, must-revalidate");
      expect(headersOf("/api/user", { "cache-control": "no-cache, private" })["cache-control"]).toBe(
        "no-cache, no-store",
      );
      for (const [url] of urls) expect(headersOf(url, { etag: '"1"' })["etag"]).toBe('"1"');
    });

    it("CDN-15, SEC-04, T-51: open the API to the site's own origin alone", () => {
      const own = `https://${config.domain}`;
      expect(headersOf("/api/user", {}, own)["access-control-allow-origin"]).toBe(own);
      expect(headersOf("/api/user", {}, "https://evil.example")).not.toHaveProperty(
        "access-control-allow-origin",
      );
    });
  });

  describe("the firewall", () => {
    const acl = edge.only("aws_wafv2_web_acl");
    const rules = acl["rule"] as readonly Json[];

    it("SEC-10: is CloudFront's, in us-east-1, with AWS's five groups, all of which block", () => {
      expect(acl["scope"]).toBe("CLOUDFRONT");
      expect(regionOf(edge.document, acl)).toBe("us-east-1");
      const groups = rules.filter((rule) => JSON.stringify(rule).includes("managed_rule_group_statement"));
      expect(groups).toHaveLength(5);
      for (const group of groups) expect(group["override_action"]).toEqual({ none: {} });
    });

    it("SEC-05: limits logins and everything else by address", () => {
      const limits = rules.flatMap(({ name: rule, statement }) => {
        const { rate_based_statement: rate } = statement as { readonly rate_based_statement?: Json };
        return rate === undefined ? [] : [[rule, rate["limit"]]];
      });
      const { login, webSockets, everything } = config.waf.rateLimits;
      expect(Object.fromEntries(limits)).toEqual({
        "rate-login": login.requests,
        "rate-web-sockets": webSockets.requests,
        "rate-everything": everything.requests,
      });
    });

    it("SEC-11, RET-07: keeps its log for a year in production, under a key of its region", () => {
      const inEdge = json.all("aws_cloudwatch_log_group").filter(({ stack }) => stack === `${name}-edge`);
      expect(inEdge).toHaveLength(1);
      const group = inEdge[0]?.attributes ?? {};
      expect(group["retention_in_days"]).toBe(config.waf.logs.retentionDays);
      if (name === "production") expect(group["retention_in_days"]).toBeGreaterThanOrEqual(365);
      expect(regionOf(edge.document, group)).toBe("us-east-1");
      const key = json.target("aws_kms_key", group["kms_key_id"]);
      expect(JSON.parse(String(key.attributes["policy"]))).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({ Principal: { Service: "logs.us-east-1.amazonaws.com" } }),
        ]),
      });
    });
  });

  describe("the names", () => {
    it("NET-12, CDN-19: lead to the distribution by IPv4 and IPv6, and Amazon and Let's Encrypt alone may issue for them", () => {
      const records = edge.all("aws_route53_record").map(({ attributes }) => attributes);
      const byType = new Map(records.map((record) => [record["type"], record] as const));
      expect([...byType.keys()].sort()).toEqual(["A", "AAAA", "CAA"]);
      for (const type of ["A", "AAAA"]) {
        expect(byType.get(type)).toMatchObject({
          name: config.domain,
          alias: { name: expect.stringMatching(/aws_cloudfront_distribution\..*\.domain_name/) },
        });
      }
      expect(byType.get("CAA")?.["records"]).toEqual([
        '0 issue "amazon.com"',
        '0 issue "letsencrypt.org"',
        '0 issuewild ";"',
      ]);
    });

    it("HC-02: are asked for /health from around the world, and the alarm is where that is measured", () => {
      const check = edge.only("aws_route53_health_check");
      expect(check).toMatchObject({ fqdn: config.domain, resource_path: "/health", type: "HTTPS" });
      const alarm = edge.only("aws_cloudwatch_metric_alarm");
      expect(alarm).toMatchObject({ metric_name: "HealthCheckStatus", treat_missing_data: "breaching" });
      expect(regionOf(edge.document, alarm)).toBe("us-east-1");
    });
  });
});

describe("an environment with something changed", () => {
  const production = environment("production");
  const changed = (change: (config: Json) => Json) =>
    synthesize(change(production.config as unknown as Json) as unknown as Environment["config"]);

  it("sends the other value of the header when told so", () => {
    const stacks = changed((config) => ({
      ...config,
      network: {
        ...(config["network"] as Json),
        loadBalancerIngress: { from: "cloudfront", sentOriginHeader: "B" },
      },
    }));
    const [read] = Object.values(
      (stacks("edge").document["data"] as Readonly<Record<string, Record<string, Json>>>)[
        "aws_secretsmanager_secret_version"
      ] ?? {},
    );
    expect(String(read?.["secret_id"])).toContain("origin-header-b");
  });

  it("has no firewall and no log of it when it is turned off, but still the key", () => {
    const stacks = changed((config) => ({
      ...config,
      waf: { ...(config["waf"] as Json), mode: { action: "off", reason: "A penetration test until June" } },
    }));
    expect(stacks("edge").only("aws_cloudfront_distribution")).not.toHaveProperty("web_acl_id");
    expect(JSON.stringify(stacks("edge").document)).not.toContain("aws_wafv2");
    expect(JSON.stringify(stacks("security").document)).toContain("logs-key-us-east-1");
  });

  it("hands out patients' files by signed URL from the bucket, else its copy, and each may decrypt for CloudFront", () => {
    const stacks = changed((config) => ({
      ...config,
      cdn: { ...(config["cdn"] as Json), signedFiles: { publicKeys: [publicKey] } },
    }));
    const distribution = stacks("edge").only("aws_cloudfront_distribution") as unknown as DistributionJson &
      Attributes;
    const behaviour = selectBehaviour(distribution, "/files/7/exam.pdf");
    expect(behaviour.trusted_key_groups).toHaveLength(1);
    expect(behaviour.target_origin_id).toBe("files-or-replica");
    const policies = stacks("data")
      .all("aws_s3_bucket_policy")
      .map(({ attributes }) => String(attributes["policy"]));
    const readable = policies.filter((policy) => policy.includes("files/*"));
    expect(readable).toHaveLength(2);
    const keys = stacks("security")
      .all("aws_kms_key")
      .map(({ attributes }) => String(attributes["policy"]));
    expect(keys.filter((policy) => policy.includes("AllowCloudFrontToDecrypt"))).toHaveLength(2);
  });

  it("lets the authority of the load balancer's own certificate issue, and wildcards, as the file says", () => {
    const caaWith = (dns: Json) =>
      changed((config) => ({ ...config, dns: { ...(config["dns"] as Json), ...dns } }))("edge")
        .all("aws_route53_record")
        .map(({ attributes }) => attributes)
        .find(({ type }) => type === "CAA")?.["records"];
    const certificateAuthorities = ["amazon.com", "letsencrypt.org", "digicert.com"];
    const issue = certificateAuthorities.map((authority) => `0 issue "${authority}"`);
    expect(caaWith({ certificateAuthorities })).toEqual([...issue, '0 issuewild ";"']);
    expect(caaWith({ certificateAuthorities, wildcardCertificates: true })).toEqual([
      ...issue,
      ...certificateAuthorities.map((authority) => `0 issuewild "${authority}"`),
    ]);
  });

  it("sends visitors to the load balancer in drRegion when CloudFront itself does not answer", () => {
    const failover = { dnsName: "dr-1.us-east-1.elb.amazonaws.com", hostedZoneId: "Z35SXDOTRQ7X7K" };
    const stacks = changed((config) => ({ ...config, dns: { ...(config["dns"] as Json), failover } }));
    const check = stacks("edge").only("aws_route53_health_check");
    expect(String(check["fqdn"])).toMatch(/aws_cloudfront_distribution\..*\.domain_name/);
    const records = stacks("edge")
      .all("aws_route53_record")
      .map(({ attributes }) => attributes);
    const secondary = records.filter(({ set_identifier: id }) => id === "secondary");
    expect(secondary.map(({ alias }) => (alias as Json)["name"])).toEqual([
      failover.dnsName,
      failover.dnsName,
    ]);
  });
});

function addressOf(reference: string): string {
  return /^\$\{(.*)\.[a-z_]+\}$/.exec(reference)?.[1] ?? reference;
}

/** `telemedicina-prod-cloudfront-policy-headers-page-sa-east-1` → `headers-page` */
function qualifier(attributes: Attributes): string {
  return (
    /^telemedicina-[a-z]+-cloudfront-policy-(.*)-[a-z]+-[a-z]+-\d$/.exec(String(attributes["name"]))?.[1] ??
    ""
  );
}

function segmentOf(name: string): string {
  return { production: "prod", staging: "stg", development: "dev" }[name] ?? name;
}

function bucketOf(buckets: readonly Resource[], purpose: string): Resource {
  const found = buckets.find(({ address }) => plain(address) === `aws_s3_bucket.storage_${purpose}_bucket`);
  if (found === undefined) throw new Error(`no bucket for ${purpose}`);
  return found;
}

function conditionsOf(rule: Resource | undefined): string {
  return JSON.stringify(rule?.attributes["condition"] ?? "");
}

/** The secret whose value a header has. */
function secretOf(data: readonly Resource[], header: Json | undefined): unknown {
  const address = addressOf(String(header?.["value"]));
  return data.find((one) => one.address === address && one.stack.endsWith("-edge"))?.attributes["secret_id"];
}

/** Region of the provider that a resource names, or of the stack's own. */
function regionOf(document: Json, { provider }: Attributes): unknown {
  const alias = String(provider ?? "aws").split(".")[1];
  const providers = (document["provider"] as { readonly aws: readonly Json[] }).aws;
  return providers.find((one) => one["alias"] === alias)?.["region"];
}
