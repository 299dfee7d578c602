import { describe, expect, it } from "vitest";
import { bootstrap, development, environments, production } from "./support.js";

interface Provider {
  readonly alias?: string;
  readonly region: string;
  readonly allowed_account_ids: readonly string[];
  readonly assume_role?: unknown;
}

function providers(stack: ReturnType<typeof bootstrap>): readonly Provider[] {
  return (stack.document["provider"] as { aws: Provider[] }).aws;
}

describe.each(environments)("baseline of $name", (config) => {
  const stack = bootstrap(config);

  it("blocks public access for the whole account", () => {
    expect(stack.only("aws_s3_account_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("encrypts new volumes and demands IMDSv2 in both regions of the environment", () => {
    for (const type of ["aws_ebs_encryption_by_default", "aws_ec2_instance_metadata_defaults"]) {
      expect(
        stack.all(type).map(({ attributes }) => attributes["provider"]),
        type,
      ).toEqual(["aws.dr", "aws"]);
    }
    for (const { attributes } of stack.all("aws_ebs_encryption_by_default")) {
      expect(attributes["enabled"]).toBe(true);
    }
    for (const { attributes } of stack.all("aws_ec2_instance_metadata_defaults")) {
      expect(attributes).toMatchObject({ http_tokens: "required", http_put_response_hop_limit: 1 });
    }
  });

  it("binds every provider to the account", () => {
    const found = providers(stack);
    expect(found.map(({ alias, region }) => [alias, region])).toEqual([
      [undefined, config.region],
      ["dr", config.drRegion],
    ]);
    for (const provider of found) expect(provider.allowed_account_ids).toEqual([config.accountId]);
  });

  it("puts the six mandatory tags on everything, through every provider", () => {
    for (const provider of providers(stack)) {
      expect(provider).toMatchObject({
        default_tags: [
          {
            tags: {
              Owner: config.owner,
              Environment: config.name,
              CostCenter: config.costCenter,
              Project: "telemedicina",
              ManagedBy: "infrastructure-as-code",
              Backup: "false",
            },
          },
        ],
      });
    }
  });
});

describe("account baseline", () => {
  it.each([
    ["accountPublicAccessBlock", "aws_s3_account_public_access_block"],
    ["ebsEncryptionByDefault", "aws_ebs_encryption_by_default"],
    ["instanceMetadataDefaults", "aws_ec2_instance_metadata_defaults"],
  ] as const)("leaves %s alone where somebody else owns it", (singleton, type) => {
    const whole = bootstrap(development).addresses();
    const rest = bootstrap({
      ...development,
      bootstrap: { ...development.bootstrap, [singleton]: "external" },
    }).addresses();
    expect(
      whole.filter((address) => !rest.includes(address)).map((address) => address.split(".")[0]),
    ).toEqual(whole.filter((address) => address.startsWith(`${type}.`)).map(() => type));
    expect(rest.some((address) => address.startsWith(`${type}.`))).toBe(false);
  });

  it("starts no provider in the DR region when nothing is made there", () => {
    const stack = bootstrap({
      ...development,
      bootstrap: {
        ...development.bootstrap,
        ebsEncryptionByDefault: "external",
        instanceMetadataDefaults: "external",
      },
    });
    expect(providers(stack).map(({ alias }) => alias)).toEqual([undefined]);
    expect(stack.all("aws_s3_account_public_access_block")).toHaveLength(1);
  });

  it("assumes the environment's role in both regions and in the backend", () => {
    const assumeRoleArn = "arn:aws:iam::333333333333:role/OrganizationAccountAccessRole";
    const stack = bootstrap({ ...production, assumeRoleArn });
    for (const provider of providers(stack)) {
      expect(provider.assume_role).toEqual([{ role_arn: assumeRoleArn }]);
    }
    expect(stack.document["terraform"]).toMatchObject({
      backend: { s3: { assume_role: { role_arn: assumeRoleArn } } },
    });
  });
});

it("outputs what the workflows and the other stacks need to know", () => {
  expect(Object.keys(bootstrap(development).document["output"] ?? {})).toEqual([
    "apply_role_arn",
    "plan_role_arn",
    "state_bucket",
    "state_kms_alias_arn",
  ]);
});
