import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { overrideState, stateOverride } from "../../src/rehearse/state-override.js";
import { scratch, write } from "../scratch.js";

describe("stateOverride", () => {
  it("leaves state in S3 alone", () => {
    const remote = { config: { path: "x" } };
    const document = { terraform: { backend: { s3: {} } }, data: { terraform_remote_state: { remote } } };
    expect(stateOverride(document, "dev-app", "/state")).toBeUndefined();
  });

  it("keeps state of HCP Terraform in a file, and reads other stacks' from theirs", () => {
    const network = { backend: "remote", config: { workspaces: { name: "dev-network" } } };
    const document = { terraform: { cloud: {} }, data: { terraform_remote_state: { network } } };
    expect(stateOverride(document, "dev-app", "/state")).toEqual({
      terraform: { backend: { local: { path: "/state/dev-app.tfstate" } } },
      data: {
        terraform_remote_state: {
          network: { backend: "local", config: { path: "/state/dev-network.tfstate" } },
        },
      },
    });
  });

  it("gathers state in local files in one place", () => {
    const network = { backend: "local", config: { path: "dev-network.tfstate" } };
    const document = { terraform: { backend: { local: {} } }, data: { terraform_remote_state: { network } } };
    expect(stateOverride(document, "dev-app", "/state")).toEqual({
      terraform: { backend: { local: { path: "/state/dev-app.tfstate" } } },
      data: {
        terraform_remote_state: {
          network: { backend: "local", config: { path: "/state/dev-network.tfstate" } },
        },
      },
    });
  });
});

describe("overrideState", () => {
  function stack(document: object) {
    const directory = scratch();
    write(join(directory, "cdk.tf.json"), JSON.stringify(document));
    return { name: "dev-app", area: "app", environment: "dev", directory, dependencies: [] };
  }

  it("writes beside the JSON, which stays as it is", () => {
    const hcp = stack({ terraform: { cloud: {} } });
    overrideState(hcp, "/state");
    expect(JSON.parse(readFileSync(join(hcp.directory, "rehearsal_override.tf.json"), "utf8"))).toEqual({
      terraform: { backend: { local: { path: "/state/dev-app.tfstate" } } },
    });
    expect(readFileSync(join(hcp.directory, "cdk.tf.json"), "utf8")).toBe('{"terraform":{"cloud":{}}}');
  });

  it("writes nothing for S3", () => {
    const s3 = stack({ terraform: { backend: { s3: {} } } });
    overrideState(s3, "/state");
    expect(existsSync(join(s3.directory, "rehearsal_override.tf.json"))).toBe(false);
  });
});
