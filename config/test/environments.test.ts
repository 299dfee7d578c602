import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { environmentJsonSchema } from "../src/json-schema.js";
import { loadEnvironments } from "../src/load.js";
import type { EnvironmentConfig } from "../src/schema/environment.js";
import { environmentsDirectory, filesIn } from "./support.js";

const environments = loadEnvironments(environmentsDirectory);
const files = filesIn(environmentsDirectory);

describe("the environment files", () => {
  it("are valid, all three", () => {
    expect(environments.map(({ name }) => name)).toEqual(["development", "production", "staging"]);
  });

  it("size production as the strategy document does", () => {
    const production = environments.find(({ name }) => name === "production");
    expect(production).toMatchObject({
      phase: 2,
      network: {
        nat: "perAz",
        availabilityZones: { a: "sae1-az1", b: "sae1-az2", c: "sae1-az3" },
        flowLogs: { retentionDays: 60 },
        loadBalancerIngress: { from: "cloudfront" },
      },
      database: {
        instanceClass: "db.t3.medium",
        multiAz: true,
        allocatedStorageGiB: 100,
        backupRetentionDays: 7,
        manualSnapshotRetentionDays: 30,
        readReplicas: 2,
        credentials: "secret",
        updateStrategy: "inPlace",
        pooling: { kind: "pgbouncer", poolMode: "transaction", defaultPoolSize: 25 },
        insights: "standard",
        backupReplication: true,
        restore: { from: "none" },
        deletionProtection: { on: true },
      },
      cache: {
        engine: { name: "redis", version: "7.1" },
        nodeType: "cache.t3.medium",
        shards: 2,
        replicasPerShard: 1,
        queue: { nodeType: "cache.t3.small", nodes: 2, deletionProtection: { on: true } },
      },
      storage: {
        crossRegionReplication: true,
        auditLock: { mode: "governance", retentionYears: 1 },
        appointmentLogReaderRoles: [],
        deletionProtection: { on: true },
      },
      compute: {
        instanceTypes: ["t3.medium", "t3.large"],
        minSize: 2,
        desiredCapacity: 3,
        maxSize: 10,
        rootVolumeGiB: 30,
        dataVolumeGiB: 100,
        layout: { kind: "together" },
        scaling: {
          kind: "steps",
          addAboveCpuPercent: 70,
          removeBelowCpuPercent: 30,
          addAboveRequestsPerMinute: 1000,
        },
        loadBalancer: { deletionProtection: { on: true } },
      },
      objectives: {
        application: { criticality: "high", rtoMinutes: 15, rpoMinutes: 0 },
        database: { criticality: "critical", rtoMinutes: 5, rpoMinutes: 5 },
        appointmentLogs: { criticality: "critical", rtoMinutes: 5, rpoMinutes: 5 },
        uploads: { criticality: "high", rtoMinutes: 15, rpoMinutes: 60 },
        cache: { criticality: "low", rtoMinutes: 30, rpoMinutes: "notApplicable" },
        sessions: { criticality: "medium", rtoMinutes: 15, rpoMinutes: "notApplicable" },
        logs: { criticality: "low", rtoMinutes: 60, rpoMinutes: 1440 },
        turn: { criticality: "high", rtoMinutes: 15, rpoMinutes: "notApplicable" },
        websocket: { criticality: "high", rtoMinutes: 10, rpoMinutes: 0 },
      },
    });
  });

  it("keep development and staging frugal: two zones, one NAT gateway, no standby, no copies", () => {
    for (const environment of environments.filter(({ name }) => name !== "production")) {
      expect(Object.keys(environment.network.availabilityZones)).toEqual(["a", "b"]);
      expect(environment.network.nat).toBe("single");
      expect(environment.database).toMatchObject({
        multiAz: false,
        readReplicas: 0,
        backupReplication: false,
        insights: "standard",
      });
      expect(environment.cache).toMatchObject({ replicasPerShard: 0, queue: { nodes: 1 } });
      expect(environment.storage.crossRegionReplication).toBe(false);
    }
  });

  it("choose in staging what production has not chosen, so that each choice runs somewhere", () => {
    const [production, staging] = ["production", "staging"].map((each) =>
      environments.find(({ name }) => name === each),
    );
    expect([chosen(production), chosen(staging)]).toEqual([
      ["amazonLinux2023", "together", "steps", "cloudfront"],
      ["ubuntu2404", "separate", "targetTracking", "cloudfrontVpcOrigin"],
    ]);
  });

  it("are frozen to the last list", () => {
    expect(unfrozen(environments, "environments")).toEqual([]);
  });

  it.each(files)("start with the line that gives editors the schema: $path", ({ text }) => {
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../environment.schema.json");
  });

  it.each(files)("satisfy the JSON Schema that editors use: $path", ({ text }) => {
    const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
      JSON.parse(environmentJsonSchema()),
    );
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
    validate({ ...parse(text), surprise: true });
    expect(validate.errors?.map(({ message }) => message)).toEqual(["must NOT have additional properties"]);
  });
});

describe("environment.schema.json", () => {
  it("is what the schema generates today", () => {
    expect(readFileSync(join(import.meta.dirname, "../environment.schema.json"), "utf8")).toBe(
      environmentJsonSchema(),
    );
  });
});

function chosen(environment: EnvironmentConfig | undefined) {
  return [
    environment?.compute.operatingSystem,
    environment?.compute.layout.kind,
    environment?.compute.scaling.kind,
    environment?.network.loadBalancerIngress.from,
  ];
}

function unfrozen(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => unfrozen(child, `${path}.${key}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}
