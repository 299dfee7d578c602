import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { type Emulator, startEmulator } from "@telemedicina/cli/emulator/emulator";
import { isolatedEnvironment } from "@telemedicina/cli/emulator/environment";
import { findMoto, onPath } from "@telemedicina/cli/emulator/moto";
import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import {
  blueGreenProgram,
  blueGreenSettings,
  type Colour,
  type Exposure,
  Fleet,
  type FleetTarget,
  fleetNames,
  HostRole,
  LoadBalancer,
} from "@telemedicina/compute";
import { mandatoryTags, type NameScope } from "@telemedicina/core";
import { synthStack } from "@telemedicina/core/testing";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { execa } from "execa";
import { ACCOUNT, type Components, findComponents, REGION, Root } from "./relay-support.js";

const names: NameScope = { project: "telemedicina", environment: "development", region: REGION };
const APPLICATION = "telemedicina";
const RELEASES = "releases";

/** Group of hosts of each colour. */
const groups: Readonly<Record<Colour, string>> = {
  blue: fleetNames(names, "web").group,
  green: fleetNames(names, "web-green").group,
};

interface StackOptions {
  readonly strategy: "rolling" | "blueGreen";
  /** Where the weights stand: in a rule, as in production, or in the listener itself. */
  readonly exposure: "cloudfront" | "internet";
}

/** A load balancer and its fleets as the app stack makes them, with the settings of the program as an output. */
export function stackOf(options: StackOptions): string {
  const { document } = synthStack((stack) => application(stack, options), REGION);
  return JSON.stringify(document);
}

function application(stack: TerraformStack, { strategy, exposure }: StackOptions): void {
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.40.0.0/16" });
  const subnetIds = ["a", "b"].map(
    (zone, index) =>
      new Subnet(stack, zone, {
        vpcId: vpc.id,
        cidrBlock: `10.40.${index}.0/24`,
        availabilityZone: `${REGION}${zone}`,
      }).id,
  );
  const security = new SecurityGroup(stack, "security", { name: "hosts", vpcId: vpc.id });
  const logs = new S3Bucket(stack, "logs", { bucket: "load-balancer-logs", forceDestroy: true });
  const certificate = new AcmCertificate(stack, "acm", {
    domainName: "origin.example.com",
    validationMethod: "DNS",
  });
  const balancer = new LoadBalancer(stack, "balancer", {
    names,
    vpcId: vpc.id,
    subnetIds,
    securityGroupIds: [security.id],
    exposure: exposureOf(stack, exposure),
    certificate: { from: "arn", arn: certificate.arn },
    accessLogs: { bucketName: logs.bucket },
    connectionLogs: { bucketName: logs.bucket },
    deletionProtection: { on: false, reason: "A test" },
    blueGreen: strategy === "blueGreen",
  });
  const role = new HostRole(stack, "hosts", {
    names,
    accountId: ACCOUNT,
    groupNames: Object.values(groups),
    logGroupArns: [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:hosts`],
  });
  const fleet = (qualifier: string, target: FleetTarget, colour?: Colour) =>
    new Fleet(stack, qualifier, {
      names,
      qualifier,
      tags: mandatoryTags({
        owner: "platform@example.com",
        environment: names.environment,
        costCenter: "it",
        project: names.project,
      }),
      subnetIds,
      securityGroupIds: [security.id],
      instanceProfileName: role.instanceProfileName,
      image: { kind: "ami", id: "ami-12c6146b" },
      userData: "#cloud-config\n",
      minSize: 2,
      desiredSize: 3,
      maxSize: 6,
      scaling: { kind: "steps" },
      target,
      colour,
    });
  if (balancer.greenTarget === undefined) {
    fleet("web", balancer.target);
    return;
  }
  const blue = fleet("web", balancer.target, "blue");
  const green = fleet("web-green", balancer.greenTarget, "green");
  const settings = blueGreenSettings({
    region: REGION,
    forwardArn: balancer.forwardArn,
    application: APPLICATION,
    colours: {
      blue: { target: balancer.target, group: blue.names.group, deploymentGroup: "blue" },
      green: { target: balancer.greenTarget, group: green.names.group, deploymentGroup: "green" },
    },
    minSize: 2,
  });
  new TerraformOutput(stack, "blue-green", { staticId: true, value: JSON.stringify(settings) });
}

function exposureOf(stack: TerraformStack, kind: StackOptions["exposure"]): Exposure {
  if (kind === "internet") return { kind, reason: "A test" };
  const secretArn = (id: string): string => {
    const secret = new SecretsmanagerSecret(stack, id, {
      name: `origin-header-${id}`,
      recoveryWindowInDays: 0,
    });
    return new SecretsmanagerSecretVersion(stack, `${id}-value`, {
      secretId: secret.id,
      secretString: `value-${id}`,
    }).arn;
  };
  return {
    kind,
    originHeader: { name: "X-Origin-Verify", secretArns: [secretArn("header-a"), secretArn("header-b")] },
  };
}

/** What the emulator forgets of a group (as the relay's list says), so that every plan sets it again. */
const FORGOTTEN = [
  "default_instance_warmup",
  "max_instance_lifetime",
  "availability_zone_distribution",
  "instance_maintenance_policy",
  // Not forgotten, but no longer known while anything else of the group is to be set.
  "capacity_reservation_specification",
];

export function findBlueGreenComponents(): Components | undefined {
  const components = findComponents();
  if (components === undefined || onPath("aws", process.env) !== undefined) return components;
  if (process.env["REQUIRE_COMPONENTS"] === "1")
    throw new Error("blue/green: no aws on PATH; REQUIRE_COMPONENTS=1 demands it.");
  process.stderr.write("SKIPPED blue/green: no aws on PATH\n");
  return undefined;
}

interface Change {
  readonly type: string;
  readonly actions: readonly string[];
  /** Names of what differs. */
  readonly attributes: readonly string[];
}

/** What is done while the program runs, as soon as it has said something. */
interface Meanwhile {
  readonly at: string;
  readonly act?: () => Promise<unknown>;
  readonly signal?: "SIGTERM" | "SIGKILL";
}

/** The interpreter itself: what stands for it in PATH may put a PATH of its own before ours. */
async function python(): Promise<string> {
  const { stdout } = await execa("python3", ["-c", "import sys; print(sys.executable)"]);
  return stdout;
}

/** An emulated account with a stack in it, and the program beside it as an operator has it. */
export class Site {
  /** Whatever the program has said. */
  everything = "";

  private constructor(
    private readonly directory: string,
    private readonly emulator: Emulator,
    private readonly relay: Relay,
    readonly root: Root,
    readonly account: Account,
  ) {}

  static async start(components: Components, stack: string): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), "blue-green-"));
    const moto = await findMoto({ env: process.env, venvDirectory: join(directory, "venv"), say: () => {} });
    const emulator = await startEmulator({ moto, directory, accountId: ACCOUNT, region: REGION });
    writeFileSync(join(directory, "empty"), "");
    writeFileSync(join(directory, "blue-green.py"), blueGreenProgram());
    const relay = await startRelay({
      providerBinary: components.provider,
      providerEnv: environmentOf(emulator, directory),
      // Groups are read from the emulator: their size there is what this is about.
      rules: RELAY_RULES.filter(({ type }) => type !== "aws_autoscaling_group"),
      accountId: ACCOUNT,
      region: REGION,
    });
    const root = new Root(components, relay.reattach, { "cdk.tf.json": stack });
    const site = new Site(directory, emulator, relay, root, new Account(emulator.port));
    await site.terraform("init");
    await site.apply();
    return site;
  }

  async end(): Promise<void> {
    await this.relay.close();
    await this.emulator.end();
    this.root.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async apply(): Promise<void> {
    await this.terraform("apply", "-auto-approve", "-no-color");
  }

  /** What the next apply would change, but for what the emulator forgets. */
  async plan(): Promise<readonly Change[]> {
    await this.terraform("plan", "-no-color", "-out", "plan");
    const { resource_changes: changes } = JSON.parse(await this.terraform("show", "-json", "plan")) as {
      resource_changes: readonly PlannedChange[];
    };
    return changes
      .filter(({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read")
      .map(({ type, change }) => ({ type, actions: change.actions, attributes: differences(change) }))
      .map((change) =>
        change.type === "aws_autoscaling_group"
          ? { ...change, attributes: change.attributes.filter((name) => !FORGOTTEN.includes(name)) }
          : change,
      )
      .filter(({ actions, attributes }) => actions.join() !== "update" || attributes.length > 0)
      .sort((one, other) => one.type.localeCompare(other.type));
  }

  /** What a pipeline has beforehand: CodeDeploy's groups (which the relay's list keeps out of the emulator) and releases in S3. */
  async prepareReleases(...keys: readonly string[]): Promise<void> {
    writeFileSync(
      join(this.directory, "settings.json"),
      settingsFrom(await this.terraform("output", "-json", "blue-green")),
    );
    await this.account.codeDeploy("CreateApplication", {
      applicationName: APPLICATION,
      computePlatform: "Server",
    });
    for (const colour of ["blue", "green"] as const) {
      await this.account.codeDeploy("CreateDeploymentGroup", {
        applicationName: APPLICATION,
        deploymentGroupName: colour,
        autoScalingGroups: [groups[colour]],
        serviceRoleArn: `arn:aws:iam::${ACCOUNT}:role/codedeploy`,
      });
    }
    await this.account.putReleases(keys);
  }

  deploy(key: string, ...rest: readonly (string | Meanwhile)[]): Promise<Ended> {
    return this.run("deploy", "--bucket", RELEASES, "--key", key, ...rest);
  }

  /** As CodeDeploy does while it deploys to hosts that have just started: the emulator's is always ready. */
  refuseNextDeployment(): void {
    this.standBefore("aws", [
      'case "$*" in *create-deployment*)',
      '  rm -- "$0"',
      "  echo 'An error occurred (DeploymentLimitExceededException): it has an active deployment' >&2",
      "  exit 254 ;;",
      "esac",
      'PATH=${PATH#*:} exec aws "$@"',
    ]);
  }

  /** As CodeDeploy says it: a success, since another host has the release. The emulator's has no hosts. */
  failOnOneHost(): void {
    this.standBefore("aws", [
      "PATH=${PATH#*:}",
      'case "$*" in *"get-deployment "*)',
      '  rm -- "$0"',
      // The last of two equal keys would count.
      `  aws "$@" | sed 's/"deploymentOverview":/"deploymentOverview": {"Succeeded": 1, "Failed": 2}, "emulators":/'`,
      "  exit ;;",
      "esac",
      'exec aws "$@"',
    ]);
  }

  /** A program that is found before the real one of its name, which is in the rest of the path. */
  private standBefore(name: string, lines: readonly string[]): void {
    const bin = join(this.directory, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  }

  /** The account is gone. */
  vanish(): Promise<void> {
    return this.emulator.end();
  }

  /** With other settings, for once. */
  async runWith(settings: unknown, command: string): Promise<Ended> {
    writeFileSync(join(this.directory, "other.json"), JSON.stringify(settings));
    return this.run(command, "--settings", "other.json");
  }

  /** The program with a command, to its end. */
  async run(command: string, ...rest: readonly (string | Meanwhile)[]): Promise<Ended> {
    const flags = rest.filter((one) => typeof one === "string");
    const [meanwhile] = rest.filter((one) => typeof one !== "string");
    const child = execa(await python(), ["blue-green.py", command, "--settings", "settings.json", ...flags], {
      cwd: this.directory,
      env: this.environment(),
      extendEnv: false,
      all: true,
      reject: false,
      // It ends in its own time: on a busy machine asking the emulator where it stands takes longer than five seconds.
      forceKillAfterDelay: false,
    });
    let acted: Promise<unknown> | undefined;
    let said = "";
    child.all?.on("data", (data: Buffer) => {
      said += data.toString();
      if (meanwhile === undefined || acted !== undefined || !said.includes(meanwhile.at)) return;
      if (meanwhile.signal !== undefined) child.kill(meanwhile.signal);
      acted = meanwhile.act?.() ?? Promise.resolve();
    });
    const { exitCode = -1, all: output = "" } = await child;
    await acted;
    this.everything += output;
    return { exitCode, output };
  }

  private environment(): Record<string, string> {
    const environment = environmentOf(this.emulator, this.directory);
    return { ...environment, PATH: `${join(this.directory, "bin")}:${environment["PATH"]}` };
  }

  /** What a run did, without times and waits. */
  story(output: string): readonly string[] {
    return output
      .split("\n")
      .map((line) => line.replace(/^\S+ /, ""))
      .filter((line) => /(grows to|its release|healthy|of the traffic|serves alone)\.?/.test(line));
  }

  private async terraform(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.root.run(...args);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${exitCode}: ${output}`);
    return output;
  }
}

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

interface PlannedChange {
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

function differences({ before, after, after_unknown: unknown }: PlannedChange["change"]): readonly string[] {
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...keys].filter(
    (key) => unknown[key] === true || JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  );
}

/** The settings as the state holds them, with the waits of a test. */
function settingsFrom(output: string): string {
  const settings = JSON.parse(JSON.parse(output) as string) as Record<string, unknown>;
  const waits = {
    pauseSeconds: 2,
    pollSeconds: 1,
    scaleSeconds: 20,
    steadySeconds: 1,
    healthSeconds: 20,
    settleSeconds: 4,
  };
  return JSON.stringify({ ...settings, ...waits });
}

function environmentOf(emulator: Emulator, directory: string): Record<string, string> {
  return isolatedEnvironment(process.env, emulator.port, REGION, join(directory, "empty"));
}

/** The emulated account, asked past the program. */
class Account {
  constructor(private readonly port: number) {}

  /** What a group is told to be, and whether it is told to end. */
  async group(
    colour: Colour,
  ): Promise<{ readonly min: number; readonly desired: number; readonly ends: boolean }> {
    const text = await this.describeGroup(colour);
    const number = (element: string) => Number(new RegExp(`<${element}>(\\d+)<`).exec(text)?.[1]);
    const scheduled = await this.query("autoscaling", "2011-01-01", {
      Action: "DescribeScheduledActions",
      AutoScalingGroupName: groups[colour],
    });
    return {
      min: number("MinSize"),
      desired: number("DesiredCapacity"),
      ends: scheduled.includes("<StartTime>"),
    };
  }

  /** What Auto Scaling does not do for a group. */
  async suspended(colour: Colour): Promise<readonly string[]> {
    const text = await this.describeGroup(colour);
    return [...text.matchAll(/<ProcessName>([^<]+)</g)].map(([, name = ""]) => name).sort();
  }

  async hosts(colour: Colour): Promise<readonly string[]> {
    const text = await this.describeGroup(colour);
    return [...text.matchAll(/<InstanceId>([^<]+)</g)].map(([, id = ""]) => id).sort();
  }

  /** By the name of the target group: of whichever rule or default action forwards to two. */
  async weights(): Promise<Readonly<Record<Colour, number>>> {
    const version = "2015-12-01";
    const balancers = await this.query("elasticloadbalancing", version, { Action: "DescribeLoadBalancers" });
    const [, balancer = ""] = /<LoadBalancerArn>([^<]+)</.exec(balancers) ?? [];
    const listeners = await this.query("elasticloadbalancing", version, {
      Action: "DescribeListeners",
      LoadBalancerArn: balancer,
    });
    const arns = [...listeners.matchAll(/<ListenerArn>([^<]+)</g)].map(([, arn = ""]) => arn);
    const rules = await Promise.all(
      arns.map((ListenerArn) =>
        this.query("elasticloadbalancing", version, { Action: "DescribeRules", ListenerArn }),
      ),
    );
    const text = [listeners, ...rules].join("");
    const green = /targetgroup\/telemedicina-842cde07-/;
    const found = [
      ...text.matchAll(/<member>\s*((?:(?!<member>)[\s\S])*?<Weight>(\d+)<[\s\S]*?)<\/member>/g),
    ].map(([, block = "", weight]) => [green.test(block) ? "green" : "blue", Number(weight)] as const);
    return Object.fromEntries(found) as Record<Colour, number>;
  }

  ring(alarm: string, state: "ALARM" | "OK" | "INSUFFICIENT_DATA"): Promise<string> {
    return this.query("monitoring", "2010-08-01", {
      Action: "SetAlarmState",
      AlarmName: alarm,
      StateValue: state,
      StateReason: "The test says so",
    });
  }

  async codeDeploy(operation: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    await this.send("codedeploy", "/", {
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `CodeDeploy_20141006.${operation}`,
      },
      body: JSON.stringify(input),
    });
  }

  async putReleases(keys: readonly string[]): Promise<void> {
    await this.send("s3", `/${RELEASES}`, { method: "PUT" });
    for (const key of keys)
      await this.send("s3", `/${RELEASES}/${key}`, { method: "PUT", body: "a release" });
  }

  private describeGroup(colour: Colour): Promise<string> {
    return this.query("autoscaling", "2011-01-01", {
      Action: "DescribeAutoScalingGroups",
      "AutoScalingGroupNames.member.1": groups[colour],
    });
  }

  private query(service: string, version: string, input: Readonly<Record<string, string>>): Promise<string> {
    return this.send(service, "/", {
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ Version: version, ...input }).toString(),
    });
  }

  private async send(service: string, path: string, init: RequestInit): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: "POST",
      ...init,
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service}: ${response.status} ${text}`);
    return text;
  }
}
