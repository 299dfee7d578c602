import { describe, expect, it } from "vitest";
import { mandatoryTags, resourceTags } from "../src/index.js";

const props = {
  owner: "plataforma@example.com",
  environment: "production",
  costCenter: "ti-100",
  project: "telemedicina",
} as const;

describe("tags", () => {
  it("TAG-03: makes the six mandatory tags", () => {
    expect(mandatoryTags(props)).toEqual({
      Owner: "plataforma@example.com",
      Environment: "production",
      CostCenter: "ti-100",
      Project: "telemedicina",
      ManagedBy: "infrastructure-as-code",
      Backup: "false",
    });
  });

  it("TAG-03: writes Backup as the text true or false", () => {
    expect(mandatoryTags({ ...props, backup: true })["Backup"]).toBe("true");
    expect(mandatoryTags({ ...props, backup: false })["Backup"]).toBe("false");
  });

  it.each(["production", "staging", "development"] as const)(
    "T-44: tags %s by its long form",
    (environment) => {
      expect(mandatoryTags({ ...props, environment })["Environment"]).toBe(environment);
    },
  );

  it("TAG-01: gives a resource its Name and nothing it was not given", () => {
    expect(resourceTags("telemedicina-prod-vpc-us-east-1")).toEqual({
      Name: "telemedicina-prod-vpc-us-east-1",
    });
  });

  it("TAG-04: adds the optional tags that have a meaning for the resource", () => {
    expect(resourceTags("n", { tier: "database", dataClassification: "sensitive", version: "16.4" })).toEqual(
      {
        Name: "n",
        Tier: "database",
        DataClassification: "sensitive",
        Version: "16.4",
      },
    );
  });
});
