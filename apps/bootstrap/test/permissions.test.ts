import { checkPolicies, readPolicies, renderPermissions } from "@telemedicina/policy";
import { describe, expect, it } from "vitest";
import { permissionExceptions } from "../src/permission-exceptions.js";
import { bootstrap, development, environments, inHcp, inLocalFiles } from "./support.js";

const external = {
  ...development,
  bootstrap: { ...development.bootstrap, githubOidcProvider: "external" },
} as const;

const deployedByGithub = { ...inHcp, pipeline: { ...inHcp.pipeline, trigger: "githubActions" } } as const;

const documents = [...environments, inHcp, inLocalFiles, external, deployedByGithub].map(
  (config) => bootstrap(config).document,
);

describe("permissions of the bootstrap, wherever the state is kept", () => {
  it("IAM-04: allow real actions on named resources to named principals, with a written reason where they don't", async () => {
    const findings = await checkPolicies(readPolicies(documents), permissionExceptions);
    const faults = findings.filter(({ verdict }) => verdict !== "pass");
    expect(faults.length, renderPermissions(faults)).toBe(0);
    // Both roles of each trust an identity provider.
    expect(findings.filter(({ rule }) => rule === "exact-subjects")).toHaveLength(2 * documents.length);
  });

  it.each([
    [":aud", ":azp"],
    ["StringEquals", "StringLike"],
  ])("trusts that ask for %s are seen when they ask for %s", async (from, to) => {
    const changed = documents.map((document) => JSON.parse(JSON.stringify(document).replaceAll(from, to)));
    const findings = await checkPolicies(readPolicies(changed));
    const faults = findings.filter(({ rule, verdict }) => rule === "exact-subjects" && verdict === "fail");
    expect(faults.length).toBeGreaterThanOrEqual(2 * documents.length);
  });
});
