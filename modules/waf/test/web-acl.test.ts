import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { blockingRules, labelOf, type ManagedRule, managedGroups, managedRules } from "../src/index.js";
import {
  acl,
  type Changes,
  cloudFrontAcl,
  loadBalancerArn,
  type RuleJson,
  regionalAcl,
  ruleOf,
  rulesOf,
  tagsOf,
} from "./support.js";

const cloudFrontName = "telemedicina-prod-waf-cloudfront-us-east-1";
const groupNames = Object.values(managedGroups).map(({ name }) => name);

describe("an ACL for CloudFront", () => {
  const { stack, made } = cloudFrontAcl({ blockedNetworks: ["198.51.100.0/24"] });
  const attributes = stack.only("aws_wafv2_web_acl");

  it("SEC-10: is of CloudFront's scope, and all of it in us-east-1, though the stack is elsewhere", () => {
    expect(attributes["scope"]).toBe("CLOUDFRONT");
    expect(attributes["name"]).toBe(cloudFrontName);
    const resources = Object.values(stack.document.resource ?? {}).flatMap((named) => Object.values(named));
    expect(resources).toHaveLength(5);
    for (const resource of resources) expect(resource["provider"]).toBe("aws.us_east_1");
  });

  it("SEC-10: leaves the association to the distribution, which takes the ARN", () => {
    expect(stack.all("aws_wafv2_web_acl_association")).toEqual([]);
    expect(Token.isUnresolved(made.arn)).toBe(true);
  });

  it("lets its rules see 64 KiB of a body, or less", () => {
    const limit = (found: unknown) => ({
      request_body: [{ cloudfront: { default_size_inspection_limit: found } }],
    });

    expect(attributes["association_config"]).toEqual(limit("KB_64"));
    expect(acl({}, { bodyInspectionKiB: 16 })["association_config"]).toEqual(limit("KB_16"));
  });

  it("tells alarms the names of its metrics", () => {
    expect(made.name).toBe(cloudFrontName);
    expect(made.metricName).toBe(cloudFrontName);
    expect(attributes["visibility_config"]).toEqual(metric(cloudFrontName));
    expect(made.ruleNames).toEqual(rulesOf(attributes).map(({ name }) => name));
    for (const rule of rulesOf(attributes)) expect(rule.visibility_config).toEqual(metric(rule.name));
  });

  it("is replaced by making the new one first, since AWS deletes none that is in use", () => {
    expect(attributes["lifecycle"]).toEqual({ create_before_destroy: true });
    expect(stack.only("aws_wafv2_ip_set")["lifecycle"]).toEqual({ create_before_destroy: true });
  });
});

describe("an ACL for a load balancer", () => {
  const { stack } = regionalAcl();
  const attributes = stack.only("aws_wafv2_web_acl");

  it("SEC-10: is of the region, and stands before the load balancer", () => {
    expect(attributes["scope"]).toBe("REGIONAL");
    expect(attributes["name"]).toBe("telemedicina-prod-waf-regional-sa-east-1");
    expect(attributes["provider"]).toBeUndefined();
    expect(attributes["association_config"]).toBeUndefined();
    const [address = ""] = stack.all("aws_wafv2_web_acl").map((block) => block.address);
    expect(stack.only("aws_wafv2_web_acl_association")).toMatchObject({
      resource_arn: loadBalancerArn,
      web_acl_arn: `\${${address}.arn}`,
    });
  });

  it("SEC-10: has the same rules as CloudFront's", () => {
    expect(rulesOf(attributes)).toEqual(rulesOf(acl()));
  });

  it("SEC-05: takes the client's address from CloudFront's header in every rule that means it", () => {
    const behind = regionalAcl(
      {
        countries: { kind: "only", countries: ["BR"] },
        blockedNetworks: ["198.51.100.0/24", "2001:db8::/48"],
        allowedNetworks: { cidrs: ["203.0.113.0/24"], reason: "Penetration test" },
      },
      { clientAddress: { from: "header", name: "X-Viewer-Address", invalid: "MATCH" } },
    );
    const config = { header_name: "X-Viewer-Address", fallback_behavior: "MATCH" };
    const rules = rulesOf(behind.stack.only("aws_wafv2_web_acl"));

    expect(found(rules, "forwarded_ip_config")).toEqual(Array(4).fill(config));
    expect(found(rules, "ip_set_forwarded_ip_config")).toEqual(
      Array(3).fill({ ...config, position: "FIRST" }),
    );
    expect(found(rules, "aggregate_key_type")).toEqual(Array(3).fill("FORWARDED_IP"));
  });
});

describe("the rules", () => {
  it("SEC-10: are these, in this order, and what none of them blocks is allowed", () => {
    const attributes = acl();

    expect(attributes["default_action"]).toEqual({ allow: {} });
    expect(rulesOf(attributes).map(({ priority, name }) => `${priority} ${name}`)).toEqual([
      "40 rate-web-sockets",
      "50 rate-login",
      "60 rate-everything",
      "100 AWSManagedRulesAmazonIpReputationList",
      "110 AWSManagedRulesKnownBadInputsRuleSet",
      "120 AWSManagedRulesCommonRuleSet",
      "130 AWSManagedRulesSQLiRuleSet",
      "140 AWSManagedRulesPHPRuleSet",
    ]);
  });

  it.each<[string, Changes]>([
    ["by default", {}],
    [
      "with all that there is",
      {
        uploadPaths: ["/uploads/*"],
        exceptions: blockingRules.slice(0, 3).map((rule) => ({ rule, paths: ["/notes/*"], reason: "Notes" })),
        countries: { kind: "except", countries: ["KP"] },
        allowedNetworks: { cidrs: ["203.0.113.0/24"], reason: "Penetration test" },
        blockedNetworks: ["198.51.100.0/24"],
        rules: [own("first"), own("second")],
      },
    ],
  ])("have each a name and a priority of its own %s", (_, changes) => {
    const rules = rulesOf(acl(changes));

    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
    expect(rules.map(({ priority }) => priority)).toEqual(
      rules.map(({ priority }) => priority).sort(ascending),
    );
  });

  it("label what they match by their name, groups apart, which have labels of their own", () => {
    for (const rule of rulesOf(acl({ uploadPaths: ["/uploads/*"] }))) {
      expect(rule.rule_label, rule.name).toEqual(
        groupNames.some((name) => name === rule.name) ? undefined : [{ name: rule.name }],
      );
    }
  });

  it("SEC-10: of AWS's groups block, in the version that AWS keeps up to date", () => {
    for (const name of groupNames) {
      const rule = ruleOf(acl(), name);
      expect(rule.override_action, name).toEqual({ none: {} });
      expect(rule.statement, name).toEqual({ managed_rule_group_statement: { vendor_name: "AWS", name } });
    }
  });

  it("of a group count, or stay at a version, where that is asked for", () => {
    const attributes = acl({
      groups: {
        php: { action: "count", reason: "Being tried" },
        common: { action: "block", version: "Version_1.10" },
      },
    });

    expect(ruleOf(attributes, "AWSManagedRulesPHPRuleSet").override_action).toEqual({ count: {} });
    expect(ruleOf(attributes, "AWSManagedRulesCommonRuleSet").statement).toEqual({
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name: "AWSManagedRulesCommonRuleSet",
        version: "Version_1.10",
      },
    });
    expect(tagsOf(attributes)["CountsBecause-php"]).toBe("Being tried");
  });

  it("SEC-05: limit logins and everything else by address, and answer 429", () => {
    const attributes = acl();

    expect(rateOf(ruleOf(attributes, "rate-login"))).toMatchObject({
      limit: 100,
      evaluation_window_sec: 300,
    });
    expect(rateOf(ruleOf(attributes, "rate-everything"))).toMatchObject({
      limit: 2000,
      evaluation_window_sec: 300,
    });
    expect(rateOf(ruleOf(attributes, "rate-web-sockets"))).toMatchObject({
      limit: 2000,
      evaluation_window_sec: 300,
    });
    expect(ruleOf(attributes, "rate-login").action).toEqual({
      block: {
        custom_response: {
          response_code: 429,
          custom_response_body_key: "too-many-requests",
          response_header: [
            { name: "Retry-After", value: "300" },
            { name: "Cache-Control", value: "no-store" },
          ],
        },
      },
    });
    expect(attributes["custom_response_body"]).toEqual([
      {
        key: "too-many-requests",
        content_type: "TEXT_PLAIN",
        content: "Muitas requisições em pouco tempo. Aguarde alguns minutos e tente de novo.\n",
      },
    ]);
  });

  it("SEC-05: take other limits, paths and words", () => {
    const attributes = acl({
      rateLimits: {
        login: { requests: 20, windowSeconds: 60 },
        everything: { requests: 5000 },
        webSockets: { requests: 300, windowSeconds: 600 },
      },
      loginPaths: ["/entrar"],
      webSocketPaths: ["/socket/*"],
      tooManyRequests: { contentType: "APPLICATION_JSON", content: '{"message":"Too many requests"}' },
    });

    expect(rateOf(ruleOf(attributes, "rate-login"))).toMatchObject({ limit: 20, evaluation_window_sec: 60 });
    expect(JSON.stringify(ruleOf(attributes, "rate-login"))).toContain('{"name":"Retry-After","value":"60"}');
    expect(rateOf(ruleOf(attributes, "rate-everything"))["limit"]).toBe(5000);
    expect(rateOf(ruleOf(attributes, "rate-web-sockets"))).toMatchObject({
      limit: 300,
      evaluation_window_sec: 600,
    });
    expect(found(rulesOf(attributes), "regex_string")).toEqual([
      "^(/index\\.php)?(/socket(/.*)?)/*$",
      "^(/index\\.php)?(/entrar)/*$",
      "^(/index\\.php)?(/socket(/.*)?)/*$",
    ]);
    expect(attributes["custom_response_body"]).toEqual([
      {
        key: "too-many-requests",
        content_type: "APPLICATION_JSON",
        content: '{"message":"Too many requests"}',
      },
    ]);
  });

  it("of uploads and of other exceptions go together where they are about the same rule", () => {
    const attributes = acl({
      uploadPaths: ["/uploads/*"],
      exceptions: [{ rule: "SizeRestrictions_BODY", paths: ["/records/*"], reason: "Long notes" }],
    });

    expect(found([ruleOf(attributes, "elsewhere-SizeRestrictions_BODY")], "regex_string")).toEqual([
      "^(/index\\.php)?(/uploads(/.*)?|/records(/.*)?)/*$",
    ]);
    expect(found([ruleOf(attributes, "elsewhere-CrossSiteScripting_BODY")], "regex_string")).toEqual([
      "^(/index\\.php)?(/uploads(/.*)?)/*$",
    ]);
    expect(tagsOf(attributes)["Except-SizeRestrictions_BODY"]).toBe("Long notes");
  });

  it.each<[ManagedRule, number, string]>([
    ["AWSManagedIPReputationList", 200, "amazon-ip-list:AWSManagedIPReputationList"],
    ["SizeRestrictions_BODY", 218, "core-rule-set:SizeRestrictions_Body"],
    ["CrossSiteScripting_BODY", 234, "core-rule-set:CrossSiteScripting_Body"],
    ["PHPHighRiskMethodsVariables_BODY", 243, "php-app:PHPHighRiskMethodsVariables_Body"],
    ["ReactJSRCE_BODY", 244, "known-bad-inputs:ReactJSRCE_Body"],
    ["SQLiExtendedPatterns_HEADER", 245, "sql-database:SQLiExtendedPatterns_Header"],
    ["SQLiExtendedPatterns_URIPATH", 246, "sql-database:SQLiExtendedPatterns_UriPath"],
    ["SQLi_URIPATH", 247, "sql-database:SQLi_URIPath"],
    ["PHPHighRiskMethodsVariables_URIPATH", 248, "php-app:PHPHighRiskMethodsVariables_URIPath"],
  ])("have for %s the place %i, which no rule that AWS adds moves, and AWS's label", (rule, place, label) => {
    const attributes = acl({ exceptions: [{ rule, paths: ["/notes/*"], reason: "Notes" }] });
    const elsewhere = ruleOf(attributes, `elsewhere-${rule}`);

    expect(elsewhere.priority).toBe(place);
    expect(found([elsewhere], "key")).toEqual([`awswaf:managed:aws:${label}`]);
  });

  it("know each rule of AWS once, and one that only counts", () => {
    const published = Object.values(managedGroups).flatMap(({ rules }) => Object.keys(rules));

    expect([...managedRules].sort()).toEqual(published.sort());
    expect(managedRules.filter((rule) => !blockingRules.includes(rule))).toEqual(["AWSManagedIPDDoSList"]);
  });

  it.each(blockingRules)("SEC-10: still block what %s finds on every path but the excepted ones", (rule) => {
    const attributes = acl({ exceptions: [{ rule, paths: ["/notes/*"], reason: "Notes" }] });
    const counted = found(rulesOf(attributes), "rule_action_override").flat();
    const elsewhere = ruleOf(attributes, `elsewhere-${rule}`);

    expect(counted).toEqual([{ name: rule, action_to_use: { count: {} } }]);
    expect(elsewhere.action).toEqual({ block: {} });
    expect(found([elsewhere], "key")).toEqual([labelOf(rule)]);
    expect(elsewhere.priority).toBeGreaterThan(140);
  });

  it("let every country at a path of its own choice", () => {
    const open = acl({ countries: { kind: "only", countries: ["BR"], openPaths: ["/webhooks/*"] } });
    const none = acl({ countries: { kind: "only", countries: ["BR"], openPaths: [] } });

    expect(found([ruleOf(open, "countries")], "regex_string")).toEqual([
      "^(/index\\.php)?(/webhooks(/.*)?)/*$",
    ]);
    expect(ruleOf(none, "countries").statement).toEqual({
      not_statement: { statement: [{ geo_match_statement: { country_codes: ["BR"] } }] },
    });
  });

  it("know networks by sets, one for each family, with the reason of those that pass", () => {
    const { stack } = cloudFrontAcl({
      allowedNetworks: { cidrs: ["203.0.113.0/24", "2001:db8::/48"], reason: "Penetration test" },
      blockedNetworks: ["198.51.100.0/24"],
    });
    const sets = stack
      .all("aws_wafv2_ip_set")
      .map(({ attributes }) => [
        attributes["name"],
        attributes["ip_address_version"],
        attributes["scope"],
        attributes["addresses"],
        tagsOf(attributes)["AllowedBecause"],
      ]);

    expect(sets).toEqual([
      [
        "telemedicina-prod-waf-cloudfront-allowed-ipv4-us-east-1",
        "IPV4",
        "CLOUDFRONT",
        ["203.0.113.0/24"],
        "Penetration test",
      ],
      [
        "telemedicina-prod-waf-cloudfront-allowed-ipv6-us-east-1",
        "IPV6",
        "CLOUDFRONT",
        ["2001:db8::/48"],
        "Penetration test",
      ],
      [
        "telemedicina-prod-waf-cloudfront-blocked-ipv4-us-east-1",
        "IPV4",
        "CLOUDFRONT",
        ["198.51.100.0/24"],
        undefined,
      ],
    ]);
  });

  it("of your own come last, in the order given", () => {
    const attributes = acl({ rules: [own("first"), own("second")] });

    expect([ruleOf(attributes, "first").priority, ruleOf(attributes, "second").priority]).toEqual([
      1000, 1001,
    ]);
    expect(ruleOf(attributes, "first").action).toEqual({ block: {} });
  });

  it("only count, all of them, in an ACL that only counts, and the ACL says why", () => {
    const attributes = acl({
      mode: { action: "count", reason: "First week" },
      uploadPaths: ["/uploads/*"],
      countries: { kind: "except", countries: ["KP"] },
      blockedNetworks: ["198.51.100.0/24"],
      allowedNetworks: { cidrs: ["203.0.113.0/24"], reason: "Penetration test" },
      rules: [own("first")],
    });

    for (const rule of rulesOf(attributes)) {
      const counts = { [rule.name === "allowed-networks" ? "allow" : "count"]: {} };
      expect(rule.action ?? rule.override_action, rule.name).toEqual(counts);
    }
    expect(tagsOf(attributes)["CountsBecause"]).toBe("First week");
    expect(tagsOf(acl())["CountsBecause"]).toBeUndefined();
  });

  it("may use more capacity where there is a reason, which becomes a tag", () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ ...own(`own-${index}`), statement: xss }));
    const { stack, made } = cloudFrontAcl({ rules: many, capacity: { limit: 5000, reason: "Own rules" } });

    expect(made.capacity).toBe(1302 + 5 * 40);
    expect(tagsOf(stack.only("aws_wafv2_web_acl"))["MoreCapacityBecause"]).toBe("Own rules");
  });
});

const xss = { kind: "xssMatch", field: { part: "queryString" }, transformations: ["NONE"] } as const;

function own(name: string) {
  return {
    name,
    action: { kind: "block" },
    statement: { kind: "labelMatch", look: "LABEL", key: "rate-login" },
  } as const;
}

function metric(name: string) {
  return { metric_name: name, cloudwatch_metrics_enabled: true, sampled_requests_enabled: true };
}

function rateOf(rule: RuleJson): Readonly<Record<string, unknown>> {
  return rule.statement["rate_based_statement"] ?? {};
}

/** Every value that a name has, however deep. */
function found(rules: readonly RuleJson[], name: string): unknown[] {
  const values: unknown[] = [];
  JSON.stringify(
    rules.map(({ statement }) => statement),
    (key, value: unknown) => {
      if (key === name) values.push(value);
      return value;
    },
  );
  return values;
}

function ascending(first: number, second: number): number {
  return first - second;
}
