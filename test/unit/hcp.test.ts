import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { synth } from "@telemedicina/core/testing";
import { compose as composePlatform } from "@telemedicina/platform";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";

const environments = loadEnvironments(join(root, "config/environments"));

describe("an environment with its state in HCP Terraform", () => {
  it.each(environments)(
    "$name: every stack has a workspace of its name, and that workspace may apply",
    (config) => {
      const hcp: EnvironmentConfig = {
        ...config,
        state: { backend: "hcp", organization: "telemedicina", project: "platform" },
      };
      const platform = synth((app) => composePlatform(app, hcp));
      const [bootstrap] = synth((app) => void composeBootstrap(app, hcp)).values();
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
    },
  );
});
