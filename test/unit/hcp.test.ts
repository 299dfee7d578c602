import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { synth } from "@telemedicina/core/testing";
import { compose as composePlatform } from "@telemedicina/platform";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";

const state = { backend: "hcp", organization: "telemedicina", project: "platform" } as const;
const environments = loadEnvironments(join(root, "config/environments"));

describe("an environment with its state in HCP Terraform", () => {
  it.each(environments)(
    "$name: every stack has a workspace of its name, and that workspace may apply",
    (config) => {
      const hcp: EnvironmentConfig = {
        ...config,
        state,
      };
      const platform = synth((app) => composePlatform(app, hcp));
      const own = synth((app) => composeBootstrap(app, hcp));
      const bootstrap = own.get(`${config.name}-bootstrap`);
      const trust = JSON.stringify(
        bootstrap?.all("aws_iam_role").map(({ attributes }) => attributes["assume_role_policy"]),
      );
      for (const [name, stack] of platform) {
        expect(stack.document["terraform"]).toMatchObject({
          cloud: { organization: "telemedicina", workspaces: { name, project: "platform" } },
        });
        expect(trust).toContain(
          `organization:telemedicina:project:platform:workspace:${name}:run_phase:apply`,
        );
      }
      const workspaces = own.get(`${config.name}-workspaces`);
      const made = workspaces?.all("tfe_workspace").map(({ attributes }) => attributes["name"]);
      expect(made?.sort()).toEqual([...platform.keys()].sort());
    },
  );

  it("a stack may read the states that it reads in one of the environments, and no other", () => {
    const read = new Set<string>();
    const allowed = new Set<string>();
    for (const config of environments) {
      const hcp: EnvironmentConfig = { ...config, state };
      const workspaces = synth((app) => composeBootstrap(app, hcp)).get(`${config.name}-workspaces`);
      const nameOf = (reference: unknown): string => {
        const [, address = ""] = /^\$\{(.+)\.id\}$/.exec(String(reference)) ?? [];
        return String(workspaces?.at(address)["name"]);
      };
      const pair = (reader: string, of: string) => `${reader} reads ${of}`.replaceAll(`${config.name}-`, "");
      for (const { attributes } of workspaces?.all("tfe_workspace_settings") ?? []) {
        for (const reader of attributes["remote_state_consumer_ids"] as readonly string[]) {
          allowed.add(pair(nameOf(reader), nameOf(attributes["workspace_id"])));
        }
      }
      for (const [reader, stack] of synth((app) => composePlatform(app, hcp))) {
        for (const { attributes } of stack.allData("terraform_remote_state")) {
          const { workspaces: of } = attributes["config"] as { workspaces: { name: string } };
          read.add(pair(reader, of.name));
        }
      }
    }
    expect(read.size).toBeGreaterThan(4);
    expect([...allowed].sort()).toEqual([...read].sort());
  });

  it("plans with the Terraform that the workflows plan with", () => {
    const [config] = environments;
    if (config === undefined) throw new Error("there is no environment");
    const own = synth((app) => composeBootstrap(app, { ...config, state }));
    const action = readFileSync(join(root, ".github/actions/terraform/action.yml"), "utf8");
    const [, version] = /terraform_version: (\S+)/.exec(action) ?? [];
    const versions = own
      .get(`${config.name}-workspaces`)
      ?.all("tfe_workspace")
      .map(({ attributes }) => attributes["terraform_version"]);
    expect(new Set(versions)).toEqual(new Set([version]));
  });
});
