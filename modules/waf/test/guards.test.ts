import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { logRetentionDays } from "@telemedicina/core";
import { synthStack } from "@telemedicina/core/testing";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { WebAcl } from "../src/index.js";
import { isNetwork } from "../src/network.js";
import { accountId, type Changes, careless, cloudFrontAcl, names, regionalAcl } from "./support.js";

const networkWords =
  "Allowed: an IPv4 or IPv6 network such as 203.0.113.0/24 or 2001:db8::/48, without bits beyond its prefix. WAF refuses /0.";
const pathWords =
  "Allowed: a path such as /login or /uploads/*, with letters, digits, . _ ~ - and whole segments *, without a slash at the end.";
const reasonWords =
  "Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag). Say why.";
const countryWords = "Allowed: a country of ISO 3166 by its two capital letters, such as BR.";

describe("guards", () => {
  it("fails with every fault at once", () => {
    const changes: Changes = careless({
      mode: { action: "count", reason: "" },
      groups: { ipReputation: { action: "block", version: "Version_1.0" } },
      uploadPaths: ["/*"],
      exceptions: [{ rule: "SQLi_body", paths: [], reason: "a;b" }],
      rateLimits: { login: { requests: 9, windowSeconds: 30 } },
      loginPaths: [],
      webSocketPaths: ["app"],
      tooManyRequests: { contentType: "TEXT_XML", content: "" },
      countries: { kind: "only", countries: ["UK"], openPaths: ["/a//b"] },
      allowedNetworks: { cidrs: ["203.0.113.9"], reason: "" },
      blockedNetworks: ["0.0.0.0/0"],
      rules: [{ name: "All", labels: ["aws:x"], action: { kind: "block" }, statement: label }],
      capacity: { limit: 5000, reason: "" },
      logs: { retentionDays: 366, requests: "none", queryStrings: "some", hiddenHeaders: ["x y"] },
    });

    expect(() => cloudFrontAcl(changes, careless({ bodyInspectionKiB: 8 }))).toThrow(
      new Error(
        [
          "test/waf has 25 faults:",
          "scope.bodyInspectionKiB is 8. Allowed: 16, 32, 48, 64.",
          'groups.ipReputation.version is "Version_1.0". Allowed: a version such as Version_1.10, and none for ipReputation, which has no versions.',
          `mode.reason is "". ${reasonWords}`,
          `exceptions[0].reason is "a;b". ${reasonWords}`,
          `allowedNetworks.reason is "". ${reasonWords}`,
          `capacity.reason is "". ${reasonWords}`,
          'uploadPaths[0] is "/*", which is every path. Allowed: the paths that need it. Name them, or let the whole group count.',
          `exceptions[0].rule is "SQLi_body". Allowed: ${allRules}.`,
          "exceptions[0].paths is empty. Allowed: at least one path.",
          "loginPaths is empty. Allowed: at least one path.",
          `webSocketPaths[0] is "app". ${pathWords}`,
          `countries.openPaths[0] is "/a//b". ${pathWords}`,
          "rateLimits.login.requests is 9. Allowed: a whole number from 10 to 2000000000.",
          "rateLimits.login.windowSeconds is 30. Allowed: 60, 120, 300, 600.",
          `countries.countries[0] is "UK". ${countryWords}`,
          `allowedNetworks.cidrs[0] is "203.0.113.9". ${networkWords}`,
          `blockedNetworks[0] is "0.0.0.0/0". ${networkWords}`,
          'rules[0].name is "All". Allowed: 1 to 128 letters, digits, - and _; All and Default_Action are AWS\'s own.',
          'rules[0].labels[0] is "aws:x". Allowed: letters, digits, - _ and :, and no part between colons that AWS uses: awswaf, aws, waf, rulegroup, webacl, regexpatternset, ipset, managed.',
          'tooManyRequests.contentType is "TEXT_XML". Allowed: TEXT_PLAIN, TEXT_HTML, APPLICATION_JSON.',
          "tooManyRequests.content has 0 bytes. Allowed: 1 to 4096.",
          `logs.retentionDays is 366. Allowed: ${logRetentionDays.join(", ")}. CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold addresses of patients.`,
          'logs.requests is "none". Allowed: all, matched.',
          'logs.queryStrings is "some". Allowed: hidden, shown.',
          'logs.hiddenHeaders[0] is "x y". Allowed: the name of a header, up to 64 letters, digits, - and _.',
        ]
          .map((line, index) => (index === 0 ? line : `  - test/waf: ${line}`))
          .join("\n"),
      ),
    );
  });

  it("SEC-10: fails when CloudFront's ACL would be outside us-east-1", () => {
    const build = () =>
      synthStack((scope) => {
        const provider = new AwsProvider(scope, "aws-home", { region: "sa-east-1", alias: "home" });
        new WebAcl(scope, "waf", { names, accountId, scope: { kind: "cloudfront", provider } });
      });

    expect(build).toThrow(
      one(
        "scope.provider is for sa-east-1. Allowed: a provider for us-east-1. CloudFront knows web ACLs of that region only; give the stack a second provider there.",
      ),
    );
  });

  it.each([
    ["CloudFront's", cloudFrontAcl, "sa-east-1", "us-east-1"],
    ["a load balancer's", regionalAcl, "us-east-1", "sa-east-1"],
  ] as const)("SEC-11: fails when the key of %s log is of another region", (_, make, found, region) => {
    const kmsKeyArn = `arn:aws:kms:${found}:333333333333:key/0a1b2c3d-0000-4000-8000-000000000001`;

    expect(() => make({ logs: { kmsKeyArn } })).toThrow(
      one(
        `logs.kmsKeyArn is of ${found}. Allowed: a key of ${region}, where the ACL and its log group are. Make one there, or leave it out.`,
      ),
    );
    expect(() => make({ logs: { kmsKeyArn: Token.asString({ key: "made elsewhere" }) } })).not.toThrow();
  });

  it.each(["X-Forwarded-For", "x-forwarded-for"])("SEC-05: fails when limits would count by %s", (name) => {
    expect(() => regionalAcl({}, { clientAddress: { from: "header", name, invalid: "MATCH" } })).toThrow(
      one(
        `scope.clientAddress.name is "${name}". Allowed: a header that CloudFront writes itself and overwrites. WAF takes the first address of the header, and the first of X-Forwarded-For is whatever the client sent: each request would come from another address. Set a header of your own in a CloudFront function on viewer request.`,
      ),
    );
  });

  it("fails when the client's header is none", () => {
    const clientAddress = { from: "header", name: "X Viewer", invalid: "MATCH" } as const;

    expect(() => regionalAcl({}, { clientAddress })).toThrow(
      one(
        'scope.clientAddress.name is "X Viewer". Allowed: the name of a header, up to 64 letters, digits, - and _.',
      ),
    );
  });

  it.each<[string, Changes["rateLimits"], string, string]>([
    ["as high as", { login: { requests: 2000 } }, "2000 in 300 seconds", "2000 in 300 seconds"],
    [
      "higher in less time than",
      { login: { requests: 500, windowSeconds: 60 } },
      "500 in 60 seconds",
      "2000 in 300 seconds",
    ],
  ])("SEC-05: fails when the limit of logins is %s the limit of all", (_, rateLimits, login, all) => {
    expect(() => cloudFrontAcl({ rateLimits })).toThrow(
      one(
        `rateLimits.login, ${login}, is not below rateLimits.everything, ${all}: a login counts in both, so the limit for all would always come first. Lower rateLimits.login or raise rateLimits.everything.`,
      ),
    );
  });

  it("fails when an allow list forgets Brazil", () => {
    const countries = { kind: "only", countries: ["PT"] } as const;

    expect(() => cloudFrontAcl({ countries })).toThrow(
      one(
        'countries shuts out BR, one of homeCountries: { kind: "only" } does not name it. Add it to the list.',
      ),
    );
    expect(() => cloudFrontAcl({ countries, homeCountries: ["PT"] })).not.toThrow();
  });

  it("fails when a block list names Brazil", () => {
    expect(() => cloudFrontAcl({ countries: { kind: "except", countries: ["KP", "BR"] } })).toThrow(
      one('countries shuts out BR, one of homeCountries: { kind: "except" } names it. Take it off the list.'),
    );
  });

  it("fails when a list of countries is empty or none", () => {
    expect(() => cloudFrontAcl({ countries: { kind: "only", countries: [] } })).toThrow(
      one("countries.countries is empty. Allowed: at least one country."),
    );
    expect(() => cloudFrontAcl({ homeCountries: ["br"] })).toThrow(
      one(`homeCountries[0] is "br". ${countryWords}`),
    );
    expect(() => cloudFrontAcl({ countries: careless({ kind: "nearly", countries: ["BR"] }) })).toThrow(
      one('countries.kind is "nearly". Allowed: all, only, except.'),
    );
  });

  it("fails when networks are allowed for a reason but none is named", () => {
    expect(() => cloudFrontAcl({ allowedNetworks: { cidrs: [], reason: "Penetration test" } })).toThrow(
      one("allowedNetworks.cidrs is empty. Allowed: at least one network."),
    );
  });

  it("fails when a rule of AWS is excepted twice", () => {
    const exception = { rule: "SQLi_BODY", paths: ["/a"], reason: "Notes" } as const;

    expect(() => cloudFrontAcl({ exceptions: [exception, { ...exception, paths: ["/b"] }] })).toThrow(
      one('exceptions[1].rule "SQLi_BODY" stands there twice. Allowed: each once. Join the two.'),
    );
  });

  it("SEC-10: fails when a rule is excepted with which AWS only counts: it would block everywhere else", () => {
    const exception = { rule: "AWSManagedIPDDoSList", paths: ["/a"], reason: "Partner" } as const;

    expect(() => cloudFrontAcl({ exceptions: [exception] })).toThrow(
      one(
        'exceptions[0].rule is "AWSManagedIPDDoSList". Allowed: a rule that blocks. AWS only counts with this rule; it needs no exception. Take the exception out: it would block everywhere else.',
      ),
    );
  });

  it.each(["1.10", "Version_1", "latest"])("fails when a group's version is %s", (version) => {
    expect(() => cloudFrontAcl({ groups: { common: { action: "block", version } } })).toThrow(
      one(
        `groups.common.version is "${version}". Allowed: a version such as Version_1.10, and none for ipReputation, which has no versions.`,
      ),
    );
  });

  it("fails when a group counts without a reason", () => {
    expect(() => cloudFrontAcl({ groups: { php: { action: "count", reason: " " } } })).toThrow(
      one(`groups.php.reason is " ". ${reasonWords}`),
    );
  });

  it("fails when a rule of your own has the name of another", () => {
    const rule = { name: "rate-login", action: { kind: "block" }, statement: label } as const;

    expect(() => cloudFrontAcl({ rules: [rule] })).toThrow(
      one('rules: the name "rate-login" stands there twice. Allowed: each once. Join the two.'),
    );
  });

  it("fails when the answer to a flood is longer than WAF stores", () => {
    const content = "é".repeat(2049);

    expect(() => cloudFrontAcl({ tooManyRequests: { contentType: "TEXT_HTML", content } })).toThrow(
      one("tooManyRequests.content has 4098 bytes. Allowed: 1 to 4096."),
    );
  });

  it("fails when the rules need more capacity than is in the price, and at AWS's most for good", () => {
    const rule = (index: number) =>
      ({ name: `own-${index}`, action: { kind: "count" }, statement: xss }) as const;
    const rules = (length: number) => Array.from({ length }, (_, index) => rule(index));

    expect(() => cloudFrontAcl({ rules: rules(4) })).not.toThrow();
    expect(() => cloudFrontAcl({ rules: rules(5) })).toThrow(
      one(
        "the rules need 1502 capacity units, and the limit is 1500. Take fewer rules or paths, or set capacity to { limit: 5000, reason }: AWS then bills 0.20 US dollars more a million requests for every 500 units begun.",
      ),
    );
    expect(() => cloudFrontAcl({ rules: rules(93), capacity: { limit: 5000, reason: "Many" } })).toThrow(
      one(
        "the rules need 5022 capacity units, and the limit is 5000. Take fewer rules or paths; AWS gives no more.",
      ),
    );
  });
});

describe("a network", () => {
  it.each([
    "203.0.113.0/24",
    "203.0.113.9/32",
    "128.0.0.0/1",
    "2001:db8::/32",
    "2001:db8::1/128",
    "2001:0db8:0000:0000:0000:0000:0000:0000/48",
    "::ffff:192.0.2.1/128",
  ])("is %s", (cidr) => {
    expect(isNetwork(cidr)).toBe(true);
  });

  it.each([
    "203.0.113.9",
    "203.0.113.9/24",
    "203.0.113.0/33",
    "203.0.113.0/024",
    "203.0.113/24",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::1/64",
    "2001:db8::/129",
    "203.0.113.0/24/1",
    "example.com/24",
    "fe80::1%eth0/128",
    "",
  ])("is not %s", (cidr) => {
    expect(isNetwork(cidr)).toBe(false);
  });
});

const label = { kind: "labelMatch", look: "LABEL", key: "x" } as const;
const xss = { kind: "xssMatch", field: { part: "queryString" }, transformations: ["NONE"] } as const;

const allRules = [
  "AWSManagedIPReputationList, AWSManagedReconnaissanceList",
  "JavaDeserializationRCE_HEADER, JavaDeserializationRCE_BODY, JavaDeserializationRCE_URIPATH",
  "JavaDeserializationRCE_QUERYSTRING, Host_localhost_HEADER, PROPFIND_METHOD, ExploitablePaths_URIPATH",
  "Log4JRCE_HEADER, Log4JRCE_QUERYSTRING, Log4JRCE_BODY, Log4JRCE_URIPATH",
  "NoUserAgent_HEADER, UserAgent_BadBots_HEADER, SizeRestrictions_QUERYSTRING, SizeRestrictions_Cookie_HEADER",
  "SizeRestrictions_BODY, SizeRestrictions_URIPATH, EC2MetaDataSSRF_BODY, EC2MetaDataSSRF_COOKIE",
  "EC2MetaDataSSRF_URIPATH, EC2MetaDataSSRF_QUERYARGUMENTS, GenericLFI_QUERYARGUMENTS, GenericLFI_URIPATH",
  "GenericLFI_BODY, RestrictedExtensions_URIPATH, RestrictedExtensions_QUERYARGUMENTS",
  "GenericRFI_QUERYARGUMENTS, GenericRFI_BODY, GenericRFI_URIPATH, CrossSiteScripting_COOKIE",
  "CrossSiteScripting_QUERYARGUMENTS, CrossSiteScripting_BODY, CrossSiteScripting_URIPATH",
  "SQLi_QUERYARGUMENTS, SQLiExtendedPatterns_QUERYARGUMENTS, SQLi_BODY, SQLiExtendedPatterns_BODY, SQLi_COOKIE",
  "PHPHighRiskMethodsVariables_HEADER, PHPHighRiskMethodsVariables_QUERYSTRING, PHPHighRiskMethodsVariables_BODY",
  "ReactJSRCE_BODY, SQLiExtendedPatterns_HEADER, SQLiExtendedPatterns_URIPATH, SQLi_URIPATH",
  "PHPHighRiskMethodsVariables_URIPATH",
].join(", ");

function one(fault: string): Error {
  return new Error(`test/waf has 1 fault:\n  - test/waf: ${fault}`);
}
