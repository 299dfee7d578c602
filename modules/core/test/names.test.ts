import { Fn, Token } from "cdktf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketName,
  environmentSegment,
  type NamedType,
  type NameLimit,
  nameLimits,
  resourceName,
} from "../src/index.js";

const types = Object.keys(nameLimits) as NamedType[];
const scope = { project: "telemedicina", environment: "production", region: "us-east-1" } as const;

/** Every region name AWS has, by length: 9 to 14 characters. */
const regions = ["us-east-1", "sa-east-1", "us-west-2", "eu-central-1", "ap-northeast-1", "ap-southeast-2"];

const segment = (maxLength: number) =>
  fc.stringMatching(new RegExp(`^[a-z0-9]{1,${maxLength}}(-[a-z0-9]{1,8}){0,3}$`));

const anyName = fc.record({
  project: segment(40).map((text) => `p${text}`),
  environment: fc.constantFrom("production", "staging", "development"),
  region: fc.constantFrom(...regions),
  type: fc.constantFrom(...types),
  qualifier: fc.option(segment(300), { nil: undefined }),
});

type AnyName = typeof anyName extends fc.Arbitrary<infer T> ? T : never;

const nameOf = ({ type, qualifier, ...of }: AnyName) => resourceName(of, type, qualifier);

describe("resourceName", () => {
  it("TAG-01: is {project}-{environment}-{resource-type}-{region}", () => {
    expect(resourceName(scope, "vpc")).toBe("telemedicina-prod-vpc-us-east-1");
  });

  it("TAG-01: takes a qualifier before the region", () => {
    expect(resourceName(scope, "subnet", "app-use1-az1")).toBe(
      "telemedicina-prod-subnet-app-use1-az1-us-east-1",
    );
  });

  it("T-43: fits every type's AWS limit and character set, whatever the parts", () => {
    fc.assert(
      fc.property(anyName, (parts) => {
        const name = nameOf(parts);
        const limit = nameLimits[parts.type];
        expect(name.length).toBeLessThanOrEqual(limit.maxLength);
        expect(name).toMatch(limit.pattern);
        expect(name.endsWith(`-${parts.region}`)).toBe(true);
        expect(name).not.toContain("--");
      }),
      { numRuns: 500 },
    );
  });

  it("T-43: leaves a name that fits as it is", () => {
    fc.assert(
      fc.property(anyName, (parts) => {
        const { maxLength, segment: written = parts.type }: NameLimit = nameLimits[parts.type];
        const middle = parts.qualifier === undefined ? written : `${written}-${parts.qualifier}`;
        const full = `${parts.project}-${environmentSegment(parts.environment)}-${middle}-${parts.region}`;
        fc.pre(full.length <= maxLength);
        expect(nameOf(parts)).toBe(full);
      }),
    );
  });

  it("T-43: keeps a CloudFront function within 64 characters, under the name that it has where that fits", () => {
    const nameIn = (project: string) =>
      resourceName(
        { project, environment: "production", region: "sa-east-1" },
        "cloudfront-function",
        "immutable",
      );

    expect(nameIn("telemedicina")).toBe("telemedicina-prod-cloudfront-policy-immutable-sa-east-1");
    const long = nameIn("telemedicina-para-todos-sempr");
    expect(long).toMatch(/^telemedicina-para-todos-sempr-prod-cloudfront-[0-9a-f]{8}-sa-east-1$/);
    expect(long.length).toBeLessThanOrEqual(64);
  });

  it("T-43: is the same every time, on every machine", () => {
    fc.assert(
      fc.property(anyName, (parts) => {
        expect(nameOf({ ...parts })).toBe(nameOf(parts));
      }),
    );
    // The hash is part of the contract: a change of it replaces whatever has such a name.
    expect(resourceName(scope, "role", "x".repeat(60))).toBe(
      "telemedicina-prod-role-xxxxxxxxxxxxxxxxxxxxxx-3e22676f-us-east-1",
    );
  });

  it("T-43: keeps names apart that differ only where they are cut", () => {
    const qualifiers = Array.from({ length: 5000 }, (_, index) => `${"very-long-".repeat(6)}${index}`);
    const names = qualifiers.map((qualifier) => resourceName(scope, "role", qualifier));

    expect(names.every((name) => name.length === nameLimits.role.maxLength)).toBe(true);
    expect(new Set(names).size).toBe(qualifiers.length);
  });

  it("T-43: keeps any two names of a type apart", () => {
    fc.assert(
      fc.property(anyName, segment(300), segment(300), (parts, one, other) => {
        fc.pre(one !== other);
        expect(nameOf({ ...parts, qualifier: one })).not.toBe(nameOf({ ...parts, qualifier: other }));
      }),
    );
  });

  it("T-44: writes production, staging and development as prod, stg and dev", () => {
    expect(environmentSegment("production")).toBe("prod");
    expect(environmentSegment("staging")).toBe("stg");
    expect(environmentSegment("development")).toBe("dev");
    expect(resourceName({ ...scope, environment: "staging" }, "vpc")).toBe("telemedicina-stg-vpc-us-east-1");
  });

  it.each(["Web", "a--b", "-a", "a-", "a_b", "ação", ""])("fails for the qualifier %j", (qualifier) => {
    expect(() => resourceName(scope, "sg", qualifier)).toThrow(
      new Error(
        `The qualifier "${qualifier}" cannot stand in the name of a sg. ` +
          "Allowed: lower-case letters, digits and single hyphens between them. Change the qualifier.",
      ),
    );
  });

  it("fails for a project and a region with other characters", () => {
    expect(() => resourceName({ ...scope, project: "Tele" }, "vpc")).toThrow(
      new Error(
        'The project "Tele" cannot stand in the name of a vpc. ' +
          "Allowed: lower-case letters, digits and single hyphens between them. Change the project.",
      ),
    );
    expect(() => resourceName({ ...scope, project: "4care" }, "vpc")).toThrow(
      new Error(
        'The project "4care" cannot stand in the name of a vpc. ' +
          "Allowed: lower-case letters, digits and single hyphens between them, a letter first. Change the project.",
      ),
    );
    expect(() => resourceName({ ...scope, region: "us_east_1" }, "vpc")).toThrow(
      new Error(
        'The region "us_east_1" cannot stand in the name of a vpc. ' +
          "Allowed: lower-case letters, digits and single hyphens between them. Change the region.",
      ),
    );
  });

  it("fails for a token: names must be known at synth", () => {
    const token = Token.asString(Fn.join("-", ["a", "b"]));

    expect(() => resourceName(scope, "sg", token)).toThrow(
      new Error(
        `The qualifier of a name must be known at synth time, found the token "${token}". ` +
          "Names are part of the contract with operators: pass a literal, never an attribute of another resource.",
      ),
    );
  });

  it("fails for a type without a naming rule", () => {
    expect(() => resourceName(scope, "teapot" as NamedType)).toThrow(
      new Error(
        `No naming rule for "teapot". Known: ${types.join(", ")}. ` +
          "Add a line to modules/core/src/name-limits.ts with the limit and character set from the AWS documentation.",
      ),
    );
  });
});

describe("bucketName", () => {
  it("T-42: is {project}-{environment}-{purpose}-{accountId}-{region}, so that it is unique in all of AWS", () => {
    expect(bucketName(scope, "assets", "333333333333")).toBe(
      "telemedicina-prod-assets-333333333333-us-east-1",
    );
  });

  it("T-42: fits S3's limit and character set or fails, and never shortens", () => {
    fc.assert(
      fc.property(anyName, segment(30), (parts, purpose) => {
        const full = `${parts.project}-${environmentSegment(parts.environment)}-${purpose}-333333333333-${parts.region}`;
        const make = () => bucketName(parts, purpose, "333333333333");
        if (full.length > 63) expect(make).toThrow(`at most 63 characters, found ${full.length}`);
        else expect(make()).toBe(full);
      }),
    );
  });

  it("fails for a name that is too long", () => {
    const name = "telemedicina-prod-appointment-logs-archive-333333333333-us-east-1";

    expect(() => bucketName(scope, "appointment-logs-archive", "333333333333")).toThrow(
      new Error(
        `The bucket name "${name}" cannot stand in the name of a s3. Allowed: at most 63 characters, found 65. Change the bucket name.`,
      ),
    );
  });

  it("fails for characters S3 refuses", () => {
    expect(() => bucketName(scope, "Assets", "333333333333")).toThrow(
      new Error(
        'The bucket name "telemedicina-prod-Assets-333333333333-us-east-1" cannot stand in the name of a s3. ' +
          "Allowed: lower-case letters, digits and single hyphens. Change the bucket name.",
      ),
    );
  });
});
