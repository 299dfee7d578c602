import { describe, expect, it } from "vitest";
import { PLATFORM_AREAS, platformAreas } from "../src/platform-areas.js";
import { bootstrap, inHcp, inLocalFiles, production, role, stacks, workspaces } from "./support.js";

const stack = workspaces(inHcp);

/** Address of the only resource of a type that belongs to an area. */
function address(type: string, area: string): string {
  const found = stack.all(type).filter(({ address }) => address.startsWith(`${type}.${area}_`));
  expect(found).toHaveLength(1);
  return found[0]?.address ?? "";
}

const id = (area: string) => `\${${address("tfe_workspace", area)}.id}`;

describe("the workspaces of an environment in HCP Terraform", () => {
  it("are made nowhere else", () => {
    expect([...stacks(inHcp).keys()]).toEqual(["development-bootstrap", "development-workspaces"]);
    for (const config of [production, inLocalFiles]) {
      expect([...stacks(config).keys()]).toEqual([`${config.name}-bootstrap`]);
    }
  });

  it("hold one for each stack, in the given project, and Terraform does not destroy them", () => {
    expect(stack.allData("tfe_project").map(({ attributes }) => attributes)).toMatchObject([
      { name: "Telemedicina Development", organization: "acme" },
    ]);
    expect(stack.all("tfe_project")).toEqual([]);
    expect(stack.all("tfe_workspace")).toHaveLength(platformAreas.length);
    for (const area of platformAreas) {
      expect(stack.at(address("tfe_workspace", area))).toMatchObject({
        name: `development-${area}`,
        project_id: "${data.tfe_project.project.id}",
        terraform_version: "1.11.4",
        lifecycle: { prevent_destroy: true },
      });
    }
  });

  it("apply nothing that nobody confirmed, and start no run by themselves", () => {
    for (const { attributes } of stack.all("tfe_workspace")) {
      expect(attributes).toMatchObject({
        auto_apply: false,
        auto_apply_run_trigger: false,
        queue_all_runs: false,
        file_triggers_enabled: false,
        speculative_enabled: true,
        structured_run_output_enabled: true,
      });
      expect(attributes["vcs_repo"]).toBeUndefined();
    }
    expect(stack.all("tfe_run_trigger")).toEqual([]);
  });

  it.each(platformAreas)("%s runs remotely and opens its state to its readers alone", (area) => {
    const readers = platformAreas.filter((other) =>
      (PLATFORM_AREAS[other] as readonly string[]).includes(area),
    );
    expect(stack.at(address("tfe_workspace_settings", area))).toMatchObject({
      workspace_id: id(area),
      execution_mode: "remote",
      global_remote_state: false,
      remote_state_consumer_ids: readers.map(id),
    });
  });

  it("IAM-06: sign in to AWS with the token of each phase, and by the roles that bootstrap makes", () => {
    const account = bootstrap(inHcp);
    const arn = (phase: "plan" | "apply") =>
      `arn:aws:iam::${inHcp.accountId}:role/${role(account, phase).attributes["name"]}`;
    const wanted = {
      TFC_AWS_PROVIDER_AUTH: "true",
      TFC_AWS_PLAN_ROLE_ARN: arn("plan"),
      TFC_AWS_APPLY_ROLE_ARN: arn("apply"),
    };
    const variables = stack.all("tfe_variable").map(({ attributes }) => attributes);
    expect(variables).toHaveLength(platformAreas.length * Object.keys(wanted).length);
    for (const area of platformAreas) {
      const own = variables.filter(({ workspace_id }) => workspace_id === id(area));
      expect(own.map(({ category }) => category)).toEqual(["env", "env", "env"]);
      expect(Object.fromEntries(own.map(({ key, value }) => [key, value]))).toEqual(wanted);
    }
  });

  it("have no token in the JSON: the provider reads it from the environment of whoever runs it", () => {
    expect(stack.document["provider"]).toEqual({ tfe: [{ organization: "acme" }] });
    expect(JSON.stringify(stack.document)).not.toMatch(/"(token|value_wo|ssl_skip_verify)"/);
  });

  it("keep their own state in a workspace of their stack's name, and ask for Terraform and one provider", () => {
    expect(stack.document["terraform"]).toEqual({
      cloud: {
        organization: "acme",
        workspaces: { name: "development-workspaces", project: "Telemedicina Development" },
      },
      required_version: ">= 1.11",
      required_providers: { tfe: { source: "hashicorp/tfe", version: ">= 0.71.0, < 1.0.0" } },
    });
  });
});
