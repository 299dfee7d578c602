import { describe, expect, it } from "vitest";
import { bootstrap, development, environments, inHcp, inLocalFiles, statements } from "./support.js";

describe.each(environments)("state of $name", (config) => {
  const stack = bootstrap(config);
  const { state } = config;
  const segment = { development: "dev", staging: "stg", production: "prod" }[config.name];
  const name =
    state.backend === "s3" && state.bucket !== undefined
      ? state.bucket
      : `telemedicina-${segment}-tfstate-${config.accountId}-${config.region}`;

  it("keeps its own state in the bucket and under the key that it makes", () => {
    expect(stack.document["terraform"]).toMatchObject({
      backend: {
        s3: {
          bucket: name,
          key: `telemedicina/${config.name}/bootstrap.tfstate`,
          region: config.region,
          encrypt: true,
          use_lockfile: true,
          kms_key_id: `arn:aws:kms:${config.region}:${config.accountId}:alias/telemedicina-${segment}-tfstate`,
          allowed_account_ids: [config.accountId],
        },
      },
    });
    expect(stack.only("aws_s3_bucket")["bucket"]).toBe(name);
    expect(stack.only("aws_kms_alias")["name"]).toBe(`alias/telemedicina-${segment}-tfstate`);
  });

  it("gives every bucket each of its protections", () => {
    const buckets = stack.all("aws_s3_bucket").map(({ address }) => `\${${address}.id}`);
    expect(buckets).toHaveLength(1);
    const protections = [
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_lifecycle_configuration",
    ];
    for (const type of protections) {
      expect(
        stack.all(type).map(({ attributes }) => attributes["bucket"]),
        type,
      ).toEqual(buckets);
    }
  });

  it("protects every bucket and every key from destroy", () => {
    const kept = [...stack.all("aws_s3_bucket"), ...stack.all("aws_kms_key")];
    expect(kept).toHaveLength(2);
    for (const { address, attributes } of kept) {
      expect(attributes["lifecycle"], address).toEqual({ prevent_destroy: true });
      expect(attributes, address).not.toHaveProperty("force_destroy");
    }
  });

  it("blocks public access on every bucket, four times", () => {
    for (const { attributes } of stack.all("aws_s3_bucket_public_access_block")) {
      expect(attributes).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
    for (const { attributes } of stack.all("aws_s3_bucket_ownership_controls")) {
      expect(attributes["rule"]).toEqual({ object_ownership: "BucketOwnerEnforced" });
    }
  });

  it("encrypts every bucket by its own key, with a bucket key", () => {
    const [key] = stack.all("aws_kms_key");
    for (const { attributes } of stack.all("aws_s3_bucket_server_side_encryption_configuration")) {
      expect(attributes["rule"]).toEqual([
        {
          apply_server_side_encryption_by_default: {
            sse_algorithm: "aws:kms",
            kms_master_key_id: `\${${key?.address}.arn}`,
          },
          bucket_key_enabled: true,
        },
      ]);
    }
  });

  it("rotates every key and waits 30 days before it deletes one", () => {
    for (const { attributes } of stack.all("aws_kms_key")) {
      expect(attributes).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
      expect(attributes).not.toHaveProperty("bypass_policy_lockout_safety_check");
    }
  });

  it("refuses plain HTTP and TLS before 1.2 on every bucket, for everyone and everything", () => {
    for (const { attributes } of stack.all("aws_s3_bucket_policy")) {
      for (const [operator, key, value] of [
        ["Bool", "aws:SecureTransport", "false"],
        ["NumericLessThan", "s3:TlsVersion", "1.2"],
      ] as const) {
        expect(statements(attributes)).toContainEqual({
          Sid: expect.any(String) as string,
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
          Condition: { [operator]: { [key]: value } },
        });
      }
    }
  });
});

describe("state bucket", () => {
  const stack = bootstrap(development);

  it("refuses an upload that asks for another encryption than the state key's", () => {
    const key = stack.all("aws_kms_key")[0]?.address;
    const alias = stack.all("aws_kms_alias")[0]?.address;
    expect(statements(stack.only("aws_s3_bucket_policy"))).toContainEqual({
      Sid: "DenyAnotherKey",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::telemedicina-dev-tfstate-111111111111-us-east-1/*",
      Condition: {
        // Only when a request names an encryption: a bare one takes the bucket's default.
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: {
          // Terraform's backend names the key by its alias.
          "s3:x-amz-server-side-encryption-aws-kms-key-id": [`\${${key}.arn}`, `\${${alias}.arn}`],
        },
      },
    });
  });

  it("refuses an upload under a key that the caller brings", () => {
    expect(statements(stack.only("aws_s3_bucket_policy"))).toContainEqual({
      Sid: "DenyKeyOfTheCaller",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::telemedicina-dev-tfstate-111111111111-us-east-1/*",
      Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
    });
  });

  it("leaves deletion of lock files alone: no Object Lock and no denial of s3:DeleteObject", () => {
    expect(stack.only("aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
    expect(stack.all("aws_s3_bucket_object_lock_configuration")).toEqual([]);
    const actions = statements(stack.only("aws_s3_bucket_policy")).map(({ Action }) => Action);
    expect(actions).toEqual(["s3:*", "s3:*", "s3:PutObject", "s3:PutObject"]);
  });

  it("keeps every version and expires the old ones of state and lock files", () => {
    expect(stack.only("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
    expect(stack.only("aws_s3_bucket_lifecycle_configuration")["rule"]).toEqual([
      {
        id: "expire-old-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 90, newer_noncurrent_versions: 50 }],
        expiration: [{ expired_object_delete_marker: true }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it("takes the bucket's name from the environment when it gives one", () => {
    const named = bootstrap({ ...development, state: { backend: "s3", bucket: "acme-state" } });
    expect(named.only("aws_s3_bucket")["bucket"]).toBe("acme-state");
    expect(named.document["terraform"]).toMatchObject({ backend: { s3: { bucket: "acme-state" } } });
    expect(named.document["output"]).toMatchObject({ state_bucket: { value: "acme-state" } });
  });

  it("splits the key's policy: administrators get no cryptography, users only through S3 or for saved plans", () => {
    const [administration, use, plans, ...rest] = statements(stack.only("aws_kms_key"));
    expect(rest).toEqual([]);
    expect(administration?.Action).toContain("kms:PutKeyPolicy");
    for (const action of ["kms:*", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"]) {
      expect(administration?.Action).not.toContain(action);
    }
    expect(use).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": "111111111111",
          "kms:ViaService": "s3.us-east-1.amazonaws.com",
        },
      },
    });
    expect(plans).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": "111111111111",
          "kms:EncryptionContext:purpose": "terraform-plan",
        },
      },
    });
  });

  it("names the account in the key's policy, so that deleting a role locks nobody out", () => {
    for (const statement of statements(stack.only("aws_kms_key"))) {
      expect(statement.Principal).toEqual({ AWS: "arn:aws:iam::111111111111:root" });
    }
  });

  it("is not made where the state is elsewhere", () => {
    for (const config of [inHcp, inLocalFiles]) {
      const elsewhere = bootstrap(config);
      const made = elsewhere.addresses().filter((address) => /^aws_(s3_bucket|kms)/.test(address));
      expect(made).toEqual([]);
      expect(Object.keys(elsewhere.document["output"] ?? {})).toEqual(["apply_role_arn", "plan_role_arn"]);
    }
    expect(bootstrap(inLocalFiles).document["terraform"]).toMatchObject({
      backend: { local: { path: "development-bootstrap.tfstate" } },
    });
    expect(bootstrap(inHcp).document["terraform"]).toMatchObject({
      cloud: {
        organization: "acme",
        workspaces: { name: "development-bootstrap", project: "Telemedicina Development" },
      },
    });
  });
});
