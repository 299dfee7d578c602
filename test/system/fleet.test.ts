import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { Fleet, fleetNames, HostRole } from "@telemedicina/compute";
import { mandatoryTags, type NameScope } from "@telemedicina/core";
import { synthStack } from "@telemedicina/core/testing";
import { hostLogs, type LaravelHostProps, laravelHost } from "@telemedicina/host";
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

const components = findComponents();

const names: NameScope = { project: "telemedicina", environment: "development", region: REGION };
const { group, launchHook, terminateHook } = fleetNames(names, "web");

/** What the hosts run, as the app stack renders it. */
const { userData } = laravelHost({
  distribution: "amazonLinux2023",
  roles: ["web", "worker", "scheduler"],
  region: REGION,
  environment: "development",
  contractParameter: "/telemedicina/development/application",
  autoScaling: { groupName: group, launchHook, terminateHook },
  vpcCidr: "10.40.0.0/16",
  memoryMiB: 4096,
  logGroupNames: Object.fromEntries(
    Object.keys(hostLogs).map((stream) => [stream, `telemedicina-${stream}`]),
  ) as LaravelHostProps["logGroupNames"],
  queueName: "default",
  dataVolumeGiB: 100,
});

interface Change {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>>;
    readonly after: Readonly<Record<string, unknown>>;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

describe.skipIf(!components)("a fleet with the real Terraform and provider", () => {
  let moto: Moto;
  let relay: Relay;
  let root: Root;

  beforeAll(async () => {
    const parts = components as Components;
    moto = await startMoto(parts);
    relay = await startRelay({
      providerBinary: parts.provider,
      providerEnv: moto.providerEnv,
      // The group is read from the emulator: its size there is what this is about.
      rules: RELAY_RULES.filter(({ type }) => type !== "aws_autoscaling_group"),
      accountId: ACCOUNT,
      region: REGION,
    });
    root = new Root(parts, relay.reattach, { "cdk.tf.json": stackOf(userData) });
    expect(await root.run("init")).toMatchObject({ exitCode: 0 });
    const { exitCode, output } = await root.run("apply", "-auto-approve", "-no-color");
    expect(exitCode, output).toBe(0);
  });

  afterAll(async () => {
    await relay?.close();
    await moto?.stop();
    root?.remove();
  });

  async function plan(): Promise<readonly Change[]> {
    const { exitCode, output } = await root.run("plan", "-no-color", "-out", "plan");
    expect(exitCode, output).toBe(0);
    const shown = await root.run("show", "-json", "plan");
    const { resource_changes: changes } = JSON.parse(shown.output) as { resource_changes: readonly Change[] };
    return changes.filter(({ change }) => change.actions.join() !== "no-op");
  }

  async function autoScaling(action: string, input: Record<string, string>): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: "2011-01-01", ...input });
    const response = await fetch(moto.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/autoscaling/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body,
    });
    expect(response.status).toBe(200);
    return response.text();
  }

  it("CMP-06: hands EC2 the host byte for byte, as Terraform compresses it", async () => {
    const pulled = await root.run("state", "pull");
    const { resources } = JSON.parse(pulled.output) as {
      resources: { type: string; instances: { attributes: { user_data: string } }[] }[];
    };
    const template = resources.find(({ type }) => type === "aws_launch_template");
    const bytes = Buffer.from(template?.instances[0]?.attributes.user_data ?? "", "base64");
    expect(bytes.length).toBeLessThan(16_384);
    expect(gunzipSync(bytes).toString()).toBe(userData);
  });

  it("ASG-01: a size that scaling has chosen is not set back by the next plan", async () => {
    await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: group, DesiredCapacity: "3" });
    expect(await autoScaling("DescribeAutoScalingGroups", {})).toContain(
      "<DesiredCapacity>3</DesiredCapacity>",
    );

    const changes = await plan();
    const fleet = changes.find(({ type }) => type === "aws_autoscaling_group");
    // The emulator forgets other things of the group, so there is a change of it to look at.
    expect(fleet?.change.before["desired_capacity"]).toBe(3);
    expect(fleet?.change.after["desired_capacity"]).toBe(3);
  });

  it("a changed line of nginx makes a new version of the template, and the group goes over to it by a refresh", async () => {
    const line = "server_tokens off;";
    expect(userData.split(line)).toHaveLength(2);
    writeFileSync(join(root.dir, "cdk.tf.json"), stackOf(userData.replace(line, "server_tokens build;")));

    const changes = await plan();
    const template = changes.find(({ type }) => type === "aws_launch_template");
    expect(template?.change.actions).toEqual(["update"]);
    expect(template?.change.after["user_data"]).not.toBe(template?.change.before["user_data"]);
    expect(template?.change.after_unknown["latest_version"]).toBe(true);
    const fleet = changes.find(({ type }) => type === "aws_autoscaling_group");
    expect(fleet?.change.actions).toEqual(["update"]);
    // The provider starts a refresh when the template that the group names changes.
    expect(fleet?.change.after_unknown["launch_template"]).toEqual([{ version: true }]);
    expect(fleet?.change.after["instance_refresh"]).toMatchObject([{ strategy: "Rolling" }]);
  });
});

function stackOf(text: string): string {
  const { document } = synthStack((stack) => {
    const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.40.0.0/16" });
    const subnet = new Subnet(stack, "subnet", { vpcId: vpc.id, cidrBlock: "10.40.1.0/24" });
    const hosts = new SecurityGroup(stack, "group", { name: "hosts", vpcId: vpc.id });
    const role = new HostRole(stack, "hosts", {
      names,
      accountId: ACCOUNT,
      groupNames: [group],
      logGroupArns: [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:hosts`],
    });
    new Fleet(stack, "web", {
      names,
      qualifier: "web",
      tags: mandatoryTags({
        owner: "platform@example.com",
        environment: names.environment,
        costCenter: "it",
        project: names.project,
      }),
      subnetIds: [subnet.id],
      securityGroupIds: [hosts.id],
      instanceProfileName: role.instanceProfileName,
      image: { kind: "ami", id: "ami-12c6146b" },
      instanceTypes: ["t3.medium"],
      userData: text,
      minSize: 1,
      desiredSize: 1,
      maxSize: 4,
      scaling: { kind: "steps" },
    });
  }, REGION);
  return JSON.stringify(document);
}
