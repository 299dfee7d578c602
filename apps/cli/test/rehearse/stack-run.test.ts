import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Progress, progressFor } from "../../src/rehearse/progress.js";
import { StackRun } from "../../src/rehearse/stack-run.js";
import type { Relay } from "../../src/relay/index.js";
import { program, scratch } from "../scratch.js";

const COMPLETE = (action: string): string =>
  `echo '{"type":"apply_complete","hook":{"resource":{"addr":"aws_vpc.main","resource_type":"aws_vpc"},"action":"${action}"}}'`;

const PLAN = JSON.stringify({
  resource_changes: [
    {
      address: "aws_vpc.main",
      mode: "managed",
      change: { actions: ["update"], before: { cidr: "a" }, after: { cidr: "b" } },
    },
  ],
});

const PROTECTED = { lifecycle: { create_before_destroy: true, prevent_destroy: true } };

function refusal(address: string): string {
  const detail = `Resource ${address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.`;
  return JSON.stringify({
    type: "diagnostic",
    diagnostic: { severity: "error", summary: "Instance cannot be destroyed", detail },
  });
}

interface SetUp {
  /** Exit code of the second plan. */
  readonly again?: 0 | 2;
  readonly resource?: object;
  /** What the first destroy plan, that of protected resources, does. */
  readonly refused?: string;
}

/** A stack of one VPC. */
function setUp({ again = 0, resource = {}, refused = "exit 2" }: SetUp = {}) {
  const directory = scratch();
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  const binary = program(
    join(directory, "terraform"),
    `case "$*" in
  *out=rehearsal.tfplan*) echo '{"type":"change_summary","changes":{"add":1,"change":0,"remove":0}}'; exit 2 ;;
  *out=again.tfplan*) exit ${again} ;;
  "show -json again.tfplan") echo '${PLAN}' ;;
  *out=refused.tfplan*) ${refused} ;;
  *out=destroy.tfplan*) exit 2 ;;
  "apply -json rehearsal.tfplan") ${COMPLETE("create")} ;;
  "apply -json destroy.tfplan") ${COMPLETE("delete")} ;;
esac`,
  );
  const relay = {
    resetStats: () => undefined,
    stats: () => ({ emulated: { aws_vpc: 1 }, echoed: {}, simulated: {}, updated: {}, deleted: {} }),
  } as unknown as Relay;
  const said: string[] = [];
  const progress: Progress = {
    async step(title, work) {
      let text = "";
      const result = await work((next) => {
        text = next;
      });
      said.push(`${title}: ${text}`);
      return result;
    },
    note: () => undefined,
  };
  const stack = { name: "dev-network", area: "network", environment: "dev", directory, dependencies: [] };
  const env = { PATH: process.env["PATH"] ?? "" };
  const { signal } = new AbortController();
  const run = new StackRun({ stack, binary, env, logs: join(directory, "logs"), signal, progress, relay });
  return { run, said, directory };
}

describe("StackRun", () => {
  it("inits, applies the saved plan, plans again and destroys", async () => {
    const { run, said } = setUp();
    await run.init();
    await run.apply();
    await run.destroy();
    expect(run.secondPlanFault()).toBeUndefined();
    const { seconds, ...figures } = run.report();
    expect(figures).toEqual({
      name: "dev-network",
      emulated: { aws_vpc: 1 },
      echoed: {},
      simulated: {},
      secondPlanChanges: 0,
      destroyed: 1,
      protected: 0,
    });
    expect(Object.keys(seconds)).toEqual(["init", "apply", "plan", "destroy"]);
    expect(said).toEqual([
      "dev-network  init: ",
      "dev-network  plan: 1 to add",
      "dev-network  apply: 1 resources",
      "dev-network  plan again: no change",
      "dev-network  destroy: 1 resources",
    ]);
  });

  it("fails a second plan that is not empty, attribute by attribute", async () => {
    const { run } = setUp({ again: 2 });
    await run.apply();
    expect(run.report().secondPlanChanges).toBe(1);
    expect(run.secondPlanFault()).toBe(
      [
        "dev-network: the plan after the apply is not empty. It wants to change:",
        "  aws_vpc.main (update)",
        '    cidr: "a" -> "b"',
        "  do: most often the JSON says something that the API returns in another form (order, a default, JSON text):",
        "      write it as the API returns it. Only if the emulator loses the attribute, list the type in apps/cli/src/relay/rules.ts.",
      ].join("\n"),
    );
  });

  const BUCKETS = { aws_s3_bucket: { uploads: PROTECTED, logs: PROTECTED, scratch: {} } };

  it("lifts protection from destroy once Terraform has refused a destroy plan", async () => {
    const refused = `echo '${refusal("aws_s3_bucket.uploads")}'; echo '${refusal("aws_s3_bucket.logs[0]")}'; exit 1`;
    const { run, said, directory } = setUp({ resource: BUCKETS, refused });
    await run.destroy();
    expect(run.report()).toMatchObject({ protected: 2, protectionHolds: true, destroyed: 1 });
    expect(run.protectionFault()).toBeUndefined();
    expect(said).toEqual([
      "dev-network  destroy is refused: 2 of 2 protected resources",
      "dev-network  destroy: 1 resources",
    ]);
    const override = readFileSync(join(directory, "rehearsal_protection_override.tf.json"), "utf8");
    const lifted = { lifecycle: { prevent_destroy: false } };
    expect(JSON.parse(override)).toEqual({ resource: { aws_s3_bucket: { uploads: lifted, logs: lifted } } });
    expect(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"))).toEqual({ resource: BUCKETS });
  });

  it("says which protected resources Terraform would have destroyed", async () => {
    const refused = `echo '${refusal("aws_s3_bucket.uploads")}'; exit 1`;
    const { run } = setUp({ resource: BUCKETS, refused });
    await run.destroy();
    expect(run.report()).toMatchObject({ protected: 2, protectionHolds: false });
    expect(run.protectionFault()).toBe(
      [
        "dev-network: a destroy plan must be refused for every resource with prevent_destroy. It was not for:",
        "  aws_s3_bucket.logs",
        "  do: look for an override file (*_override.tf.json) in the stack's directory, and for a resource that is",
        "      not in the state.",
      ].join("\n"),
    );
  });

  it("takes a destroy plan that works for protection that does not hold", async () => {
    const { run } = setUp({ resource: BUCKETS });
    await run.destroy();
    expect(run.report()).toMatchObject({ protected: 2, protectionHolds: false });
  });

  it("does not take another failure for a refusal", async () => {
    const { run, directory } = setUp({ resource: BUCKETS, refused: "echo no network; exit 1" });
    await expect(run.destroy()).rejects.toThrow("dev-network: terraform plan failed (exit code 1).");
    expect(run.report()).not.toHaveProperty("protectionHolds");
    expect(existsSync(join(directory, "rehearsal_protection_override.tf.json"))).toBe(false);
  });

  it("only plans when only plans are wanted", async () => {
    const { run } = setUp();
    await run.planOnly();
    expect(run.report()).toMatchObject({
      planned: { add: 1, change: 0, remove: 0 },
      emulated: {},
      secondPlanChanges: null,
      destroyed: 0,
    });
  });
});

describe("progressFor", () => {
  function lines() {
    const written: string[] = [];
    const stream = {
      isTTY: false,
      write: (text: string) => written.push(text),
    } as unknown as NodeJS.WriteStream;
    return { progress: progressFor(stream), written };
  }

  it("writes one plain line a step to a log", async () => {
    const { progress, written } = lines();
    const result = await progress.step("plan", async (update) => {
      update("12 to add");
      return 7;
    });
    expect(result).toBe(7);
    expect(written.join("")).toMatch(/^plan {2}12 to add {2}\d+\.\d s\n$/);
  });

  it("says which step failed, and lets the error through", async () => {
    const { progress, written } = lines();
    await expect(progress.step("apply", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(written.join("")).toMatch(/^apply {2}FAILED {2}\d+\.\d s\n$/);
  });
});
