import { describe, expect, it } from "vitest";
import { balancer, leastBalancer, nested } from "./support.js";

const twoNames = {
  from: "dns",
  zoneId: "Z0123456789ABC",
  domainName: "example.com",
  alternativeNames: ["origin.example.com"],
} as const;

describe("a certificate by DNS", () => {
  const { stack, made } = balancer({ certificate: twoNames });

  it("ALB-06: is ACM's, validated by records, and replaced before the old one goes", () => {
    const certificate = stack.only("aws_acm_certificate");

    expect(certificate["domain_name"]).toBe("example.com");
    expect(certificate["subject_alternative_names"]).toEqual(["origin.example.com"]);
    expect(certificate["validation_method"]).toBe("DNS");
    expect(nested(certificate, "lifecycle")["create_before_destroy"]).toBe(true);
  });

  it("has a record for each name, each picking its own out of ACM's unordered set", () => {
    const certificate = stack.all("aws_acm_certificate")[0]?.address;
    const records = stack.all("aws_route53_record").map(({ attributes }) => attributes);
    const own = (domain: string, attribute: string) =>
      `\${one([for option in ${certificate}.domain_validation_options : option.${attribute} if option.domain_name == "${domain}"])}`;

    expect(records).toHaveLength(2);
    for (const domain of ["example.com", "origin.example.com"]) {
      expect(records).toContainEqual(
        expect.objectContaining({
          zone_id: "Z0123456789ABC",
          name: own(domain, "resource_record_name"),
          type: own(domain, "resource_record_type"),
          records: [own(domain, "resource_record_value")],
          allow_overwrite: true,
        }),
      );
    }
  });

  it("is used only once it is issued", () => {
    const validation = stack.only("aws_acm_certificate_validation");

    expect(validation["certificate_arn"]).toMatch(/^\$\{aws_acm_certificate\.\S+\.arn\}$/);
    expect(validation["validation_record_fqdns"]).toEqual([
      expect.stringMatching(/^\$\{aws_route53_record\.\S+_examplecom_\S+\.fqdn\}$/),
      expect.stringMatching(/^\$\{aws_route53_record\.\S+_originexamplecom_\S+\.fqdn\}$/),
    ]);
    expect(made.certificateArn).not.toBe("");
  });

  it("keeps the address of a record when names are added before it", () => {
    const addresses = (alternativeNames: readonly string[]) =>
      balancer({ certificate: { ...twoNames, alternativeNames } })
        .stack.addresses()
        .filter((address) => address.startsWith("aws_route53_record."));

    const more = addresses(["a.example.com", "origin.example.com"]);
    expect(more).toHaveLength(3);
    expect(more).toEqual(expect.arrayContaining([...addresses(["origin.example.com"])]));
  });

  it("tells names apart that differ in their dots only", () => {
    const { stack } = balancer({
      certificate: {
        ...twoNames,
        domainName: "a.b-c.example.com",
        alternativeNames: ["a.bc.example.com", "ab.c.example.com"],
      },
    });
    expect(stack.all("aws_route53_record")).toHaveLength(3);
  });

  it("has no alternative names where none are given", () => {
    expect(balancer().stack.only("aws_acm_certificate")["subject_alternative_names"]).toBeUndefined();
  });
});

describe("a certificate by ARN", () => {
  const arn = "arn:aws:acm:sa-east-1:333333333333:certificate/0a1b2c3d-0000-4000-8000-000000000003";
  const { stack, made } = balancer({ certificate: { from: "arn", arn } });

  it("is used as it is, and nothing is made", () => {
    expect(made.certificateArn).toBe(arn);
    const https = stack.all("aws_lb_listener").find(({ attributes }) => attributes["port"] === 443);
    expect(https?.attributes["certificate_arn"]).toBe(arn);
    expect(stack.all("aws_acm_certificate")).toEqual([]);
    expect(stack.all("aws_route53_record")).toEqual([]);
  });

  it("has the listener's certificate and no other in every exposure", () => {
    const { stack } = balancer({ certificate: { from: "arn", arn }, exposure: leastBalancer.exposure });
    for (const { address, attributes } of stack.all("aws_lb_listener")) {
      expect(attributes["certificate_arn"], address).toBe(attributes["port"] === 443 ? arn : undefined);
    }
  });
});
