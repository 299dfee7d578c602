import { awsProvider, mandatoryTags } from "@telemedicina/core";
import { synth } from "@telemedicina/core/testing";
import { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { Network } from "../src/index.js";
import { fullNetwork, leastProps, tagsOf } from "./support.js";

const full = fullNetwork();

/** What AWS gives no tags. */
const untaggable = [
  "aws_iam_role_policy",
  "aws_network_acl_association",
  "aws_network_acl_rule",
  "aws_route",
  "aws_route_table_association",
];

const all = Object.keys(full.document.resource ?? {}).flatMap((type) => full.all(type));
const taggable = all.filter((block) => !untaggable.includes(block.address.split(".")[0] ?? ""));

describe("names and tags", () => {
  it("TAG-01: names everything that can be tagged {project}-{environment}-{resource-type}[-…]-{region}", () => {
    expect(taggable.length).toBeGreaterThan(50);
    for (const block of taggable) {
      expect(tagsOf(block)["Name"], block.address).toMatch(
        /^telemedicina-dev-[a-z0-9]+(-[a-z0-9]+)*-us-east-1$/,
      );
    }
  });

  it("TAG-01: gives no two resources of a type the same name", () => {
    const named = taggable.map((block) => `${block.address.split(".")[0]} ${tagsOf(block)["Name"]}`);

    expect(new Set(named).size).toBe(named.length);
  });

  it("TAG-01: names what has a name of its own the same way", () => {
    expect(full.only("aws_iam_role")["name"]).toBe("telemedicina-dev-role-flow-logs-us-east-1");
    expect(full.only("aws_cloudwatch_log_group")["name"]).toBe(
      "telemedicina-dev-log-group-flow-logs-us-east-1",
    );
  });

  it("TAG-03: leaves the six mandatory tags to the provider's default tags and overrides none", () => {
    const mandatory = mandatoryTags({
      owner: "plataforma",
      environment: "development",
      costCenter: "ti",
      project: "telemedicina",
    });
    const stack = synth((app) => {
      const test = new TerraformStack(app, "test");
      awsProvider(test, { region: "us-east-1", accountId: "111111111111", defaultTags: mandatory });
      new Network(test, "network", leastProps);
    }).get("test");

    expect(stack?.document["provider"]).toMatchObject({ aws: [{ default_tags: [{ tags: mandatory }] }] });
    for (const block of taggable) {
      expect(
        Object.keys(mandatory).filter((key) => key in tagsOf(block)),
        block.address,
      ).toEqual([]);
    }
  });

  it("TAG-04: gives subnets, route tables and NACLs a Tier of the document's three and what they really are", () => {
    const tiers: Record<string, string> = {
      public: "frontend",
      app: "backend",
      data: "database",
      turn: "frontend",
    };
    const blocks = ["aws_subnet", "aws_route_table", "aws_network_acl"].flatMap((type) => full.all(type));

    expect(blocks).toHaveLength(12 + 6 + 4);
    for (const block of blocks) {
      const { Tier, SubnetTier = "" } = tagsOf(block);
      expect(Tier, block.address).toBe(tiers[SubnetTier]);
    }
  });

  it("TAG-04: uses no Tier and no DataClassification but the document's", () => {
    for (const block of taggable) {
      const { Tier = "frontend", DataClassification = "public" } = tagsOf(block);
      expect(["frontend", "backend", "database"]).toContain(Tier);
      expect(["sensitive", "confidential", "public"]).toContain(DataClassification);
    }
  });

  it("TAG-04: marks flow logs as confidential: they hold IP addresses", () => {
    const [logGroup] = full.all("aws_cloudwatch_log_group");

    expect(logGroup === undefined ? {} : tagsOf(logGroup)).toMatchObject({
      DataClassification: "confidential",
    });
  });
});
