import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portHolder } from "@telemedicina/cli/emulator/ports";
import type { Report } from "@telemedicina/cli/rehearse/report";
import { findTerraform } from "@telemedicina/cli/terraform/find";
import { findProvider } from "@telemedicina/cli/terraform/provider";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { cli, ec2, elements, processesOf, workDirectories } from "./rehearse-support.js";
import { findComponents, until } from "./relay-support.js";

const components = findComponents();

/** Far less than Terraform needs to tidy up an apply. */
const AT_ONCE_SECONDS = 5;

describe.skipIf(!components)("rehearse", () => {
  let directory: string;
  let report: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "rehearse-test-"));
    report = join(directory, "report.json");
  });
  afterEach(() => rmSync(report, { force: true }));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function readReport(file = report): Report {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  }

  /** Everything that a run leaves behind when it ends as it should: nothing. */
  function expectNothingLeft(pid: number | undefined, environment: string): void {
    expect(processesOf(workDirectory(environment, pid))).toEqual([]);
    expect(existsSync(workDirectory(environment, pid))).toBe(false);
  }

  function workDirectory(environment: string, pid: number | undefined): string {
    return join(root, ".rehearsal", `${environment}-${pid}`);
  }

  /** Waits until a run has come so far that its log of a stack holds the text; returns its emulator. */
  async function untilLogged(run: ReturnType<typeof cli>, environment: string, log: string, text: string) {
    const logs = join(workDirectory(environment, run.pid), "logs");
    const file = join(logs, log);
    const isThere = (): boolean => existsSync(file) && readFileSync(file, "utf8").includes(text);
    const tooEarly = run.then(({ all }) =>
      Promise.reject(new Error(`it ended before "${text}" in ${file}: ${all}`)),
    );
    tooEarly.catch(() => undefined);
    await Promise.race([until(`"${text}" in ${file}`, isThere, 300_000), tooEarly]);
    return JSON.parse(readFileSync(join(logs, "emulator.json"), "utf8")) as { port: number; pid: number };
  }

  it("applies, plans again without a change, destroys, and leaves the account as it was", async () => {
    const run = cli(["rehearse", "development", "--stack", "network", "--report", report]);
    const { exitCode, all, stdout } = await run;
    expect(exitCode, all).toBe(0);
    const { environment, ok, totalSeconds, leftovers, stacks } = readReport();
    expect({ environment, ok, leftovers }).toEqual({ environment: "development", ok: true, leftovers: [] });
    expect(totalSeconds).toBeGreaterThan(0);
    expect(stacks.map(({ secondPlanChanges }) => secondPlanChanges)).toEqual(stacks.map(() => 0));
    const network = stacks.find(({ name }) => name === "development-network");
    expect(network?.emulated).toMatchObject({ aws_vpc: 1, aws_internet_gateway: 1 });
    expect(Object.keys(network?.echoed ?? {})).toContain("aws_vpc_security_group_ingress_rule");
    expect(network?.destroyed).toBe(resourcesIn(network));
    expect(Object.values(network?.seconds ?? {}).every((seconds) => seconds > 0)).toBe(true);
    expect(stdout).toMatch(/^development: ok in [\d.]+ s$/m);
    expect(stdout).toMatch(/^development-network +\d+ {2}no change +\d+ /m);
    expectNothingLeft(run.pid, "development");
  });

  it("rehearses two environments at once, quickly, without one seeing the other", async () => {
    const files = ["staging", "production"].map((name) => [name, join(directory, `${name}.json`)] as const);
    const runs = files.map(([name, file]) =>
      cli(["rehearse", name, "--stack", "network", "--quick", "--report", file]),
    );
    for (const [index, run] of runs.entries()) {
      const [name, file] = files[index] as readonly [string, string];
      const { exitCode, all } = await run;
      expect(exitCode, all).toBe(0);
      const { ok, quick, stacks } = readReport(file);
      expect({ ok, quick }).toEqual({ ok: true, quick: true });
      for (const stack of stacks) {
        expect(stack).toMatchObject({ emulated: {}, echoed: {}, secondPlanChanges: 0 });
        expect(stack.destroyed).toBe(resourcesIn(stack));
        expect(stack.destroyed).toBeGreaterThan(0);
      }
      expectNothingLeft(run.pid, name);
    }
  });

  it("keeps what it made when asked, on the port it was given", async () => {
    const port = await freePort();
    const run = cli([
      "rehearse",
      "development",
      "--stack",
      "network",
      "--keep",
      "--port",
      String(port),
      "--report",
      report,
    ]);
    const { exitCode, all, stdout } = await run;
    expect(exitCode, all).toBe(0);
    const kept = readFileSync(join(workDirectory("development", run.pid), "logs/emulator.json"), "utf8");
    const { pid } = JSON.parse(kept) as { pid: number };
    try {
      expect(stdout).toContain(`Kept: the emulator goes on at http://127.0.0.1:${port} (process ${pid}), `);
      const { emulated = {} } = readReport().stacks.find(({ name }) => name === "development-network") ?? {};
      const own = { "Filter.1.Name": "tag:Project", "Filter.1.Value.1": "telemedicina" };
      expect(elements(await ec2(port, "DescribeVpcs", own), "vpcId")).toHaveLength(1);
      expect(elements(await ec2(port, "DescribeSubnets", own), "subnetId")).toHaveLength(
        emulated["aws_subnet"] ?? 0,
      );
      expect(await ec2(port, "DescribeNetworkAcls", own)).toContain("<ruleNumber>100</ruleNumber>");
      const state =
        "telemedicina-dev-tfstate-111111111111-us-east-1/telemedicina/development/network.tfstate";
      const object = await fetch(`http://127.0.0.1:${port}/${state}`, { headers: s3("us-east-1") });
      expect(object.status).toBe(200);
      expect(object.headers.get("x-amz-server-side-encryption")).toBe("aws:kms");
      expect(await object.text()).toContain('"type": "aws_vpc"');
    } finally {
      process.kill(pid, "SIGTERM");
      await until(
        "the emulator's end",
        () => processesOf(workDirectory("development", run.pid)).length === 0,
      );
      rmSync(workDirectory("development", run.pid), { recursive: true });
    }
  });

  it("stops after the plans when asked", async () => {
    const run = cli(["rehearse", "development", "--plan-only", "--report", report]);
    const { exitCode, all } = await run;
    expect(exitCode, all).toBe(0);
    const { ok, planOnly, stacks, skipped = [] } = readReport();
    expect({ ok, planOnly }).toEqual({ ok: true, planOnly: true });
    for (const { emulated, echoed, simulated, planned, secondPlanChanges } of stacks) {
      expect([emulated, echoed, simulated, secondPlanChanges]).toEqual([{}, {}, {}, null]);
      expect(planned?.add).toBeGreaterThan(0);
    }
    expect([...stacks, ...skipped].map(({ name }) => name)).toContain("development-network");
    for (const { reason } of skipped)
      expect(reason).toMatch(/^it needs outputs of .+, which --plan-only does not apply$/);
    expectNothingLeft(run.pid, "development");
  });

  it("fails when something is left that no state knows of", async () => {
    const run = cli(["rehearse", "development", "--stack", "network", "--quick", "--report", report]);
    const { port } = await untilLogged(run, "development", "development-network.log", "init -json");
    const [vpc = ""] = elements(await ec2(port, "CreateVpc", { CidrBlock: "10.250.0.0/16" }), "vpcId");
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(1);
    const { ok, leftovers, error } = readReport();
    expect(ok).toBe(false);
    expect(leftovers).toContainEqual({
      found: "emulator",
      service: "ec2",
      account: "111111111111",
      region: "us-east-1",
      kind: "VPC",
      id: vpc,
    });
    expect(error).toContain("The destroy left something behind; the account must be as it was before:\n");
    expect(error).toContain(`\n  ec2 VPC ${vpc} in account 111111111111, us-east-1\n`);
    expect(error).toContain(`\n\nLogs: .rehearsal/development-${run.pid}`);
    expect(stderr).toContain(error);
    expect(processesOf(workDirectory("development", run.pid))).toEqual([]);
    rmSync(workDirectory("development", run.pid), { recursive: true });
  });

  it("stops when the emulator dies half-way, and says so", async () => {
    const run = cli(["rehearse", "development", "--stack", "network", "--report", report]);
    const emulator = await untilLogged(run, "development", "development-bootstrap.log", "apply -json");
    process.kill(emulator.pid, "SIGKILL");
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(1);
    const message = `The AWS emulator (process ${emulator.pid}, port ${emulator.port}) ended in the middle of the run: it was ended by SIGKILL.`;
    expect(stderr).toContain(message);
    expect(stderr).toContain(
      "do: run the command again. The rehearsal had nothing but the emulated account, so nothing is lost.",
    );
    expect(readReport()).toMatchObject({ ok: false, environment: "development", leftovers: [] });
    expect(readReport().error).toContain(message);
    expect(processesOf(workDirectory("development", run.pid))).toEqual([]);
    rmSync(workDirectory("development", run.pid), { recursive: true });
  });

  it("leaves no process and no work directory after Ctrl-C in the middle of an apply", async () => {
    const run = cli(["rehearse", "development", "--stack", "network"]);
    await untilLogged(run, "development", "development-network.log", "apply -json");
    run.kill("SIGINT");
    const { exitCode, stderr } = await run;
    expect(stderr).toContain("SIGINT: ending what was started … (once more ends it at once)");
    expect(stderr).toContain("Stopped by SIGINT. Nothing is left running.");
    expect(exitCode).toBe(130);
    expectNothingLeft(run.pid, "development");
  });

  it("ends at once after a second Ctrl-C", async () => {
    const run = cli(["rehearse", "development", "--stack", "network"]);
    await untilLogged(run, "development", "development-bootstrap.log", "apply -json");
    run.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    run.kill("SIGTERM");
    const { exitCode } = await run;
    expect(exitCode).toBe(130);
    expect((performance.now() - started) / 1000).toBeLessThan(AT_ONCE_SECONDS);
    await until("the end of all", () => processesOf(workDirectory("development", run.pid)).length === 0);
    expectNothingLeft(run.pid, "development");
  });

  it("takes the emulator along when it is killed itself", async () => {
    const run = cli(["rehearse", "development", "--plan-only"]);
    await untilLogged(run, "development", "emulator.json", '"pid"');
    run.kill("SIGKILL");
    await run;
    await until(
      "the emulator's end",
      () => processesOf(`${workDirectory("development", run.pid)}/logs/emulator.py`).length === 0,
    );
    await until(
      "the end of all",
      () => processesOf(workDirectory("development", run.pid)).length === 0,
      120_000,
    );
    rmSync(workDirectory("development", run.pid), { recursive: true });
  });

  it("fails on a port in use, with the process that holds it", async () => {
    const server = createServer();
    const port = await listen(server);
    try {
      const run = cli(["rehearse", "development", "--port", String(port)]);
      const { exitCode, stderr } = await run;
      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        [
          `Port ${port} of 127.0.0.1 is in use, so the emulator cannot have it.`,
          `  held by: ${await portHolder(port)}`,
          "  do: end that process, or choose another port with --port, or leave --port out to get a free one.",
        ].join("\n"),
      );
      expectNothingLeft(run.pid, "development");
    } finally {
      server.close();
    }
  });

  it("fails on a port that is none", async () => {
    const { exitCode, stderr } = await cli(["rehearse", "development", "--port", "70000"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('"70000" is not a port. Allowed: a whole number from 1 to 65535.');
  });

  it("fails without the real registry, naming every place it searched for the provider", async () => {
    // Nobody answers there: the registry is out of reach, whatever this machine can reach.
    const env = {
      ...process.env,
      HTTPS_PROXY: "http://127.0.0.1:9",
      TF_CLI_CONFIG_FILE: "",
      TF_PROVIDER_MIRROR: "",
    };
    const found = findProvider({
      terraform: await findTerraform(),
      constraint: ">= 6.25.0",
      cacheDirectory: join(directory, "cache"),
      say: () => undefined,
      places: { env, home: directory, platform: "linux", arch: "x64", opt: directory },
    });
    await expect(found).rejects.toThrow(
      /registry: Could not retrieve the list of available versions for provider hashicorp\/aws: could not connect to registry\.terraform\.io: .+\n {2}do: /,
    );
  });
});

describe("rehearse, when it cannot start", () => {
  it("names all that is missing at once", async () => {
    const run = cli(["rehearse", "development"], { PATH: "/nowhere" });
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      [
        "The AWS emulator (moto) is missing, and so is Python, which could install it.",
        "  searched: moto_server and python3 on PATH",
        "  do: install Python 3.9 or newer (Debian: apt install python3 python3-venv; macOS: brew install python), then run",
        `      the command again: it installs moto 5.2.1 into ${join(root, ".rehearsal/shared/moto-5.2.1")}. Or install it yourself: pipx install 'moto[server]==5.2.1'`,
        "",
        "Terraform is missing.",
        "  searched: terraform and tofu on PATH (/nowhere)",
        "  allowed: Terraform or OpenTofu, 1.11 or newer",
        "  do: install it (https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install;",
        "      macOS: brew install hashicorp/tap/terraform), or set TERRAFORM_BINARY_NAME to its path.",
      ].join("\n"),
    );
    expect(workDirectories("development")).not.toContain(`development-${run.pid}`);
  });

  it("lists the environments it knows", async () => {
    const { exitCode, stderr } = await cli(["rehearse", "develpment"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no environment "develpment" in config/environments');
    for (const known of ["development", "staging", "production"]) expect(stderr).toContain(known);
  });

  it("lists the stacks it knows", async () => {
    const { exitCode, stderr } = await cli(["rehearse", "development", "--stack", "netwrok"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^--stack: there is no stack "netwrok" in development\. Known: (?:\w+, )*network\b.*\. Name one of them, or leave --stack out to rehearse all\.$/,
    );
  });
});

function resourcesIn(stack: Report["stacks"][number] | undefined): number {
  const counts = [stack?.emulated, stack?.echoed, stack?.simulated].flatMap((byType) =>
    Object.values(byType ?? {}),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function s3(region: string): Record<string, string> {
  const scope = `rehearsal/20260101/${region}/s3/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=x` };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
