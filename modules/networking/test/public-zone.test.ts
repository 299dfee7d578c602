import { synthStack } from "@telemedicina/core/testing";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { PublicZone } from "../src/index.js";
import { names } from "./support.js";

const stack = synthStack((scope) => {
  const zone = new PublicZone(scope, "public-zone", { names, domain: "dev.telemedicina.example.com" });
  new TerraformOutput(scope, "id", { value: zone.zoneId, staticId: true });
  new TerraformOutput(scope, "name_servers", { value: zone.nameServers, staticId: true });
});

const [zone] = stack.all("aws_route53_zone");

describe("PublicZone", () => {
  it("NET-12: is a public zone of the domain", () => {
    expect(zone?.attributes["name"]).toBe("dev.telemedicina.example.com");
    expect(zone?.attributes).not.toHaveProperty("vpc");
    expect(stack.document["output"]).toEqual({
      id: { value: `\${${zone?.address}.zone_id}` },
      name_servers: { value: `\${${zone?.address}.name_servers}` },
    });
  });

  it("is not deleted while it has records of others", () => {
    expect(zone?.attributes["force_destroy"]).toBe(false);
  });

  it("TAG-01: has a name that people can find", () => {
    expect(zone?.attributes["tags"]).toEqual({
      Name: "telemedicina-dev-zone-us-east-1",
    });
  });
});
