import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "@telemedicina/cli/rehearse/report";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { cli, elements, processesOf } from "./rehearse-support.js";
import { findComponents, until } from "./relay-support.js";

const components = findComponents();

const BUCKET = "telemedicina-dev-tfstate-111111111111-us-east-1";
const SECRETS = ["app-key", "database", "origin-header-a", "origin-header-b", "redis", "reverb", "turn"];
/** Its relay fills it, not Terraform. */
const WITHOUT_VALUE = ["turn-a-certificate"];

/** Where a secret stands in a state, by the record that says why. Nothing else may. */
const RECORDS: Readonly<Record<string, string>> = {
  redis: "0007-redis-token-in-state.md",
  "origin-header-a": "0010-ways-in.md",
  "origin-header-b": "0010-ways-in.md",
};

const EXCEPTIONS = [
  "app.tfstate: data aws_secretsmanager_secret_version load-balancer_listeners_origin-header-a secret_string",
  "app.tfstate: data aws_secretsmanager_secret_version load-balancer_listeners_origin-header-b secret_string",
  "app.tfstate: managed aws_lb_listener_rule load-balancer_listeners_from-cloudfront condition",
  "data.tfstate: data aws_secretsmanager_secret_version cache_auth-token secret_string",
  "data.tfstate: data aws_secretsmanager_secret_version cache_queue_auth-token secret_string",
  "data.tfstate: managed aws_elasticache_replication_group cache_queue_replication-group auth_token",
  "data.tfstate: managed aws_elasticache_replication_group cache_replication-group auth_token",
  "edge.tfstate: data aws_secretsmanager_secret_version cdn_origins_verification secret_string",
  "edge.tfstate: managed aws_cloudfront_distribution cdn_distribution origin",
];

/** The states that have one. CloudFront sends value A. */
const STATES_WITH: Readonly<Record<string, readonly string[]>> = {
  redis: ["data.tfstate"],
  "origin-header-a": ["app.tfstate", "edge.tfstate"],
  "origin-header-b": ["app.tfstate"],
};

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly sensitive_attributes?: readonly (readonly { readonly value: unknown }[])[];
  }[];
}

/** An object of the state bucket. */
interface StoredState {
  readonly key: string;
  readonly text: string;
}

describe.skipIf(!components)("the states of an environment and its secrets", () => {
  let directory: string;
  let work: string;
  let port: number;
  let emulator: number | undefined;
  let report: Report;
  let states: readonly StoredState[];
  /** Each value, and each part of a JSON one, by the name of the secret. */
  let parts: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "state-secrets-"));
    const file = join(directory, "report.json");
    port = await freePort();
    const run = cli([
      "rehearse",
      "development",
      "--quick",
      "--keep",
      "--port",
      String(port),
      "--report",
      file,
    ]);
    work = join(root, `.rehearsal/development-${run.pid}`);
    const { exitCode, all } = await run;
    emulator = pidOf(work);
    expect(exitCode, all).toBe(0);
    report = JSON.parse(readFileSync(file, "utf8")) as Report;
    states = await storedStates(port);
    parts = await secretParts(port);
  });

  afterAll(async () => {
    if (emulator !== undefined) {
      process.kill(emulator, "SIGTERM");
      await until("the emulator's end", () => processesOf(work).length === 0);
    }
    rmSync(work, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  });

  it("are all there: every stack has a state with all its resources, and every secret a value", () => {
    for (const { name, secondPlanChanges } of report.stacks) {
      expect(secondPlanChanges, name).toBe(0);
      const state = states.find(({ key }) => key === stateKey(name));
      const managed = resourcesOf(state).filter(({ mode }) => mode === "managed");
      expect(managed.length, name).toBeGreaterThan(10);
    }
    expect(report.stacks.map(({ name }) => name).sort()).toEqual([
      "development-app",
      "development-data",
      "development-delivery",
      "development-edge",
      "development-network",
      "development-security",
      "development-turn",
    ]);
    expect([...parts].filter(([, values]) => values.length === 0).map(([secret]) => secret)).toEqual(
      WITHOUT_VALUE,
    );
    // Whole values, a password beside the public name of the user, and Reverb's three.
    expect(
      [...parts]
        .map(([secret, { length }]) => [secret, length])
        .filter(([, length]) => length !== 0)
        .sort(),
    ).toEqual(SECRETS.map((secret) => [secret, secret === "reverb" ? 3 : 1]));
    for (const part of [...parts.values()].flat()) expect(part).toMatch(/^[A-Za-z0-9+/=]{12,}$/);
  });

  it("SEC-08: no state has a value or a part of one, but for what has no write-only argument", () => {
    for (const { key, text } of states) {
      for (const [secret, values] of parts) {
        const found = values.some((value) => text.includes(value));
        const area = key.split("/").at(-1) ?? "";
        const expected = (STATES_WITH[secret] ?? []).includes(area);
        expect(found, `${secret} in ${key}`).toBe(expected);
      }
    }
  });

  it("the exceptions are where the decision records say, marked as sensitive; once one is not needed it has to go", () => {
    const found = Object.entries(RECORDS).flatMap(([secret, file]) => {
      const record = readFileSync(join(root, "docs/adr", file), "utf8");
      return placesOf(states, parts.get(secret)?.[0] ?? "").map((place) => {
        const [, , type, , attribute] = place.split(" ");
        expect(record).toContain(`\`${type}.${attribute}\``);
        return place;
      });
    });
    expect([...new Set(found)].sort()).toEqual(EXCEPTIONS);
  });

  it("no value is in anything else that the run wrote: its JSON, its logs, its report", () => {
    const files = readdirSync(work, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.endsWith("cdk.tf.json"))).toBe(true);
    expect(files.some((file) => file.endsWith("development-data.log"))).toBe(true);
    const texts = [
      ...files.map((file) => [file, readFileSync(file, "latin1")]),
      ["report", JSON.stringify(report)],
    ];
    for (const [file, text = ""] of texts) {
      for (const [secret, values] of parts)
        expect(
          values.some((value) => text.includes(value)),
          `${secret} in ${file}`,
        ).toBe(false);
    }
  });
});

/** Attributes of the states that hold a value. Each has to be marked as sensitive. */
function placesOf(states: readonly StoredState[], value: string): string[] {
  return states.flatMap((state) =>
    resourcesOf(state).flatMap(({ mode, type, name, instances }) =>
      instances.flatMap(({ attributes, sensitive_attributes: sensitive = [] }) =>
        Object.entries(attributes)
          .filter(([, content]) => JSON.stringify(content ?? null).includes(value))
          .map(([attribute]) => {
            const marked = sensitive.some((path) => path[0]?.value === attribute);
            expect(marked, `${type}.${name} ${attribute} is marked as sensitive`).toBe(true);
            const file = state.key.split("/").at(-1);
            return `${file}: ${mode} ${type} ${name.replace(/_[0-9A-F]{8}$/, "")} ${attribute}`;
          }),
      ),
    ),
  );
}

function stateKey(stack: string): string {
  return `telemedicina/development/${stack.replace("development-", "")}.tfstate`;
}

function resourcesOf(state: StoredState | undefined): readonly StateResource[] {
  if (state === undefined) throw new Error("no such state in the bucket");
  return (JSON.parse(state.text) as { readonly resources: readonly StateResource[] }).resources;
}

/** Every version of every object of the state bucket. */
async function storedStates(port: number): Promise<StoredState[]> {
  const list = await (await ask(port, "s3", `${BUCKET}?versions`)).text();
  expect(list).toContain("<IsTruncated>false</IsTruncated>");
  const versions = [...list.matchAll(/<Version>.*?<\/Version>/gs)].map(([version]) => ({
    key: elements(version, "Key")[0] ?? "",
    id: elements(version, "VersionId")[0] ?? "",
  }));
  const read = versions.map(async ({ key, id }) => {
    const text = await (await ask(port, "s3", `${BUCKET}/${key}?versionId=${id}`)).text();
    return { key, text };
  });
  return Promise.all(read);
}

/** Every version of every secret, read from the emulator itself; the part of a JSON value that is public is left out. */
async function secretParts(port: number): Promise<Map<string, string[]>> {
  const { SecretList } = await secretsManager<{ SecretList: { Name: string }[] }>(port, "ListSecrets", {});
  const found = new Map<string, string[]>();
  for (const { Name: SecretId } of SecretList) {
    const { Versions } = await secretsManager<{ Versions: { VersionId: string }[] }>(
      port,
      "ListSecretVersionIds",
      { SecretId, IncludeDeprecated: true },
    );
    const values: string[] = [];
    for (const { VersionId } of Versions) {
      const { SecretString } = await secretsManager<{ SecretString: string }>(port, "GetSecretValue", {
        SecretId,
        VersionId,
      });
      values.push(...partsOf(SecretString));
    }
    found.set(SecretId.replace(/^telemedicina-dev-secret-(.*)-us-east-1$/, "$1"), values);
  }
  return found;
}

/** By themselves, so that no escaping hides them. */
function partsOf(value: string): string[] {
  if (!value.startsWith("{")) return [value.replace("base64:", "")];
  const { username: _public, ...secret } = JSON.parse(value) as Record<string, string>;
  return Object.values(secret);
}

async function secretsManager<Answer>(port: number, action: string, body: object): Promise<Answer> {
  const response = await ask(port, "secretsmanager", "", {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `secretsmanager.${action}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

/** Asks the emulator without the provider, in case that one were wrong about what is there. */
async function ask(port: number, service: string, path: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
    ...init,
    headers: { ...(init.headers as Record<string, string> | undefined), authorization },
  });
  if (!response.ok) throw new Error(`${service} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** Of the emulator that a run has started, if it came so far. */
function pidOf(work: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(work, "logs/emulator.json"), "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
