import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { ephemeralSecretVersion, type NameScope } from "@telemedicina/core";
import { type StackJson, synthStack } from "@telemedicina/core/testing";
import {
  type ApplicationSecretName,
  ApplicationSecrets,
  applicationSecretNames,
  DataKey,
  dataClasses,
} from "@telemedicina/security";
import { TerraformOutput } from "cdktf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ACCOUNT,
  type Components,
  findComponents,
  type Moto,
  REGION,
  Root,
  startMoto,
} from "./relay-support.js";

const DR_REGION = "us-west-2";
const names: NameScope = { project: "telemedicina", environment: "development", region: REGION };
const components = findComponents();

type Versions = Readonly<Partial<Record<ApplicationSecretName, number>>>;
type Values = Readonly<Record<ApplicationSecretName, string>>;

describe.skipIf(!components)("keys and secrets with the real Terraform and provider", () => {
  let moto: Moto;
  let relay: Relay;
  let owner: Root;
  let consumer: Root;
  let arns: Readonly<Record<ApplicationSecretName, string>>;
  let first: Values;
  /** All that Terraform has printed. */
  let printed = "";

  beforeAll(async () => {
    const parts = components as Components;
    moto = await startMoto(parts);
    relay = await startRelay({
      providerBinary: parts.provider,
      providerEnv: moto.providerEnv,
      rules: RELAY_RULES,
      accountId: ACCOUNT,
      region: REGION,
    });
    owner = new Root(parts, relay.reattach, { "cdk.tf.json": text(ownerStack({})) });
    consumer = new Root(parts, relay.reattach, { "cdk.tf.json": text(consumerStack(absentArn, 1)) });
    for (const root of [owner, consumer]) await succeeds(root, "init");
    await succeeds(owner, "plan", "-out=plan.tfplan");
    await succeeds(owner, "apply", "plan.tfplan");
    arns = await outputs(owner);
    first = await currentValues();
  });

  afterAll(async () => {
    owner?.remove();
    consumer?.remove();
    await relay?.close();
    await moto?.stop();
  });

  it("makes values in the form that their readers need", () => {
    expect(JSON.parse(first.database)).toEqual({
      username: "telemedicina",
      password: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    });
    expect(first.redis).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(first.turn).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(JSON.parse(first.reverb)).toEqual({
      app_id: expect.stringMatching(/^[a-z0-9]{12}$/),
      app_key: expect.stringMatching(/^[a-z0-9]{32}$/),
      app_secret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    });
    expect(first.appKey).toMatch(/^base64:[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(first.appKey.replace("base64:", ""), "base64")).toHaveLength(32);
  });

  it("plans again without a change, and a refresh brings no value into the state", async () => {
    expect(await succeeds(owner, "plan", "-detailed-exitcode")).toContain("No changes.");
    await succeeds(owner, "apply", "-auto-approve");
    expect(await currentValues()).toEqual(first);
    const versions = state(owner).filter(({ type }) => type === "aws_secretsmanager_secret_version");
    expect(versions).toHaveLength(applicationSecretNames.length);
    for (const { attributes } of versions) {
      expect(attributes).toMatchObject({ secret_string: "", secret_string_wo: null, secret_binary: "" });
    }
  });

  it("encrypts each secret with the key of application data", async () => {
    const key = state(owner).find(
      ({ attributes }) =>
        attributes["description"] === dataClasses.application.description &&
        String(attributes["arn"]).includes(`:${REGION}:`),
    );
    for (const name of applicationSecretNames) {
      const secret = await ask("DescribeSecret", { SecretId: arns[name] });
      expect(secret["KmsKeyId"], name).toBe(key?.attributes["arn"]);
    }
  });

  it("makes a new value for a new version, keeps the old one as the previous, and leaves the rest", async () => {
    const before = await currentValues();
    const versions: Versions = { turn: 2, database: 2 };
    writeFileSync(join(owner.dir, "cdk.tf.json"), text(ownerStack(versions)));
    await succeeds(owner, "plan", "-out=plan.tfplan");
    await succeeds(owner, "apply", "plan.tfplan");
    const after = await currentValues();
    for (const name of applicationSecretNames) {
      if (versions[name] === undefined) {
        expect(after[name], name).toBe(before[name]);
      } else {
        expect(after[name], name).not.toBe(before[name]);
        expect(await valueIn(arns[name], "AWSPREVIOUS"), name).toBe(before[name]);
      }
    }
    expect(await succeeds(owner, "plan", "-detailed-exitcode")).toContain("No changes.");
  });

  it("plans a reader of a secret that is not there yet: a plan reads no secret", async () => {
    expect(await succeeds(consumer, "plan")).toContain("1 to add");
    const { exitCode, output } = await run(consumer, "apply", "-auto-approve");
    expect(exitCode).toBe(1);
    expect(output).toContain("couldn't find resource");
  });

  it("hands a value on to another stack, and again after a new version", async () => {
    const write = (version: number) =>
      writeFileSync(join(consumer.dir, "cdk.tf.json"), text(consumerStack(arns.database, version)));
    write(1);
    await succeeds(consumer, "apply", "-auto-approve");
    expect(await parameter()).toBe(await password());
    expect(await succeeds(consumer, "plan", "-detailed-exitcode")).toContain("No changes.");

    writeFileSync(join(owner.dir, "cdk.tf.json"), text(ownerStack({ turn: 2, database: 3 })));
    await succeeds(owner, "apply", "-auto-approve");
    expect(await parameter()).not.toBe(await password());
    write(2);
    await succeeds(consumer, "apply", "-auto-approve");
    expect(await parameter()).toBe(await password());
  });

  it("leaves no value in any state, plan, output, file or line printed", async () => {
    await succeeds(owner, "plan", "-out=plan.tfplan");
    await succeeds(consumer, "plan", "-out=plan.tfplan");
    const places = new Map([["what Terraform printed", printed]]);
    for (const root of [owner, consumer]) {
      for (const file of filesBelow(root.dir)) places.set(file, readFileSync(file, "latin1"));
      places.set(`plan of ${root.dir}`, await succeeds(root, "show", "-json", "plan.tfplan"));
      places.set(`outputs of ${root.dir}`, await succeeds(root, "output", "-json"));
    }
    const stateFiles = [...places.keys()].filter((place) => /\.tfstate(\.backup)?$/.test(place));
    expect(stateFiles.length).toBeGreaterThanOrEqual(4);

    const parts = secretParts([...Object.values(first), ...(await everyVersion())]);
    // Nine at first, then another for TURN and two for the database.
    expect(parts).toHaveLength(12);
    for (const [place, content] of places) {
      for (const part of parts) expect(content.includes(part), `${place} has a secret`).toBe(false);
    }
  });

  it("refuses to destroy keys and the application key", async () => {
    const { exitCode, output } = await run(owner, "plan", "-destroy", "-no-color");
    expect(exitCode).toBe(1);
    const refused = [
      ...output.replace(/[│\s]+/g, " ").matchAll(/Resource (\S+) has lifecycle\.prevent_destroy/g),
    ];
    // Terraform stops at the secret before it comes to the key below it.
    expect(refused.map(([, address]) => String(address).replace(/_[0-9A-F]{8}$/, "")).sort()).toEqual([
      "aws_kms_key.clinical-key",
      "aws_kms_key.dr-key",
      "aws_kms_key.logs-key",
      "aws_secretsmanager_secret.secrets_app-key_secret",
    ]);
  });

  async function run(root: Root, ...args: string[]): Promise<{ exitCode: number; output: string }> {
    const result = await root.run(...args);
    printed += result.output;
    return result;
  }

  async function succeeds(root: Root, ...args: string[]): Promise<string> {
    const { exitCode, output } = await run(root, ...args);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${exitCode}\n${output}`);
    return output;
  }

  async function outputs(root: Root): Promise<Record<ApplicationSecretName, string>> {
    const json = JSON.parse(await succeeds(root, "output", "-json")) as Record<string, { value: unknown }>;
    return json["arns"]?.value as Record<ApplicationSecretName, string>;
  }

  async function currentValues(): Promise<Values> {
    const values = applicationSecretNames.map(
      async (name) => [name, await valueIn(arns[name], "AWSCURRENT")] as const,
    );
    return Object.fromEntries(await Promise.all(values)) as Values;
  }

  async function everyVersion(): Promise<string[]> {
    const values: string[] = [];
    for (const arn of Object.values(arns)) {
      const { VersionIdsToStages } = await ask("DescribeSecret", { SecretId: arn });
      for (const VersionId of Object.keys(VersionIdsToStages as object))
        values.push(String((await ask("GetSecretValue", { SecretId: arn, VersionId }))["SecretString"]));
    }
    return values;
  }

  async function password(): Promise<string> {
    const value = JSON.parse(await valueIn(arns.database, "AWSCURRENT")) as { password: string };
    return value.password;
  }

  async function valueIn(arn: string, stage: string): Promise<string> {
    const answer = await ask("GetSecretValue", { SecretId: arn, VersionStage: stage });
    return String(answer["SecretString"]);
  }

  async function parameter(): Promise<unknown> {
    const answer = await call("AmazonSSM.GetParameter", "ssm", { Name: PARAMETER, WithDecryption: true });
    return (answer["Parameter"] as { Value: string }).Value;
  }

  function ask(action: string, body: object): Promise<Record<string, unknown>> {
    return call(`secretsmanager.${action}`, "secretsmanager", body);
  }

  /** Asked without the provider, in case it were wrong about what is there. */
  async function call(target: string, service: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(moto.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": target,
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${target}: ${JSON.stringify(answer)}`);
    return answer;
  }
});

const PARAMETER = "/telemedicina/consumer";
const absentArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:telemedicina-dev-secret-absent-${REGION}-AbCdEf`;

/** The keys of all classes, one more in the DR region, and the secrets of an environment. */
function ownerStack(versions: Versions): StackJson {
  return synthStack((stack) => {
    const provider = new AwsProvider(stack, "aws-dr", { alias: "dr", region: DR_REGION });
    const key = new DataKey(stack, "application-key", {
      names,
      dataClass: "application",
      accountId: ACCOUNT,
    });
    for (const dataClass of ["clinical", "logs"] as const)
      new DataKey(stack, `${dataClass}-key`, { names, dataClass, accountId: ACCOUNT });
    new DataKey(stack, "dr-key", {
      names: { ...names, region: DR_REGION },
      dataClass: "application",
      accountId: ACCOUNT,
      provider,
    });
    const secrets = new ApplicationSecrets(stack, "secrets", {
      originHeaders: true,
      names,
      kmsKeyArn: key.arn,
      databaseUsername: "telemedicina",
      versions,
    });
    new TerraformOutput(stack, "arns", { value: secrets.arns });
  }, REGION);
}

/** Any write-only argument will do; a parameter is made in a moment, a database in minutes. */
function consumerStack(secretArn: string, version: number): StackJson {
  return synthStack((stack) => {
    new SsmParameter(stack, "parameter", {
      name: PARAMETER,
      type: "SecureString",
      valueWo: ephemeralSecretVersion(stack, "database", secretArn, "password"),
      valueWoVersion: version,
    });
  }, REGION);
}

function text(json: StackJson): string {
  return JSON.stringify(json.document);
}

interface StateInstance {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function state(root: Root): StateInstance[] {
  const file = JSON.parse(readFileSync(join(root.dir, "test.tfstate"), "utf8")) as {
    resources: { type: string; instances: { attributes: Record<string, unknown> }[] }[];
  };
  return file.resources.flatMap(({ type, instances }) =>
    instances.map(({ attributes }) => ({ type, attributes })),
  );
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Each thing in the values that nobody may see, by itself, so that no escaping hides it. */
function secretParts(values: readonly string[]): string[] {
  const parts = values.flatMap((value) => {
    if (!value.startsWith("{")) return [value.replace("base64:", "")];
    const { username: _, ...rest } = JSON.parse(value) as Record<string, string>;
    return Object.values(rest);
  });
  return [...new Set(parts)];
}
