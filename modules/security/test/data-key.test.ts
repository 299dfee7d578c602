import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { synthStack } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { DataKey, dataClassNames } from "../src/index.js";
import { accountId, allKeys, key, keyProps, list, names, statements } from "./support.js";

const root = { AWS: "arn:aws:iam::111111111111:root" };
const launcher =
  "arn:aws:iam::111111111111:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

describe("every key", () => {
  const keys = allKeys().all("aws_kms_key");

  it("has one for each class of data", () => {
    expect(keys).toHaveLength(3);
    expect(dataClassNames).toEqual(["clinical", "application", "logs"]);
  });

  it("rotates, in KMS's own period", () => {
    for (const { address, attributes } of keys) {
      expect(attributes["enable_key_rotation"], address).toBe(true);
      expect(attributes, address).not.toHaveProperty("rotation_period_in_days");
    }
  });

  it("cannot be destroyed by Terraform, and by KMS only after 30 days", () => {
    for (const { address, attributes } of keys) {
      expect(attributes["lifecycle"], address).toEqual({ prevent_destroy: true });
      expect(attributes["deletion_window_in_days"], address).toBe(30);
    }
  });

  it("stays in its region", () => {
    for (const { address, attributes } of keys) expect(attributes["multi_region"], address).toBe(false);
  });

  it("keeps KMS's check that somebody can still change the policy", () => {
    for (const { address, attributes } of keys)
      expect(attributes, address).not.toHaveProperty("bypass_policy_lockout_safety_check");
  });

  it("names its principals: the account or a service, never everybody", () => {
    for (const block of keys) {
      for (const { Sid, Principal } of statements(block)) {
        const where = `${block.address} ${Sid}`;
        expect(JSON.stringify(Principal), where).not.toContain("*");
        expect([root.AWS, undefined], where).toContain((Principal as { AWS?: string }).AWS);
      }
    }
  });

  it("allows no wildcard of actions and denies nothing", () => {
    for (const block of keys) {
      for (const { Sid, Effect, Action } of statements(block)) {
        expect(Effect, `${block.address} ${Sid}`).toBe("Allow");
        expect(list(Action).join(), `${block.address} ${Sid}`).not.toContain("*");
      }
    }
  });

  it("gives administration no cryptography", () => {
    for (const block of keys) {
      const [administration] = statements(block);
      expect(administration?.Sid).toBe("AdministrationThroughIam");
      expect(administration?.Principal).toEqual(root);
      for (const action of list(administration?.Action))
        expect(action, block.address).not.toMatch(/crypt|DataKey|Sign|Mac|CreateGrant|Import/);
      expect(list(administration?.Action), block.address).toContain("kms:PutKeyPolicy");
    }
  });

  it("lets the account use it only through services of its region, for callers of the account", () => {
    for (const block of keys) {
      const uses = statements(block).filter(
        ({ Sid, Principal }) =>
          Sid !== "AdministrationThroughIam" && JSON.stringify(Principal).includes(root.AWS),
      );
      expect(uses.length, block.address).toBeGreaterThan(0);
      for (const { Sid, Condition } of uses) {
        const equals = Condition?.["StringEquals"];
        expect(equals?.["kms:CallerAccount"], `${block.address} ${Sid}`).toBe(accountId);
        const services = list(equals?.["kms:ViaService"]);
        expect(services.length, `${block.address} ${Sid}`).toBeGreaterThan(0);
        for (const service of services)
          expect(service, block.address).toMatch(/^[a-z0-9]+\.us-east-1\.amazonaws\.com$/);
      }
    }
  });

  it("makes grants for AWS's own resources only", () => {
    for (const block of keys) {
      for (const { Sid, Action, Condition } of statements(block)) {
        if (!list(Action).includes("kms:CreateGrant")) continue;
        expect(list(Action), `${block.address} ${Sid}`).toEqual(["kms:CreateGrant"]);
        expect(Condition?.["Bool"], `${block.address} ${Sid}`).toEqual({
          "kms:GrantIsForAWSResource": "true",
        });
      }
    }
  });

  it("lets services use it for this account's logs only", () => {
    const services = keys.flatMap((block) =>
      statements(block).filter(({ Principal }) => JSON.stringify(Principal).includes("Service")),
    );
    expect(services).toHaveLength(2);
    for (const { Sid, Condition } of services)
      expect(JSON.stringify(Condition), Sid).toContain("arn:aws:logs:us-east-1:111111111111:");
  });

  it("says what it encrypts and how sensitive that is", () => {
    const tagged = keys.map(({ attributes }) => attributes["tags"]);
    expect(tagged).toEqual([
      { Name: "telemedicina-dev-kms-application-us-east-1", DataClassification: "confidential" },
      { Name: "telemedicina-dev-kms-clinical-us-east-1", DataClassification: "sensitive" },
      { Name: "telemedicina-dev-kms-logs-us-east-1", DataClassification: "confidential" },
    ]);
    for (const { address, attributes } of keys) expect(attributes["description"], address).not.toBe("");
  });

  it("has an alias of its own", () => {
    const aliases = allKeys().all("aws_kms_alias");
    expect(aliases.map(({ attributes }) => attributes["name"])).toEqual([
      "alias/telemedicina-dev-kms-application-us-east-1",
      "alias/telemedicina-dev-kms-clinical-us-east-1",
      "alias/telemedicina-dev-kms-logs-us-east-1",
    ]);
    expect(aliases.map(({ attributes }) => attributes["target_key_id"])).toEqual(
      keys.map(({ address }) => `\${${address}.key_id}`),
    );
  });
});

describe("who may use which key", () => {
  it.each([
    ["clinical", ["backup", "rds", "s3"], ["backup", "rds"]],
    ["application", ["ec2", "elasticache", "s3", "secretsmanager", "sns"], ["ec2", "elasticache"]],
    ["logs", ["logs", "s3"], undefined],
  ] as const)("%s: through %s", (dataClass, services, granted) => {
    const policy = statements(key({ dataClass }).all("aws_kms_key")[0]);
    const via = (sid: string) =>
      policy.find(({ Sid }) => Sid === sid)?.Condition?.["StringEquals"]?.["kms:ViaService"];
    const full = (some: readonly string[]) => some.map((service) => `${service}.us-east-1.amazonaws.com`);
    expect(via("UseThroughServices")).toEqual(full(services));
    expect(via("GrantsForResources")).toEqual(granted && full(granted));
  });

  it("lets CloudWatch Logs and log delivery use the key of logs", () => {
    const policy = statements(key({ dataClass: "logs" }).all("aws_kms_key")[0]);
    expect(policy.find(({ Sid }) => Sid === "LogGroups")).toMatchObject({
      Principal: { Service: "logs.us-east-1.amazonaws.com" },
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111111111111:log-group:*",
        },
      },
    });
    expect(policy.find(({ Sid }) => Sid === "LogDelivery")).toMatchObject({
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:111111111111:*" },
      },
    });
  });

  it("lets nobody launch volumes by default", () => {
    const sids = statements(key().all("aws_kms_key")[0]).map(({ Sid }) => Sid);
    expect(sids).toEqual(["AdministrationThroughIam", "UseThroughServices", "GrantsForResources"]);
  });

  it("lets the roles given launch instances with encrypted volumes", () => {
    const policy = statements(key({ volumeLaunchRoleArns: [launcher] }).all("aws_kms_key")[0]);
    const launches = policy.filter(({ Principal }) => JSON.stringify(Principal).includes(launcher));
    expect(launches.map(({ Sid, Action, Condition }) => [Sid, list(Action).at(-1), Condition])).toEqual([
      ["VolumesOfLaunchedInstances", "kms:DescribeKey", undefined],
      ["GrantsForVolumes", "kms:CreateGrant", { Bool: { "kms:GrantIsForAWSResource": "true" } }],
    ]);
  });
});

describe("overrides", () => {
  it("takes a rotation period", () => {
    expect(key({ rotationPeriodDays: 180 }).only("aws_kms_key")["rotation_period_in_days"]).toBe(180);
  });

  it("stands in another region by that region's names and provider", () => {
    const json = synthStack((stack) => {
      const provider = new AwsProvider(stack, "aws-dr", { alias: "dr", region: "us-west-2" });
      new DataKey(stack, "key", { ...keyProps, names: { ...names, region: "us-west-2" }, provider });
    });
    const made = json.only("aws_kms_key");
    expect(made["provider"]).toBe("aws.dr");
    expect(json.only("aws_kms_alias")).toMatchObject({
      provider: "aws.dr",
      name: "alias/telemedicina-dev-kms-application-us-west-2",
    });
    expect(made["policy"]).toContain("secretsmanager.us-west-2.amazonaws.com");
    expect(made["policy"]).not.toContain("us-east-1");
  });
});

describe("outputs", () => {
  it("are the key's ARN and id and the alias's ARN", () => {
    let made: DataKey | undefined;
    const json = synthStack((stack) => {
      made = new DataKey(stack, "key", keyProps);
      stack.addOverride("output", {
        arn: { value: made.arn },
        aliasArn: { value: made.aliasArn },
        keyId: { value: made.keyId },
      });
    });
    const address = json.all("aws_kms_key")[0]?.address;
    const alias = json.all("aws_kms_alias")[0]?.address;
    expect(json.document["output"]).toEqual({
      arn: { value: `\${${address}.arn}` },
      aliasArn: { value: `\${${alias}.arn}` },
      keyId: { value: `\${${address}.key_id}` },
    });
  });
});

describe("guards", () => {
  it("fails with every fault at once", () => {
    const careless = {
      dataClass: "medical",
      accountId: "telemedicina",
      rotationPeriodDays: 30,
    } as unknown as Parameters<typeof key>[0];
    expect(() => key(careless)).toThrow(
      new Error(
        [
          "test/key has 3 faults:",
          '  - test/key: dataClass is "medical". Allowed: clinical, application, logs. Add a line to data-classes.ts for another kind of data.',
          '  - test/key: accountId is "telemedicina". Allowed: 12 digits. The key\'s policy names the account: with a wrong one nobody could administer the key, nor read what it encrypts.',
          "  - test/key: rotationPeriodDays is 30. Allowed: a whole number from 90 to 2560. Leave it out for KMS's own 365.",
        ].join("\n"),
      ),
    );
  });

  it.each([89, 2561, 90.5])("fails for a rotation every %s days", (rotationPeriodDays) => {
    expect(() => key({ rotationPeriodDays })).toThrow(
      `rotationPeriodDays is ${rotationPeriodDays}. Allowed: a whole number from 90 to 2560.`,
    );
  });

  it.each([90, 2560])("takes a rotation every %s days", (rotationPeriodDays) => {
    expect(() => key({ rotationPeriodDays })).not.toThrow();
  });

  it("fails for volumes of data that is never on volumes", () => {
    expect(() => key({ dataClass: "clinical", volumeLaunchRoleArns: [launcher] })).toThrow(
      new Error(
        "test/key has 1 fault:\n  - test/key: volumeLaunchRoleArns has no meaning for clinical data, which is never on volumes. " +
          "Allowed for: application. Leave it out.",
      ),
    );
  });

  it.each(["*", "arn:aws:iam::222222222222:role/x", "arn:aws:iam::111111111111:user/x"])(
    "fails for the launcher %s",
    (arn) => {
      expect(() => key({ volumeLaunchRoleArns: [arn] })).toThrow(
        new Error(
          `test/key has 1 fault:\n  - test/key: volumeLaunchRoleArns has "${arn}". Allowed: ARNs of roles of the account, ` +
            "arn:aws:iam::111111111111:role/…. KMS refuses a policy that names a role which does not exist.",
        ),
      );
    },
  );
});
