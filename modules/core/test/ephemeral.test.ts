import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { configureBackend, ephemeralRandomPassword, ephemeralSecretVersion } from "../src/index.js";
import { type Attributes, type StackJson, synth, synthStack } from "../src/testing/index.js";

const arn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:db-AbCdEf";

function ephemeral(json: StackJson, type: string): Readonly<Record<string, Attributes>> {
  const section = json.document["ephemeral"] as Record<string, Record<string, Attributes>> | undefined;
  return section?.[type] ?? {};
}

describe("ephemeralRandomPassword", () => {
  it("makes a block of its own and returns the reference to its value", () => {
    let reference = "";
    const json = synthStack((stack) => {
      reference = ephemeralRandomPassword(stack, "password", {
        length: 40,
        exclude: ["punctuation", "uppercase"],
      });
    });

    expect(reference).toBe("${ephemeral.aws_secretsmanager_random_password.password.random_password}");
    expect(ephemeral(json, "aws_secretsmanager_random_password")).toEqual({
      password: {
        password_length: 40,
        exclude_punctuation: true,
        exclude_uppercase: true,
        "//": { metadata: { path: "test/password", uniqueId: "password" } },
      },
    });
  });

  it("excludes nothing by default", () => {
    const json = synthStack((stack) => {
      ephemeralRandomPassword(stack, "password", { length: 40 });
    });

    const { "//": _, ...attributes } =
      ephemeral(json, "aws_secretsmanager_random_password")["password"] ?? {};
    expect(attributes).toEqual({ password_length: 40 });
  });

  it("keeps two of the same id in different constructs apart", () => {
    const references: string[] = [];
    const json = synthStack((stack) => {
      for (const id of ["one", "two"])
        references.push(ephemeralRandomPassword(new Construct(stack, id), "password", { length: 40 }));
    });

    const names = Object.keys(ephemeral(json, "aws_secretsmanager_random_password"));
    expect(new Set(names).size).toBe(2);
    expect(references).toEqual(
      names.map((name) => `\${ephemeral.aws_secretsmanager_random_password.${name}.random_password}`),
    );
  });

  it("fails for an id that is taken", () => {
    expect(() =>
      synthStack((stack) => {
        ephemeralRandomPassword(stack, "password", { length: 40 });
        ephemeralRandomPassword(stack, "password", { length: 40 });
      }),
    ).toThrow("There is already a Construct with name 'password' in TerraformStack [test]");
  });
});

describe("ephemeralSecretVersion", () => {
  it("reads the secret at apply time only", () => {
    let reference = "";
    const json = synthStack((stack) => {
      reference = ephemeralSecretVersion(stack, "secret", arn);
    });

    expect(reference).toBe("${ephemeral.aws_secretsmanager_secret_version.secret.secret_string}");
    expect(ephemeral(json, "aws_secretsmanager_secret_version")["secret"]?.["secret_id"]).toBe(
      `${arn}\${substr(timestamp(), 0, 0)}`,
    );
  });

  it("takes one key out of a JSON object", () => {
    let reference = "";
    synthStack((stack) => {
      reference = ephemeralSecretVersion(stack, "secret", arn, "password");
    });

    expect(reference).toBe(
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.secret.secret_string)["password"]}',
    );
  });

  it("takes an ARN that another stack exports", () => {
    const stacks = synth((app) => {
      const owner = new TerraformStack(app, "owner");
      new AwsProvider(owner, "aws", { region: "us-east-1" });
      configureBackend(owner, { backend: "local" }, "owner");
      const parameter = new SsmParameter(owner, "parameter", { name: "arn", type: "String", value: arn });
      const consumer = new TerraformStack(app, "consumer");
      configureBackend(consumer, { backend: "local" }, "consumer");
      ephemeralSecretVersion(consumer, "secret", parameter.arn);
    });

    const consumer = stacks.get("consumer");
    expect(consumer).toBeDefined();
    const block = consumer && ephemeral(consumer, "aws_secretsmanager_secret_version")["secret"];
    expect(block?.["secret_id"]).toMatch(
      /^\$\{data\.terraform_remote_state\.\S+\.outputs\.\S+\}\$\{substr\(timestamp\(\), 0, 0\)\}$/,
    );
  });
});
