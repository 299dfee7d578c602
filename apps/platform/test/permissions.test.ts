import type { TerraformDocument } from "@telemedicina/core/testing";
import {
  checkPolicies,
  type PermissionFinding,
  type PolicyException,
  permissionRules,
  readPolicies,
  renderPermissions,
} from "@telemedicina/policy";
import { describe, expect, it } from "vitest";
import { permissionExceptions } from "../src/permission-exceptions.js";
import { environments } from "./environments.js";

const documents = environments.flatMap(({ stacks }) => stacks.all.map(({ document }) => document));

describe("permissions of all environments", () => {
  it("IAM-04: allow real actions on named resources to named principals, with a written reason where they don't", async () => {
    const faults = await faultsOf(documents, permissionExceptions);
    expect(faults.length, renderPermissions(faults)).toBe(0);
  });

  it("are judged by every rule, for every policy that stands in the JSON", async () => {
    const { policies } = readPolicies(documents);
    const texts = documents.flatMap((document) => JSON.stringify(document).match(/\\"Statement\\":/g) ?? []);
    expect(policies).toHaveLength(texts.length);
    const findings = await checkPolicies(readPolicies(documents), permissionExceptions);
    // No role of these stacks trusts an identity provider: those are the bootstrap's.
    const asked = Object.keys(permissionRules).filter((rule) => rule !== "exact-subjects");
    expect([...new Set(findings.map(({ rule }) => rule))].sort()).toEqual(asked.sort());
  });
});

describe.each(environments)("a permission of $name that is not as it should be is seen:", ({ stacks }) => {
  it.each([
    ["an action that does not exist", "WriteTheirLogGroup", { Action: "logs:PutLogEvent" }, "known-actions"],
    ["every resource", "WriteTheirLogGroup", { Resource: "*" }, "named-resources"],
    ["every action", "UseThroughServices", { Action: "kms:*" }, "named-actions"],
    ["everybody", "UseThroughServices", { Principal: "*", Condition: {} }, "named-principals"],
    ["a service, for whomever it acts", "OwnFlowLogs", { Condition: {} }, "bound-services"],
    [
      "an account that may take a role",
      "OwnFlowLogs",
      { Principal: { AWS: "111111111111" } },
      "trusted-parties",
    ],
    ["a denial that denies nothing", "DenyKeyOfTheCaller", { Action: "s3:ListBucket" }, "fitting-resources"],
  ])("%s", async (_, sid, change, rule) => {
    const changed = stacks.all.map(({ document }) => withStatement(document, sid, change));
    const seen = (await faultsOf(changed, [])).filter((fault) => fault.rule === rule && fault.sid === sid);
    expect(seen).not.toEqual([]);
  });
});

async function faultsOf(
  stacks: readonly TerraformDocument[],
  allowed: readonly PolicyException[],
): Promise<PermissionFinding[]> {
  const findings = await checkPolicies(readPolicies(stacks), allowed);
  return findings.filter(({ verdict }) => verdict !== "pass");
}

/** The document with every statement of that Sid changed. */
function withStatement(document: TerraformDocument, sid: string, change: object): TerraformDocument {
  const text = JSON.stringify(document, (_, value: unknown) => {
    if (typeof value !== "string" || !value.startsWith('{"Version"')) return value;
    const policy = JSON.parse(value) as { readonly Statement: readonly { readonly Sid: string }[] };
    const changed = policy.Statement.map((each) => (each.Sid === sid ? { ...each, ...change } : each));
    return JSON.stringify({ ...policy, Statement: changed });
  });
  return JSON.parse(text) as TerraformDocument;
}
