import { describe, expect, it } from "vitest";
import { z } from "zod";
import { bare, describeAllowed } from "../src/allowed.js";
import { environmentJsonSchema } from "../src/json-schema.js";
import { parseEnvironments } from "../src/load.js";
import { environmentSchema } from "../src/schema/environment.js";
import { regions, zoneIdsByRegion } from "../src/schema/regions.js";
import { production } from "./support.js";

interface Node {
  readonly path: string;
  readonly schema: z.ZodType;
}

const nodes = walk("", environmentSchema);

describe("the schema", () => {
  it("refuses unknown keys in every mapping", () => {
    const mappings = nodes.filter(({ schema }) => schema instanceof z.ZodObject);
    expect(mappings.length).toBeGreaterThan(25);
    for (const { path, schema } of mappings) {
      const issues = schema.safeParse({ surprise: 1 }).error?.issues ?? [];
      expect(issues.filter(({ code }) => code === "unrecognized_keys").length, path).toBe(1);
    }
  });

  it("has words for every value that it may refuse", () => {
    for (const { path, schema } of nodes) expect(describeAllowed(schema), path).not.toBe("");
  });

  it("documents every key", () => {
    expect(undocumented(JSON.parse(environmentJsonSchema()), "")).toEqual([]);
  });

  it("lists zones that belong to their region", () => {
    const prefixes = { "us-east-1": "use1", "us-east-2": "use2", "us-west-2": "usw2", "sa-east-1": "sae1" };
    expect([...regions].sort()).toEqual(Object.keys(zoneIdsByRegion).sort());
    for (const region of regions) {
      for (const zone of zoneIdsByRegion[region])
        expect(zone).toMatch(new RegExp(`^${prefixes[region]}-az[1-6]$`));
    }
  });

  it("has safe defaults", () => {
    const [environment] = parseEnvironments([{ path: "production.yaml", text: production }]);
    expect(environment).toEqual({
      name: "production",
      accountId: "333333333333",
      region: "sa-east-1",
      drRegion: "us-east-1",
      domain: "telemedicina.example.com",
      phase: 2,
      owner: "devops-team@company.com",
      costCenter: "telemedicina",
      github: { owner: "telemedicina-para-todos", repository: "infrastructure" },
      adminCidrs: [],
      state: { backend: "s3" },
      bootstrap: {
        githubOidcProvider: "create",
        accountPublicAccessBlock: "create",
        ebsEncryptionByDefault: "create",
        instanceMetadataDefaults: "create",
      },
      network: {
        cidr: "10.30.0.0/16",
        availabilityZones: { a: "sae1-az1", b: "sae1-az2" },
        nat: "perAz",
        flowLogs: { retentionDays: 60 },
        gatewayEndpoints: ["s3"],
        interfaceEndpoints: ["ssm", "ssmmessages", "ec2messages", "logs", "secretsmanager", "kms"],
        loadBalancerIngress: { from: "cloudfront" },
      },
      database: {
        instanceClass: "db.t3.medium",
        multiAz: true,
        allocatedStorageGiB: 100,
        maxAllocatedStorageGiB: 500,
        backupRetentionDays: 7,
        manualSnapshotRetentionDays: 30,
        backupWindow: "06:00-06:30",
        maintenanceWindow: "sun:07:00-sun:08:00",
        readReplicas: 0,
        deletionProtection: true,
      },
      cache: {
        nodeType: "cache.t3.medium",
        shards: 2,
        replicasPerShard: 1,
        multiAz: true,
        snapshotRetentionDays: 1,
      },
      storage: {
        crossRegionReplication: true,
        applicationLogArchiveDays: 2557,
        infrastructureLogArchiveDays: 365,
        clinicalRetentionYears: 20,
      },
      compute: {
        instanceTypes: ["t3.medium", "t3.large"],
        minSize: 2,
        desiredCapacity: 3,
        maxSize: 10,
        rootVolumeGiB: 30,
        dataVolumeGiB: 100,
        scaling: { addAboveCpuPercent: 70, removeBelowCpuPercent: 30, addAboveRequestsPerMinute: 1000 },
      },
      cdn: {
        priceClass: "PriceClass_All",
        hstsMaxAgeSeconds: 31_536_000,
        immutableMaxAgeSeconds: 31_536_000,
        dynamicMaxAgeSeconds: 300,
      },
      turn: {
        instanceType: "t3.medium",
        zones: ["a", "b"],
        credentialTtlMinutes: 60,
        secretRotationDays: 30,
      },
      pipeline: { trigger: "codePipeline", branch: "main" },
      observability: {
        applicationLogDays: 90,
        infrastructureLogDays: 90,
        alarmEmails: ["devops-team@company.com"],
      },
      objectives: expect.objectContaining({
        database: { criticality: "critical", rtoMinutes: 5, rpoMinutes: 5 },
      }),
    });
  });

  it("tells an absent optional key from one that is undefined", () => {
    const [environment] = parseEnvironments([{ path: "production.yaml", text: production }]);
    expect(environment && "assumeRoleArn" in environment).toBe(false);
    expect(environment && "c" in environment.network.availabilityZones).toBe(false);
  });
});

/** Every schema below one, without the wrappers that carry defaults. */
function walk(path: string, schema: z.ZodType): Node[] {
  const inner = bare(schema);
  const here = { path, schema: inner };
  if (inner instanceof z.ZodObject) {
    return [
      here,
      ...Object.entries(inner.shape).flatMap(([key, child]) => walk(`${path}.${key}`, child as z.ZodType)),
    ];
  }
  if (inner instanceof z.ZodArray) return [here, ...walk(`${path}[]`, inner.element as z.ZodType)];
  if (inner instanceof z.ZodUnion) {
    return [here, ...inner.options.flatMap((option, index) => walk(`${path}|${index}`, option as z.ZodType))];
  }
  return [here];
}

function undocumented(schema: unknown, path: string): string[] {
  const { properties = {}, oneOf = [] } = schema as {
    properties?: Record<string, { description?: string }>;
    oneOf?: unknown[];
  };
  return [
    ...oneOf.flatMap((option) => undocumented(option, path)),
    ...Object.entries(properties).flatMap(([key, child]) => [
      ...(child.description === undefined ? [`${path}.${key}`] : []),
      ...undocumented(child, `${path}.${key}`),
    ]),
  ];
}
