import { execFileSync } from "node:child_process";
import {
  RELAY_RULES,
  type Relay,
  type RelayOptions,
  type RelayRule,
  startRelay,
} from "@telemedicina/cli/relay/index";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./relay-root.js";
import {
  ACCOUNT,
  type Components,
  findComponents,
  type Moto,
  REGION,
  Root,
  startMoto,
  until,
} from "./relay-support.js";

const components = findComponents();

const CLOUDFRONT: readonly RelayRule[] = [
  "aws_cloudfront_cache_policy",
  "aws_cloudfront_response_headers_policy",
].map((type) => ({ type, mode: "simulate", reason: "not emulated", moto: "5.2.1" }));

const REAL = {
  aws_ebs_encryption_by_default: 1,
  aws_ecr_registry_scanning_configuration: 1,
  aws_secretsmanager_secret: 1,
  aws_secretsmanager_secret_version: 1,
  aws_security_group: 2,
  aws_vpc: 2,
};
const ECHOED = { aws_vpc_security_group_ingress_rule: 1 };
const SIMULATED = { aws_cloudfront_cache_policy: 1, aws_cloudfront_response_headers_policy: 1 };

describe.skipIf(!components)("the relay between Terraform and the AWS provider", () => {
  let moto: Moto;
  let relay: Relay;
  let root: Root;
  const parts = () => components as Components;

  beforeAll(async () => {
    moto = await startMoto(parts());
  });
  afterAll(() => moto?.stop());
  afterEach(async () => {
    await relay?.close();
    root?.remove();
    expect(providersOf(process.pid)).toEqual([]);
    await fetch(`${moto.url}/moto-api/reset`, { method: "POST" });
  });

  async function open(main: string, options: Partial<RelayOptions> = {}): Promise<void> {
    relay = await startRelay({
      providerBinary: parts().provider,
      providerEnv: moto.providerEnv,
      rules: [...RELAY_RULES, ...CLOUDFRONT],
      accountId: ACCOUNT,
      region: REGION,
      ...options,
    });
    root = new Root(parts(), relay.reattach, { "main.tf": main });
    await succeeds("init");
  }

  async function succeeds(...args: string[]): Promise<string> {
    const { exitCode, output } = await root.run(...args);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${exitCode}\n${output}`);
    return output;
  }

  async function outputs(): Promise<Record<string, unknown>> {
    const json = JSON.parse(await succeeds("output", "-json")) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(json).map(([name, { value }]) => [name, value]));
  }

  it("applies, plans again without a change, destroys, and finds the emulator empty", async () => {
    const empty = [await vpcs(moto.url, "us-east-1"), await vpcs(moto.url, "us-west-2")];
    await open(ROOT);
    expect(await succeeds("apply", "-auto-approve")).toContain("Apply complete! Resources: 11 added");
    expect(relay.stats()).toMatchObject({ emulated: REAL, echoed: ECHOED, simulated: SIMULATED });
    // With -detailed-exitcode a change would be exit code 2.
    expect(await succeeds("plan", "-detailed-exitcode")).toContain("No changes.");
    const values = await outputs();
    expect(values).toEqual({
      cache_policy_arn: expect.stringMatching(`^arn:aws:cloudfront::${ACCOUNT}:cache-policy/[0-9a-f-]{36}$`),
      dr_vpc_arn: expect.stringMatching(`^arn:aws:ec2:us-west-2:${ACCOUNT}:vpc/vpc-[0-9a-f]{17}$`),
      rule_description: "PostgreSQL from the web servers",
      vpc_arn: expect.stringMatching(`^arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/vpc-[0-9a-f]{17}$`),
    });
    const state = JSON.parse(await succeeds("state", "pull")) as {
      resources: { type: string; instances: { attributes: Record<string, unknown> }[] }[];
    };
    const version = state.resources.find(({ type }) => type === "aws_secretsmanager_secret_version");
    expect(version?.instances[0]?.attributes).toMatchObject({
      secret_string_wo: null,
      secret_string_wo_version: 1,
    });

    const before = await relay.leftovers();
    expect(before.map(({ type, what }) => `${type} ${what}`)).toEqual(
      Object.entries({ ...REAL, ...ECHOED, ...SIMULATED })
        .flatMap(([type, count]) => Array<string>(count).fill(`${type} not deleted`))
        .sort(),
    );

    expect(await succeeds("destroy", "-auto-approve")).toContain("Destroy complete! Resources: 11 destroyed");
    expect(relay.stats().deleted).toEqual({ emulated: REAL, echoed: ECHOED, simulated: SIMULATED });
    expect(await relay.leftovers()).toEqual([]);
    // Asked without the provider, in case it were wrong about what is gone.
    expect([await vpcs(moto.url, "us-east-1"), await vpcs(moto.url, "us-west-2")]).toEqual(empty);
  });

  it("names what was deleted behind a simulation and is still on the emulator", async () => {
    await open(VPC);
    await succeeds("apply", "-auto-approve");
    relay.setSimulateAll(true);
    await succeeds("destroy", "-auto-approve");
    expect(await relay.leftovers()).toEqual([
      {
        type: "aws_vpc",
        id: expect.stringMatching(/^vpc-/),
        treatment: "emulated",
        what: "not deleted",
        detail: "it was created and nobody deleted it",
      },
    ]);
  });

  it("takes the same root through with every resource simulated but its secret, and gives it the same values each time", async () => {
    const seen: unknown[] = [];
    for (const run of [1, 2]) {
      await open(ROOT, { simulateAll: true });
      const before = await vpcs(moto.url, REGION);
      await succeeds("apply", "-auto-approve");
      expect(relay.stats()).toMatchObject({
        emulated: SECRETS,
        echoed: {},
        simulated: { ...withoutSecrets(REAL), ...ECHOED, ...SIMULATED },
      });
      expect(await succeeds("plan", "-detailed-exitcode")).toContain("No changes.");
      expect(await vpcs(moto.url, REGION)).toEqual(before);
      seen.push(await outputs());
      expect(await relay.leftovers()).toHaveLength(11);
      await succeeds("destroy", "-auto-approve");
      expect(await relay.leftovers()).toEqual([]);
      if (run === 1) {
        await relay.close();
        root.remove();
      }
    }
    expect(seen[0]).toMatchObject({
      dr_vpc_arn: expect.stringMatching(`^arn:aws:ec2:us-west-2:${ACCOUNT}:vpc/vpc-`),
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  it("says what happened when a provider is killed during an apply, and goes on with the next command", async () => {
    await open(QUEUE);
    const running = root.start("apply", "-auto-approve", "-no-color");
    // The provider waits 25 s after it has created a queue.
    await until("the queue", async () => (await queues(moto.url)).length > 0);
    const killed = providersOf(process.pid);
    expect(killed.length).toBeGreaterThan(0);
    for (const pid of killed) process.kill(pid, "SIGKILL");
    const { exitCode, all } = await running;
    expect(exitCode).toBe(1);
    // Terraform breaks lines where it likes.
    const text = (all ?? "").replace(/[│\s]+/g, " ");
    expect(text).toMatch(
      new RegExp(
        `Relay: the AWS provider process (${killed.join("|")}) was ended by SIGKILL during ApplyResourceChange\\. ` +
          "last lines of its log: .* do: run the command again, a new connection gets a new process\\.",
      ),
    );
    expect(await succeeds("apply", "-auto-approve")).toContain("Apply complete!");
    await succeeds("destroy", "-auto-approve");
    expect(await relay.leftovers()).toEqual([]);
  });
});

const PROVIDERS = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
}
`;
const VPC = `${PROVIDERS}
resource "aws_vpc" "main" {
  cidr_block = "10.30.0.0/16"
}
`;
const QUEUE = `${PROVIDERS}
resource "aws_sqs_queue" "main" {
  name = "jobs"
}
`;

/** The provider processes that are children of `parent`. */
function providersOf(parent: number): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="])
    .toString()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, command]) => Number(ppid) === parent && command?.includes("terraform-provider-aws"))
    .map(([pid]) => Number(pid));
}

/** The VPCs of a region, the default one among them. */
async function vpcs(url: string, region: string): Promise<string[]> {
  const credential = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ec2/aws4_request`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `${credential}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ Action: "DescribeVpcs", Version: "2016-11-15" }),
  });
  return [...(await answer.text()).matchAll(/<vpcId>(.*?)<\/vpcId>/g)]
    .map((match) => String(match[1]))
    .sort();
}

async function queues(url: string): Promise<readonly unknown[]> {
  const data = (await (await fetch(`${url}/moto-api/data.json`)).json()) as { sqs?: { Queue?: unknown[] } };
  return data.sqs?.Queue ?? [];
}

/** What stays real when all else is simulated: others read the secret itself. */
const SECRETS = { aws_secretsmanager_secret: 1, aws_secretsmanager_secret_version: 1 };

function withoutSecrets(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([type]) => !(type in SECRETS)));
}
