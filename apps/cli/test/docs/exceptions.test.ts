import { join } from "node:path";
import { type EnvironmentConfig, loadEnvironment } from "@telemedicina/config";
import { describe, expect, it } from "vitest";
import { exceptionsOf, renderExceptions } from "../../src/docs/exceptions.js";
import { projectRoot } from "../../src/project.js";

const secure = loadEnvironment(join(projectRoot(), "config/environments"), "production");
const open: EnvironmentConfig = {
  ...secure,
  network: { ...secure.network, loadBalancerIngress: { from: "internet", reason: "Load test | until June" } },
};

describe("exceptions page", () => {
  it("lists each setting that had to give a reason", () => {
    expect(exceptionsOf(open)).toEqual([
      { environment: "production", path: "network.loadBalancerIngress", reason: "Load test | until June" },
    ]);
    expect(renderExceptions([open])).toContain(
      "| production | `network.loadBalancerIngress` | Load test \\| until June |",
    );
  });

  it("says so when there is none", () => {
    expect(exceptionsOf(secure)).toEqual([]);
    expect(renderExceptions([secure])).toContain("No environment departs from the secure defaults.");
  });
});
