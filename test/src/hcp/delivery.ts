import { spawnSync } from "node:child_process";
import { Sandbox, type SandboxStack, type StepResult } from "../ci/sandbox.js";
import { FakeHcp } from "./fake-hcp.js";
import type { RunScript } from "./fake-run.js";

/** What each stack of the environment needs, and what its runs come to. */
export type Environment = Readonly<Record<string, RunScript & { readonly needs?: readonly string[] }>>;

/** A checkout after synth whose environment `staging` is in a fake of HCP Terraform. */
export class Delivery {
  readonly sandbox = new Sandbox();

  private constructor(readonly hcp: FakeHcp) {}

  static async start(stacks: Environment): Promise<Delivery> {
    const delivery = new Delivery(await FakeHcp.start());
    delivery.sandbox.stacks(
      "cdktf.out",
      Object.fromEntries(Object.entries(stacks).map(([area, { needs = [] }]) => stack(area, needs))),
    );
    for (const [area, script] of Object.entries(stacks)) delivery.hcp.workspace(`staging-${area}`, script);
    return delivery;
  }

  async end(): Promise<void> {
    this.sandbox.dispose();
    await this.hcp.stop();
  }

  /** As a pull request plans. */
  plan(...flags: readonly string[]): Promise<StepResult> {
    return this.step("hcp-plan", flags, "plan-token");
  }

  /** As the job before the approval plans. */
  save(): Promise<StepResult> {
    return this.step("hcp-plan", ["--save"], "plan-token");
  }

  /** As the job after the approval applies. */
  apply(token = "apply-token"): Promise<StepResult> {
    return this.step("hcp-apply", [], token);
  }

  step(script: string, flags: readonly string[], token: string): Promise<StepResult> {
    return this.sandbox.startStep(script, ["staging", ...flags], {
      TFE_ADDRESS: this.hcp.address,
      TFE_TOKEN: token,
      HCP_POLL_SECONDS: "0.01",
    });
  }

  /** Files in the configuration that a workspace got last. */
  uploaded(workspace: string): readonly string[] {
    const archive = this.hcp.configurations.findLast((one) => one.workspace === workspace)?.archive;
    const { stdout } = spawnSync("tar", ["-tzf", "-"], { input: archive, encoding: "utf8" });
    return stdout.trim().split("\n");
  }

  /** What the results of the last plan say of the stacks. */
  get states(): Readonly<Record<string, string>> {
    const results = JSON.parse(this.sandbox.read("cdktf.out/plans/staging.json")) as {
      name: string;
      state: string;
    }[];
    return Object.fromEntries(results.map(({ name, state }) => [name, state]));
  }
}

function stack(area: string, needs: readonly string[]): [string, SandboxStack] {
  const name = `staging-${area}`;
  const cloud = { organization: "acme", workspaces: { name, project: "platform" } };
  return [name, { dependencies: needs.map((need) => `staging-${need}`), document: { terraform: { cloud } } }];
}
