import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutSteering } from "@telemedicina/cli/emulator/environment";
import { overrideState } from "@telemedicina/cli/rehearse/state-override";
import { Terraform } from "@telemedicina/cli/terraform/terraform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Components, findComponents } from "./relay-support.js";

const components = findComponents();

const CLOUD = { organization: "clinic", workspaces: { name: "dev-network", project: "telemedicine" } };

/** Two stacks with state in HCP Terraform, the second reads an output of the first. */
const STACKS = {
  "dev-network": {
    terraform: { cloud: CLOUD },
    resource: { terraform_data: { vpc: { input: "vpc-1" } } },
    output: { vpc: { value: "${terraform_data.vpc.output}" } },
  },
  "dev-data": {
    terraform: { cloud: { ...CLOUD, workspaces: { name: "dev-data", project: "telemedicine" } } },
    data: {
      terraform_remote_state: {
        network: {
          backend: "remote",
          config: { organization: "clinic", workspaces: { name: "dev-network" } },
        },
      },
    },
    output: { vpc: { value: "${data.terraform_remote_state.network.outputs.vpc}" } },
  },
};

describe.skipIf(!components)("state in HCP Terraform, rehearsed", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "rehearse-state-"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("is kept in files, which the stacks read from each other, and HCP Terraform is never asked", async () => {
    for (const [name, document] of Object.entries(STACKS)) {
      const own = join(directory, name);
      mkdirSync(own);
      writeFileSync(join(own, "cdk.tf.json"), JSON.stringify(document));
      overrideState(
        { name, area: "", environment: "dev", directory: own, dependencies: [] },
        join(directory, "state"),
      );
      const { terraform: binary } = components as Components;
      // Whoever asks HCP Terraform asks in vain.
      const env = {
        ...withoutSteering(process.env),
        HTTPS_PROXY: "http://127.0.0.1:9",
        CHECKPOINT_DISABLE: "1",
      };
      const terraform = new Terraform({
        binary,
        directory: own,
        stack: name,
        env,
        logFile: join(own, "log"),
      });
      await terraform.init();
      await terraform.apply(await terraform.plan("p.tfplan"));
    }
    const state = JSON.parse(readFileSync(join(directory, "state/dev-data.tfstate"), "utf8")) as object;
    expect(state).toMatchObject({ outputs: { vpc: { value: "vpc-1" } } });
  });
});
