import { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { awsProvider, configureBackend, requireVersions, type StateBackend, stateKey } from "../src/index.js";
import { synth } from "../src/testing/index.js";

const s3: StateBackend = {
  backend: "s3",
  bucket: "telemedicina-dev-tfstate-111111111111-us-east-1",
  region: "us-east-1",
  accountId: "111111111111",
  kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:alias/telemedicina-dev-tfstate",
};

describe("backend", () => {
  it("writes S3 with its lock file, its key and the one account it belongs to, and no DynamoDB table", () => {
    expect(terraform(s3)["backend"]).toEqual({
      s3: {
        bucket: "telemedicina-dev-tfstate-111111111111-us-east-1",
        key: "telemedicina/development/network.tfstate",
        region: "us-east-1",
        encrypt: true,
        kms_key_id: "arn:aws:kms:us-east-1:111111111111:alias/telemedicina-dev-tfstate",
        use_lockfile: true,
        allowed_account_ids: ["111111111111"],
      },
    });
  });

  it("assumes a role for S3 where one is given", () => {
    const assumeRoleArn = "arn:aws:iam::111111111111:role/deploy";

    expect(terraform({ ...s3, assumeRoleArn })["backend"]).toMatchObject({
      s3: { assume_role: { role_arn: assumeRoleArn } },
    });
  });

  it("writes HCP Terraform with one workspace named like the stack", () => {
    expect(terraform({ backend: "hcp", organization: "clinica", project: "telemedicina" })).toMatchObject({
      cloud: {
        organization: "clinica",
        workspaces: { name: "development-network", project: "telemedicina" },
      },
    });
  });

  it("writes a local file by a relative path, the same on every machine", () => {
    expect(terraform({ backend: "local" })["backend"]).toEqual({
      local: { path: "development-network.tfstate" },
    });
  });

  it("gives each stack of an environment its own state", () => {
    expect(stateKey("telemedicina", "production", "data")).toBe("telemedicina/production/data.tfstate");
  });
});

describe("provider", () => {
  const props = { region: "sa-east-1", accountId: "333333333333", defaultTags: { Owner: "plataforma" } };

  it("TAG-03: carries the default tags, and refuses every account but its own", () => {
    const stack = build((scope) => awsProvider(scope, props));

    expect(stack["provider"]).toEqual({
      aws: [
        {
          region: "sa-east-1",
          allowed_account_ids: ["333333333333"],
          default_tags: [{ tags: { Owner: "plataforma" } }],
        },
      ],
    });
  });

  it("adds a second configuration under an alias, and a role where one is given", () => {
    const stack = build((scope) => {
      awsProvider(scope, props);
      awsProvider(scope, {
        ...props,
        region: "us-east-1",
        alias: "us_east_1",
        assumeRoleArn: "arn:aws:iam::333333333333:role/deploy",
      });
    });

    expect(stack["provider"]).toMatchObject({
      aws: [
        { region: "sa-east-1" },
        {
          alias: "us_east_1",
          region: "us-east-1",
          allowed_account_ids: ["333333333333"],
          default_tags: [{ tags: { Owner: "plataforma" } }],
          assume_role: [{ role_arn: "arn:aws:iam::333333333333:role/deploy" }],
        },
      ],
    });
  });

  it("pins Terraform and the provider, and writes the provider's source in full", () => {
    const stack = build((scope) => {
      awsProvider(scope, props);
      requireVersions(scope);
    });

    expect(stack["terraform"]).toMatchObject({
      required_version: ">= 1.11",
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 6.26.0, < 7.0.0" } },
    });
  });
});

type Document = Readonly<Record<string, unknown>>;

function build(make: (stack: TerraformStack) => void): Document {
  const stacks = synth((app) => make(new TerraformStack(app, "development-network")));
  return stacks.get("development-network")?.document ?? {};
}

function terraform(state: StateBackend): Document {
  const document = build((stack) =>
    configureBackend(stack, state, stateKey("telemedicina", "development", "network")),
  );
  return (document["terraform"] ?? {}) as Document;
}
