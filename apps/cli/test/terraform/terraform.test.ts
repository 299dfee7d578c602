import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Interrupted } from "../../src/errors.js";
import { Terraform, type TerraformOptions } from "../../src/terraform/terraform.js";
import { program, scratch } from "../scratch.js";

/** Terraform with a shell script in the place of the program. */
function fake(script: string, options: Partial<TerraformOptions> = {}) {
  const directory = scratch();
  const binary = program(join(directory, "terraform"), script);
  const logFile = join(directory, "logs", "network.log");
  const env = { PATH: process.env["PATH"] ?? "" };
  return {
    terraform: new Terraform({ binary, directory, stack: "dev-network", env, logFile, ...options }),
    directory,
    binary,
    logFile,
  };
}

const hook = (type: string, addr: string, action: string, id = "x"): string =>
  `echo '{"type":"${type}","hook":{"resource":{"addr":"${addr}","resource_type":"${addr.split(".")[0]}"},"action":"${action}","id_value":"${id}"}}'`;

const plan = { file: "rehearsal.tfplan", changes: true, summary: { add: 2, change: 0, remove: 0 } };

describe("Terraform", () => {
  it("saves a plan and tells whether it changes anything", async () => {
    const summary = `echo '{"type":"change_summary","changes":{"add":3,"change":0,"remove":1}}'`;
    const changing = fake(`echo "$@" > args; ${summary}; exit 2`);
    expect(await changing.terraform.plan("a.tfplan")).toEqual({
      file: "a.tfplan",
      changes: true,
      summary: { add: 3, change: 0, remove: 1 },
    });
    expect(readFileSync(join(changing.directory, "args"), "utf8")).toBe(
      "plan -json -detailed-exitcode -out=a.tfplan\n",
    );
    expect(await fake("exit 0").terraform.plan("a.tfplan")).toMatchObject({ changes: false });
  });

  it("plans the destroy of what was just read", async () => {
    const { terraform, directory } = fake('echo "$@" > args; exit 2');
    await terraform.plan("a.tfplan", { destroy: true });
    expect(readFileSync(join(directory, "args"), "utf8")).toBe(
      "plan -json -detailed-exitcode -out=a.tfplan -destroy -refresh=false\n",
    );
  });

  it("applies the saved plan, shows progress and returns what was done", async () => {
    const seen: string[] = [];
    const script = [
      'echo "$@" > args',
      hook("apply_start", "aws_vpc.main", "create"),
      hook("apply_complete", "data.aws_x.y", "read"),
      hook("apply_complete", "aws_vpc.main", "create", "vpc-1"),
      hook("apply_complete", "aws_eip.nat", "create", "eip-1"),
    ].join("\n");
    const { terraform, directory } = fake(script, {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    const done = await terraform.apply(plan);
    expect(done.map(({ address, id }) => [address, id])).toEqual([
      ["data.aws_x.y", "x"],
      ["aws_vpc.main", "vpc-1"],
      ["aws_eip.nat", "eip-1"],
    ]);
    expect(seen).toEqual(["1/2", "2/2"]);
    expect(readFileSync(join(directory, "args"), "utf8")).toBe("apply -json rehearsal.tfplan\n");
  });

  it("gets nothing of our environment but what it is given", async () => {
    process.env["AWS_PROFILE"] = "production";
    const { terraform, directory } = fake("env > seen");
    await terraform.init();
    delete process.env["AWS_PROFILE"];
    expect(readFileSync(join(directory, "seen"), "utf8")).not.toContain("AWS_PROFILE");
  });

  it("fails with every diagnostic in full", async () => {
    const error = (summary: string) =>
      `echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"${summary}","detail":"Because.","address":"aws_vpc.main"}}'`;
    const warning = `echo '{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":""}}'`;
    const { terraform, logFile } = fake(`${error("One")}\n${warning}\n${error("Two")}\nexit 1`);
    await expect(terraform.init()).rejects.toThrow(
      [
        "dev-network: terraform init failed (exit code 1).",
        "",
        "Error: One",
        "  resource: aws_vpc.main",
        "  Because.",
        "",
        "Error: Two",
        "  resource: aws_vpc.main",
        "  Because.",
        "",
        `All output: ${logFile}`,
      ].join("\n"),
    );
  });

  it("fails with the last lines when there is no diagnostic", async () => {
    const { terraform, logFile, directory } = fake("echo first >&2; echo panic: nil >&2; exit 11");
    await expect(terraform.migrateState()).rejects.toThrow(
      [
        "dev-network: terraform init failed (exit code 11).",
        "",
        `$ terraform -chdir=${directory} init -migrate-state -force-copy -no-color`,
        "first",
        "panic: nil",
        "",
        `All output: ${logFile}`,
      ].join("\n"),
    );
  });

  it("tells how to free the lock that refused it", async () => {
    const detail =
      "Error message: 412\\nLock Info:\\n  ID:        abc\\n  Path:      b/k\\n  Operation: OperationTypePlan\\n  Who:       ana@pc\\n  Created:   today";
    const { terraform, directory, binary, logFile } = fake(
      `printf '%s\\n' '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"${detail}"}}'; exit 1`,
    );
    await expect(terraform.plan("a.tfplan")).rejects.toThrow(
      [
        "dev-network: terraform plan failed (exit code 1).",
        "",
        "Error: Error acquiring the state lock",
        "  Error message: 412",
        "  Lock Info:",
        "    ID:        abc",
        "    Path:      b/k",
        "    Operation: OperationTypePlan",
        "    Who:       ana@pc",
        "    Created:   today",
        "",
        "Somebody holds the lock of this stack's state, so nothing was read or changed.",
        "  held by: ana@pc, OperationTypePlan since today",
        "  state: b/k",
        "  lock: abc",
        "  do: if that run still goes on, wait until it ends and run this again.",
        "      If it is dead (killed, machine lost), first make sure that no process of it is left, then:",
        `        ${binary} -chdir=${directory} force-unlock -force abc`,
        "      and run this again. What the dead run made after its last write of the state exists without being",
        "      in the state; the next plan wants to make it a second time. Look for it before you apply.",
        "",
        `All output: ${logFile}`,
      ].join("\n"),
    );
  });

  it("tells what a killed apply may have left outside the state", async () => {
    const script = [
      'if [ "$1" = state ]; then echo aws_vpc.main; exit; fi',
      hook("apply_complete", "aws_vpc.main", "create", "vpc-1"),
      hook("apply_complete", "aws_eip.nat", "create", "eip-1"),
      hook("apply_start", "aws_subnet.a", "create"),
      "kill -9 $$",
    ].join("\n");
    const { terraform, directory, binary } = fake(script);
    await expect(terraform.apply(plan)).rejects.toThrow(
      [
        "The apply was cut off, so it could not give back the lock: the next run is refused and says which command frees it.",
        "These resources exist and are not in the state. Take each into the state:",
        `  ${binary} -chdir=${directory} import 'aws_eip.nat' 'eip-1'`,
        "These were being made; whether they exist nobody knows. Look for them by their name or tags,",
        "import or delete what you find:",
        "  aws_subnet.a (aws_subnet)",
        "Then plan again: it must not want to make any of them a second time.",
      ].join("\n"),
    );
  });

  it("interrupts Terraform, waits until it has tidied up, and reports why", async () => {
    const controller = new AbortController();
    const { terraform, directory } = fake(
      "trap 'touch tidied; kill $!; exit 1' INT\ntouch started\nsleep 30 & wait",
      { signal: controller.signal },
    );
    const applied = terraform.apply(plan);
    while (!existsSync(join(directory, "started"))) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(new Interrupted("SIGINT"));
    await expect(applied).rejects.toThrow("Stopped by SIGINT.");
    expect(existsSync(join(directory, "tidied"))).toBe(true);
  });

  it("starts nothing once the run is stopped", async () => {
    const { terraform, directory } = fake("touch started", {
      signal: AbortSignal.abort(new Interrupted("SIGTERM")),
    });
    await expect(terraform.init()).rejects.toThrow("Stopped by SIGTERM.");
    await expect(terraform.stateAddresses()).rejects.toThrow("Stopped by SIGTERM.");
    expect(existsSync(join(directory, "started"))).toBe(false);
  });

  it("fails with what a reading command said", async () => {
    const { terraform } = fake("echo no state >&2; exit 1");
    await expect(terraform.stateAddresses()).rejects.toThrow(
      "dev-network: terraform state failed.\n\nno state",
    );
  });
});
