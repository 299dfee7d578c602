import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { cli, processesOf } from "./rehearse-support.js";
import { type Components, findComponents, until } from "./relay-support.js";

const components = findComponents();

describe.skipIf(!components)("emulator", () => {
  it("prints what makes plain Terraform use it, and ends with Ctrl-C", async () => {
    const session = cli(["emulator", "--environment", "staging"]);
    let printed = "";
    session.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const directory = mkdtempSync(join(tmpdir(), "emulator-session-"));
    try {
      await until("its instructions", () => printed.includes("# Ctrl-C ends it"));
      const { terraform } = components as Components;
      writeFileSync(join(directory, "shell"), printed);
      writeFileSync(join(directory, "main.tf.json"), JSON.stringify(STACK));
      const commands = `set -e; . ./shell; ${terraform} init; ${terraform} apply -auto-approve; ${terraform} output -raw account`;
      const { exitCode, all, stdout } = await execa("sh", ["-c", commands], {
        cwd: directory,
        env: { AWS_PROFILE: "of-the-user", CHECKPOINT_DISABLE: "1" },
        all: true,
        reject: false,
      });
      expect(exitCode, all).toBe(0);
      expect(stdout).toMatch(/222222222222$/);
    } finally {
      session.kill("SIGINT");
      rmSync(directory, { recursive: true, force: true });
    }
    const { exitCode, stderr } = await session;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("Stopped by SIGINT. Nothing is left running.");
    expect(processesOf(join(root, ".rehearsal", `emulator-${session.pid}`))).toEqual([]);
  });
});

/** The constraint of our own stacks, which the provider at hand need not meet. */
const STACK = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 6.25.0, < 7.0.0" } } },
  provider: { aws: { region: "sa-east-1", allowed_account_ids: ["222222222222"] } },
  data: { aws_caller_identity: { me: {} } },
  resource: { aws_sns_topic: { alarms: { name: "alarms" } } },
  output: { account: { value: "${data.aws_caller_identity.me.account_id}" } },
};
