import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@telemedicina/cli/emulator/emulator";
import { isolatedEnvironment } from "@telemedicina/cli/emulator/environment";
import { findMoto } from "@telemedicina/cli/emulator/moto";
import { RELAY_RULES, type Relay, startRelay } from "@telemedicina/cli/relay/index";
import { Terraform } from "@telemedicina/cli/terraform/terraform";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ec2, elements } from "./rehearse-support.js";
import { ACCOUNT, type Components, findComponents, REGION, until } from "./relay-support.js";

const components = findComponents();

const BACKEND = {
  bucket: "state",
  key: "telemedicina/development/network.tfstate",
  region: REGION,
  use_lockfile: true,
};

/** The address comes at once; the VPC with DNS host names keeps the provider waiting for 10 s. */
const STACK = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws" } }, backend: { s3: BACKEND } },
  provider: { aws: { region: REGION, allowed_account_ids: [ACCOUNT] } },
  resource: {
    aws_eip: { nat: { domain: "vpc" } },
    aws_vpc: { main: { cidr_block: "10.0.0.0/16", enable_dns_hostnames: true, tags: { Name: "slow" } } },
  },
};

describe.skipIf(!components)("the lock of a stack's state", () => {
  let directory: string;
  let emulator: Emulator;
  let relay: Relay;
  let env: Record<string, string>;

  beforeEach(async () => {
    const { provider } = components as Components;
    directory = mkdtempSync(join(tmpdir(), "lock-test-"));
    const say = (text: string) => process.stderr.write(`${text}\n`);
    const moto = await findMoto({ env: process.env, venvDirectory: join(directory, "venv"), say });
    emulator = await startEmulator({ moto, directory, accountId: ACCOUNT, region: REGION });
    const empty = join(directory, "empty");
    writeFileSync(empty, "");
    env = { ...isolatedEnvironment(process.env, emulator.port, REGION, empty), TF_CLI_CONFIG_FILE: empty };
    const where = { accountId: ACCOUNT, region: REGION };
    relay = await startRelay({ providerBinary: provider, providerEnv: env, rules: RELAY_RULES, ...where });
    env["TF_REATTACH_PROVIDERS"] = relay.reattach;
    const made = await fetch(`http://127.0.0.1:${emulator.port}/state`, {
      method: "PUT",
      headers: signed("s3"),
    });
    expect(made.ok).toBe(true);
  });
  afterEach(async () => {
    await relay?.close();
    await emulator?.end();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A checkout of the stack, as each of two operators has one. */
  function checkout(name: string): Terraform {
    const own = join(directory, name);
    mkdirSync(own);
    writeFileSync(join(own, "cdk.tf.json"), JSON.stringify(STACK));
    // Notes its process number, so that the test can kill Terraform and nothing else.
    const binary = join(own, "terraform");
    writeFileSync(
      binary,
      `#!/bin/sh\necho $$ > ${own}/pid\nexec ${(components as Components).terraform} "$@"\n`,
      {
        mode: 0o755,
      },
    );
    return new Terraform({ binary, directory: own, stack: name, env, logFile: join(own, "log") });
  }

  async function vpcs(): Promise<string[]> {
    const filter = { "Filter.1.Name": "tag:Name", "Filter.1.Value.1": "slow" };
    return elements(await ec2(emulator.port, "DescribeVpcs", filter), "vpcId");
  }

  async function lockIsHeld(): Promise<boolean> {
    const file = `http://127.0.0.1:${emulator.port}/${BACKEND.bucket}/${BACKEND.key}.tflock`;
    return (await fetch(file, { headers: signed("s3") })).ok;
  }

  it("refuses the second of two applies at once, says who holds it, and loses nothing", async () => {
    const ana = checkout("ana");
    const ben = checkout("ben");
    await Promise.all([ana.init(), ben.init()]);
    const [anas, bens] = [await ana.plan("p.tfplan"), await ben.plan("p.tfplan")];

    const applied = ana.apply(anas);
    await until("ana's lock", lockIsHeld);
    const refused = await ben.apply(bens).catch((error: Error) => error.message);
    const done = await applied;

    expect(refused).toContain(
      "ben: terraform apply failed (exit code 1).\n\nError: Error acquiring the state lock\n",
    );
    expect(refused).toContain("StatusCode: 412");
    expect(refused).toMatch(
      new RegExp(
        [
          "Somebody holds the lock of this stack's state, so nothing was read or changed\\.",
          `  held by: \\S+@${hostname()}, OperationTypeApply since .+`,
          `  state: ${BACKEND.bucket}/${BACKEND.key}`,
          "  lock: [0-9a-f-]{36}",
        ].join("\n"),
      ),
    );
    expect(done.map(({ address }) => address).sort()).toEqual(["aws_eip.nat", "aws_vpc.main"]);
    expect(await lockIsHeld()).toBe(false);
    expect((await ben.stateAddresses()).toSorted()).toEqual(["aws_eip.nat", "aws_vpc.main"]);
    expect((await ben.plan("again.tfplan")).changes).toBe(false);
    expect(await vpcs()).toHaveLength(1);
    // What ben had planned is out of date, and Terraform sees it.
    await expect(ben.apply(bens)).rejects.toThrow("Saved plan is stale");
    expect(await vpcs()).toHaveLength(1);
  });

  it("says after a kill -9 in the middle of an apply what to do, and doing it works", async () => {
    const ana = checkout("ana");
    await ana.init();
    const applying = ana.apply(await ana.plan("p.tfplan")).then(
      () => "",
      (error: Error) => error.message,
    );
    const log = join(ana.directory, "log");
    await until(
      "the address",
      () => existsSync(log) && /"type":"apply_complete".*/.test(readFileSync(log, "utf8")),
    );
    await until("the VPC", async () => (await vpcs()).length === 1);
    process.kill(Number(readFileSync(join(ana.directory, "pid"), "utf8")), "SIGKILL");

    const cutOff = await applying;
    const terraform = `${ana.directory}/terraform -chdir=${ana.directory}`;
    expect(cutOff).toContain("ana: terraform apply was ended by SIGKILL.");
    expect(cutOff).toContain("These resources exist and are not in the state. Take each into the state:\n");
    expect(cutOff).toContain(`  ${terraform} import 'aws_eip.nat' 'eipalloc-`);
    expect(cutOff).toContain("These were being made; whether they exist nobody knows.");
    expect(cutOff).toContain("  aws_vpc.main (aws_vpc)\n");

    const next = await ana.plan("next.tfplan").then(
      () => "",
      (error: Error) => error.message,
    );
    expect(next).toContain(
      "If it is dead (killed, machine lost), first make sure that no process of it is left, then:",
    );

    await run(commandIn(next, "force-unlock"));
    await run(commandIn(cutOff, "import 'aws_eip.nat'"));
    const [vpc = ""] = await vpcs();
    await run(`${terraform} import 'aws_vpc.main' '${vpc}'`);
    const after = await ana.plan("after.tfplan");
    expect(after.changes ? await ana.changesOf(after) : []).toEqual([]);
    expect(await vpcs()).toEqual([vpc]);
    expect(elements(await ec2(emulator.port, "DescribeAddresses"), "allocationId")).toHaveLength(1);
  });

  /** The command as the operator would copy it. */
  function commandIn(message: string, part: string): string {
    const line = message.split("\n").find((candidate) => candidate.includes(` ${part}`));
    expect(line, message).toBeDefined();
    return (line as string).trim();
  }

  async function run(command: string): Promise<void> {
    const { exitCode, all } = await execa("sh", ["-c", command], {
      env,
      extendEnv: false,
      all: true,
      reject: false,
    });
    expect(exitCode, `${command}\n${all}`).toBe(0);
  }
});

function signed(service: string): Record<string, string> {
  const scope = `rehearsal/20260101/${REGION}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=x` };
}
