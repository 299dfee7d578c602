import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@telemedicina/cli/emulator/emulator";
import { findMoto, type Moto } from "@telemedicina/cli/emulator/moto";
import { portHolder } from "@telemedicina/cli/emulator/ports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ec2, elements, processesOf } from "./rehearse-support.js";
import { findComponents, until } from "./relay-support.js";

const components = findComponents();
const account = { accountId: "111111111111", region: "us-east-1" };

describe.skipIf(!components)("the emulator", () => {
  let directory: string;
  let moto: Moto;
  let emulator: Emulator;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "emulator-test-"));
    moto = await findMoto({
      env: process.env,
      venvDirectory: join(directory, "venv"),
      say: (text) => process.stderr.write(`${text}\n`),
    });
    emulator = await startEmulator({ moto, directory, ...account });
    await emulator.markBaseline();
  });
  afterAll(async () => {
    await emulator?.end();
    expect(processesOf(directory)).toEqual([]);
    rmSync(directory, { recursive: true, force: true });
  });

  it("is an account as AWS hands it out", async () => {
    expect(elements(await ec2(emulator.port, "DescribeVpcs"), "isDefault")).toEqual(["true"]);
    expect(elements(await ec2(emulator.port, "DescribeVpcs"), "ownerId")).toEqual(["111111111111"]);
    expect(await emulator.leftovers()).toEqual([]);
  });

  it("reports what no Terraform state knows of, until it is deleted", async () => {
    const [vpc = ""] = elements(await ec2(emulator.port, "CreateVpc", { CidrBlock: "10.9.0.0/16" }), "vpcId");
    const found = await emulator.leftovers();
    expect(found).toContainEqual({
      service: "ec2",
      account: "111111111111",
      region: "us-east-1",
      kind: "VPC",
      id: vpc,
    });
    await ec2(emulator.port, "DeleteVpc", { VpcId: vpc });
    expect(await emulator.leftovers()).toEqual([]);
  });

  it("reports a rule that was left in a group that was there before", async () => {
    const [group = ""] = elements(await ec2(emulator.port, "DescribeSecurityGroups"), "groupId");
    const rule = {
      GroupId: group,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": "22",
      "IpPermissions.1.ToPort": "22",
      "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
    };
    await ec2(emulator.port, "AuthorizeSecurityGroupIngress", rule);
    expect((await emulator.leftovers()).map(({ kind }) => kind)).toEqual(["SecurityGroupRule"]);
    await ec2(emulator.port, "RevokeSecurityGroupIngress", rule);
    expect(await emulator.leftovers()).toEqual([]);
  });

  it("carries a call out once, however often an AWS library that heard no answer tries it", async () => {
    const attempt = (call: string) =>
      ec2(emulator.port, "CreateVpc", { CidrBlock: "10.8.0.0/16" }, "us-east-1", {
        "amz-sdk-invocation-id": call,
      });
    const vpcs = async () => elements(await ec2(emulator.port, "DescribeVpcs"), "vpcId");
    const before = await vpcs();
    const [first, again] = await Promise.all([attempt("one"), attempt("one")]);
    expect(again).toBe(first);
    expect(await vpcs()).toHaveLength(before.length + 1);

    await attempt("two");
    const made = (await vpcs()).filter((vpc) => !before.includes(vpc));
    expect(made).toHaveLength(2);
    for (const VpcId of made) await ec2(emulator.port, "DeleteVpc", { VpcId });
    expect(await emulator.leftovers()).toEqual([]);
  });

  it("does not take a region that is first asked for now for something left behind", async () => {
    await ec2(emulator.port, "DescribeVpcs", {}, "sa-east-1");
    expect(await emulator.leftovers()).toEqual([]);
    await ec2(emulator.port, "CreateVpc", { CidrBlock: "10.9.0.0/16" }, "sa-east-1");
    expect((await emulator.leftovers()).filter(({ kind }) => kind === "VPC")).toMatchObject([
      { region: "sa-east-1" },
    ]);
  });

  it("fails when its port is in use, with the process that holds it", async () => {
    const started = startEmulator({
      moto,
      directory: join(directory, "second"),
      port: emulator.port,
      ...account,
    });
    await expect(started).rejects.toThrow(
      [
        `Port ${emulator.port} of 127.0.0.1 is in use, so the emulator cannot have it.`,
        `  held by: ${await portHolder(emulator.port)}`,
        "  do: end that process, or choose another port with --port, or leave --port out to get a free one.",
      ].join("\n"),
    );
  });

  it("tells when it dies, with the last lines it wrote", async () => {
    const other = await startEmulator({ moto, directory: join(directory, "third"), ...account });
    await ec2(other.port, "DescribeRegions");
    process.kill(other.pid, "SIGKILL");
    const reason = await other.died;
    const log = readFileSync(other.logFile, "utf8").trim().split("\n").slice(-8);
    expect(reason.message).toBe(
      [
        `The AWS emulator (process ${other.pid}, port ${other.port}) ended in the middle of the run: it was ended by SIGKILL.`,
        `  last lines of ${other.logFile}:`,
        ...log.map((line) => `    ${line}`),
        "  do: run the command again. The rehearsal had nothing but the emulated account, so nothing is lost.",
        "      If it was SIGKILL and nobody sent it, the machine ran out of memory: look at `dmesg`, and free about 2 GB.",
      ].join("\n"),
    );
    expect(log.join("\n")).toContain("POST / HTTP/1.1");
  });

  it("fails to start with the words of Python", async () => {
    const broken = { python: process.execPath, origin: "/bin/moto_server" };
    const started = startEmulator({ moto: broken, directory: join(directory, "fourth"), ...account });
    await expect(started).rejects.toThrow(
      `The AWS emulator did not start: it exited with code 1.\n  Python: ${process.execPath} (found through /bin/moto_server)\n`,
    );
  });

  it("can be left running", async () => {
    const kept = await startEmulator({
      moto,
      directory: join(directory, "fifth"),
      detached: true,
      ...account,
    });
    kept.release();
    expect(elements(await ec2(kept.port, "DescribeVpcs"), "isDefault")).toEqual(["true"]);
    process.kill(kept.pid, "SIGTERM");
    await until("the end of the kept emulator", () => processesOf(join(directory, "fifth")).length === 0);
  });
});
