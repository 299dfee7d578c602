import { generateKeyPairSync } from "node:crypto";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { Distribution } from "../src/index.js";
import {
  build,
  careless,
  distribution,
  domain,
  least,
  loadBalancer,
  names,
  newerPublicKey,
  publicKey,
  publicOrigin,
  signedFiles,
  vpcOrigin,
} from "./support.js";

function one(fault: string): Error {
  return new Error(`test/cdn has 1 fault:\n  - test/cdn: ${fault}`);
}

function pem(key: ReturnType<typeof generateKeyPairSync>["publicKey"]): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

describe("guards", () => {
  it("fails with every fault at once", () => {
    const props = careless({
      domain: "Telemedicina",
      application: { ...vpcOrigin, loadBalancer, readTimeoutSeconds: 0 },
      geoRestriction: { kind: "block", countries: ["BR"] },
      priceClass: "PriceClass_300",
      accessLogs: { bucketArn: "arn:aws:s3:::logs", prefix: "/cloudfront/" },
    });

    expect(() => distribution(props)).toThrow(
      new Error(
        [
          "test/cdn has 6 faults:",
          '  - test/cdn: domain is "Telemedicina". Allowed: a DNS name in lower case such as telemedicina.example.com.',
          '  - test/cdn: application.kind is "vpcOrigin", and the load balancer behind origin.telemedicina.example.com has public addresses. Make it internal, or write kind "public" with a header.',
          "  - test/cdn: application.readTimeoutSeconds is 0. Allowed: a whole number from 1 to 120.",
          "  - test/cdn: geoRestriction blocks BR: every patient in Brazil would be refused. Remove BR.",
          '  - test/cdn: priceClass is "PriceClass_300". Allowed: PriceClass_100, PriceClass_200, PriceClass_All.',
          '  - test/cdn: accessLogs.prefix is "/cloudfront/". Allowed: letters, digits and _-./ without slashes at the ends.',
        ].join("\n"),
      ),
    );
  });

  it("fails when an alias is not in the certificate", () => {
    expect(() => distribution({ alternativeDomains: [`www.${domain}`] })).toThrow(
      one(
        "the alias www.telemedicina.example.com is not in the certificate, which has telemedicina.example.com. CloudFront refuses it. Add the name to the certificate, or remove the alias.",
      ),
    );
  });

  it("takes an alias that a wildcard of the certificate covers, one label deep", () => {
    const certificateDomains = [domain, `*.${domain}`];

    expect(() => distribution({ alternativeDomains: [`www.${domain}`], certificateDomains })).not.toThrow();
    expect(() => distribution({ alternativeDomains: [`a.b.${domain}`], certificateDomains })).toThrow(
      "the alias a.b.telemedicina.example.com is not in the certificate",
    );
  });

  it("fails when a name is not known before Terraform runs", () => {
    expect(() => distribution({ domain: Token.asString({ later: true }) })).toThrow(
      one("domain is only known when Terraform runs. Give a literal: it is compared with other names here."),
    );
  });

  it("fails when the load balancer is internal and CloudFront would come from outside", () => {
    const application = { ...publicOrigin, loadBalancer: { ...loadBalancer, internal: true } };

    expect(() => distribution({ application })).toThrow(
      one(
        'application.kind is "public", and the load balancer behind origin.telemedicina.example.com is internal: CloudFront has no way to it. Write kind "vpcOrigin", or give the load balancer public addresses.',
      ),
    );
  });

  it("fails when the load balancer speaks only what CloudFront does not", () => {
    const application = {
      ...publicOrigin,
      loadBalancer: { ...loadBalancer, tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
    };

    expect(() => distribution({ application })).toThrow(
      one(
        "application.loadBalancer.tlsPolicy is ELBSecurityPolicy-TLS13-1-3-2021-06, which refuses TLS 1.2. CloudFront speaks no newer version to an origin and every request would end in 502. Allowed: a policy with TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.",
      ),
    );
  });

  it("fails when the load balancer's certificate is for others, and takes one with either name", () => {
    const withCertificate = (certificateDomains: readonly string[]) =>
      distribution({
        application: { ...publicOrigin, loadBalancer: { ...loadBalancer, certificateDomains } },
      });

    expect(() => withCertificate(["other.example.com"])).toThrow(
      one(
        "the load balancer's certificate has other.example.com, and neither origin.telemedicina.example.com nor telemedicina.example.com. CloudFront would answer 502 to every request. Add one of the two names to it.",
      ),
    );
    expect(() => withCertificate([domain])).not.toThrow();
    expect(() => withCertificate([`origin.${domain}`])).not.toThrow();
  });

  it("T-03: fails when a public load balancer would not know CloudFront by a header", () => {
    expect(() =>
      distribution(careless({ application: { ...publicOrigin, verification: undefined } })),
    ).toThrow(
      one(
        'application.verification is missing, and the load balancer is public: everybody could go past the firewall and the headers. Give { kind: "header", name, secretArn }, or { kind: "none", reason }.',
      ),
    );
  });

  it.each(["X-Amz-Origin", "Host", "X-Origin Verify", "X-Forwarded-For", "x-edge-a"])(
    "fails when the header is called %s",
    (name) => {
      const application = { ...publicOrigin, verification: { ...publicOrigin.verification, name } };

      expect(() => distribution({ application })).toThrow(
        one(
          `application.verification.name is ${JSON.stringify(name)}. Allowed: a header name such as X-Origin-Verify. CloudFront refuses names that begin with X-Amz- or X-Edge- and those of HTTP itself.`,
        ),
      );
    },
  );

  it.each(["", "  ", "Because; of *"])("fails when the reason for an open load balancer is %j", (reason) => {
    const application = { ...publicOrigin, verification: { kind: "none", reason } } as const;

    expect(() => distribution({ application })).toThrow(
      one(
        `application.verification.reason is ${JSON.stringify(reason)}. Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag). Say why.`,
      ),
    );
  });

  it("fails when the kind of origin, or of verification, is none", () => {
    expect(() => distribution(careless({ application: { ...publicOrigin, kind: "s3" } }))).toThrow(
      one('application.kind is "s3". Allowed: public, vpcOrigin.'),
    );
    expect(() =>
      distribution(careless({ application: { ...publicOrigin, verification: { kind: "cookie" } } })),
    ).toThrow(one('application.verification.kind is "cookie". Allowed: header, none.'));
  });

  it("fails when Brazil stays out", () => {
    expect(() => distribution({ geoRestriction: { kind: "allow", countries: ["US", "PT"] } })).toThrow(
      one("geoRestriction allows countries without BR: every patient in Brazil would be refused. Add BR."),
    );
  });

  it("fails when countries are none", () => {
    expect(() => distribution({ geoRestriction: { kind: "allow", countries: ["BR", "usa"] } })).toThrow(
      one('geoRestriction.countries has "usa". Allowed: ISO 3166-1 codes of two capitals such as BR.'),
    );
    expect(() => distribution({ geoRestriction: { kind: "block", countries: [] } })).toThrow(
      one('geoRestriction.countries is empty. Name at least one country, or write { kind: "none" }.'),
    );
    expect(() =>
      distribution(careless({ geoRestriction: { kind: "whitelist", countries: ["BR"] } })),
    ).toThrow(one('geoRestriction.kind is "whitelist". Allowed: none, allow, block.'));
  });

  it("fails when a line of the table could never be reached", () => {
    expect(() => distribution({ extraBehaviours: [{ pathPattern: "/build/*", kind: "asset" }] })).toThrow(
      new Error(
        [
          "test/cdn has 2 faults:",
          "  - test/cdn: the behaviour /build/assets/* can never be reached: /build/* stands before it and takes all of its paths. Move the narrower pattern to the front, or make the wider one narrower.",
          "  - test/cdn: the path pattern /build/* stands twice in the table of behaviours. Remove one of the two: CloudFront refuses it.",
        ].join("\n"),
      ),
    );
    expect(() => distribution({ extraBehaviours: [{ pathPattern: "/heal?h", kind: "page" }] })).toThrow(
      one(
        "the behaviour /health can never be reached: /heal?h stands before it and takes all of its paths. Move the narrower pattern to the front, or make the wider one narrower.",
      ),
    );
  });

  it("fails when a pattern is none", () => {
    expect(() => distribution({ extraBehaviours: [{ pathPattern: "/a b", kind: "page" }] })).toThrow(
      one(
        'the path pattern "/a b" is none. Allowed: up to 255 letters, digits and _-.$/~"\'@:+&, with * for any number of characters and ? for one.',
      ),
    );
  });

  it.each(["favicon.ico", "/icons/*"])("fails when a static path is %s", (path) => {
    expect(() => distribution({ staticPaths: [path] })).toThrow(
      one(`staticPaths has "${path}". Allowed: the path of one file such as /favicon.ico, without * and ?.`),
    );
  });

  it("fails when files that change are kept longer than files that do not", () => {
    expect(() =>
      distribution({ headers: { immutableMaxAgeSeconds: 300, dynamicMaxAgeSeconds: 301 } }),
    ).toThrow(
      one(
        "headers.dynamicMaxAgeSeconds is 301, longer than headers.immutableMaxAgeSeconds, which is 300: files that change would be kept longer than files that never do. Swap the two.",
      ),
    );
  });

  it.each([
    [
      { hstsMaxAgeSeconds: -1 },
      "headers.hstsMaxAgeSeconds is -1. Allowed: a whole number from 0 to 63072000.",
    ],
    [
      { immutableMaxAgeSeconds: 31_536_001 },
      "headers.immutableMaxAgeSeconds is 31536001. Allowed: a whole number from 0 to 31536000.",
    ],
    [
      { dynamicMaxAgeSeconds: 1.5 },
      "headers.dynamicMaxAgeSeconds is 1.5. Allowed: a whole number from 0 to 31536000.",
    ],
    [{ xssProtection: "on" }, 'headers.xssProtection is "on". Allowed: omit, block.'],
    [{ apiCacheControl: "never" }, 'headers.apiCacheControl is "never". Allowed: force, whenAbsent.'],
    [
      { permissions: { kamera: "self" } },
      'headers.permissions has "kamera", which is no feature of the Permissions-Policy. Allowed: the keys of defaultPermissions.',
    ],
    [
      { csp: { scripts: ["cdn.example.com"] } },
      'script-src has "cdn.example.com". Allowed: one of the quoted keywords, data:, blob:, or a host such as https://cdn.example.com or wss://api.example.com, in lower case, without path.',
    ],
  ])("fails when headers are %j", (headers, fault) => {
    expect(() => distribution(careless({ headers }))).toThrow(one(fault));
  });

  it.each([
    [[], "signedFiles.publicKeys has 0. Allowed: 1, or 2 while a key is changed."],
    [
      [publicKey, newerPublicKey, publicKey],
      "signedFiles.publicKeys has 3. Allowed: 1, or 2 while a key is changed.",
    ],
    [[publicKey, `${publicKey}\n`], "signedFiles.publicKeys has the same key twice. Remove one of the two."],
  ])("fails when keys are too few, too many or one", (publicKeys, fault) => {
    expect(() => distribution({ signedFiles: { ...signedFiles, publicKeys } })).toThrow(one(fault));
  });

  it.each([
    ["no public key in PEM", "K2JCJMDEHXQW5F"],
    ["no key that can be read", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
    ["an RSA key of 1024 bits", pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey)],
    ["an ECDSA key on secp384r1", pem(generateKeyPairSync("ec", { namedCurve: "secp384r1" }).publicKey)],
    ["a key of type ed25519", pem(generateKeyPairSync("ed25519").publicKey)],
  ])("fails when a key is %s", (found, key) => {
    expect(() => distribution({ signedFiles: { ...signedFiles, publicKeys: [key] } })).toThrow(
      one(
        `signedFiles.publicKeys[0] is ${found}. Allowed: a public key in PEM, RSA of 2048 bits or ECDSA P-256, as openssl rsa -pubout writes it.`,
      ),
    );
  });

  it("fails when a key is the private one, without a word of it", () => {
    const secret = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();

    expect(() => distribution({ signedFiles: { ...signedFiles, publicKeys: [secret] } })).toThrow(
      one(
        "signedFiles.publicKeys[0] is a private key, which must not stand here. Allowed: a public key in PEM, RSA of 2048 bits or ECDSA P-256, as openssl rsa -pubout writes it.",
      ),
    );
  });

  it("fails when log delivery would be made in another region", () => {
    const inSaoPaulo = () =>
      build((scope) => {
        const usEast1 = new AwsProvider(scope, "other", { alias: "other", region: "sa-east-1" });
        return new Distribution(scope, "cdn", { ...least, usEast1 });
      });

    expect(inSaoPaulo).toThrow(
      one(
        "usEast1 is a provider for sa-east-1. CloudFront's certificates, log delivery and health metrics are kept in us-east-1: give a provider for that region.",
      ),
    );
  });

  it("fails when the logs' names would be too long", () => {
    const project = "telemedicina-para-todos-brasil";

    expect(() => distribution({ names: { ...names, project } })).toThrow(
      one(
        "the name telemedicina-para-todos-brasil-prod-cloudfront-logs-sa-east-1 has 61 characters. Allowed: at most 60. Shorten names.project.",
      ),
    );
  });
});
