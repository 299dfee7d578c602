import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { bare, describeAllowed, waysToWrite } from "../src/allowed.js";
import { environmentJsonSchema } from "../src/json-schema.js";
import { parseEnvironments } from "../src/load.js";
import { environmentSchema } from "../src/schema/environment.js";
import { regions, zoneIdsByRegion } from "../src/schema/regions.js";
import { development, faultsOf, production } from "./support.js";

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

  it("shows every alternative of a union to whoever writes a word where a mapping belongs", () => {
    const unions = nodes.flatMap(({ path, schema }) =>
      schema instanceof z.ZodDiscriminatedUnion ? [{ path, schema }] : [],
    );
    expect(unions.length).toBeGreaterThan(15);
    for (const { path, schema } of unions) {
      const ways = waysToWrite(schema);
      expect(ways.size, path).toBe(schema.options.length);
      for (const [word, way] of ways) {
        const written = parse(way) as Record<string, unknown>;
        expect(String(written[schema.def.discriminator]), path).toBe(word);
        // Its keys are enough, and none too many: what is wrong with it is the … alone.
        const faults = schema.safeParse(written).error?.issues ?? [];
        const blanks = Object.keys(written).filter((key) => written[key] === "…");
        expect(
          faults.filter((issue) => !blanks.includes(String(issue.path[0]))),
          `${path} ${word}`,
        ).toEqual([]);
      }
    }
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
        loadBalancerIngress: { from: "cloudfront", sentOriginHeader: "A" },
      },
      dns: {
        zone: { from: "create" },
        certificateAuthorities: ["amazon.com", "letsencrypt.org"],
        wildcardCertificates: false,
      },
      security: {
        secretVersions: {
          database: 1,
          redis: 1,
          appKey: 1,
          reverb: 1,
          turn: 1,
          originHeaderA: 1,
          originHeaderB: 1,
        },
        secretRecoveryDays: 30,
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
        credentials: "secret",
        updateStrategy: "inPlace",
        pooling: { kind: "none" },
        slowQueryMilliseconds: 1000,
        logRetentionDays: 90,
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
        multiAz: true,
        snapshotRetentionDays: 1,
        snapshotWindow: "05:00-06:00",
        maintenanceWindow: "sun:08:00-sun:09:00",
        logRetentionDays: 60,
        queue: {
          nodeType: "cache.t3.small",
          nodes: 2,
          snapshotRetentionDays: 1,
          maintenanceWindow: "sun:09:30-sun:10:30",
          deletionProtection: { on: true },
        },
      },
      storage: {
        crossRegionReplication: true,
        applicationLogArchiveDays: 2557,
        infrastructureLogArchiveDays: 365,
        clinicalRetentionYears: 20,
        dailyBackupRetentionDays: 30,
        auditLock: { mode: "governance", retentionYears: 1 },
        appointmentLogReaderRoles: [],
        deletionProtection: { on: true },
      },
      compute: {
        operatingSystem: "amazonLinux2023",
        image: { from: "latest" },
        instanceTypes: ["t3.medium", "t3.large"],
        minSize: 2,
        desiredCapacity: 3,
        maxSize: 10,
        rootVolumeGiB: 30,
        dataVolumeGiB: 100,
        layout: { kind: "together" },
        workerProcesses: 4,
        workerStopSeconds: 3600,
        reverbMaxConnections: 1000,
        scaling: {
          kind: "steps",
          addAboveCpuPercent: 70,
          addFastAboveCpuPercent: 90,
          removeBelowCpuPercent: 30,
          addAboveRequestsPerMinute: 1000,
        },
        healthCheckGraceSeconds: 600,
        maxInstanceLifetimeDays: 30,
        certificate: { from: "dns" },
        loadBalancer: {
          idleTimeoutSeconds: 300,
          deregistrationSeconds: 300,
          deletionProtection: { on: true },
        },
      },
      cdn: {
        priceClass: "PriceClass_All",
        hstsMaxAgeSeconds: 31_536_000,
        immutableMaxAgeSeconds: 31_536_000,
        dynamicMaxAgeSeconds: 300,
        geo: { kind: "none" },
        signedFiles: { publicKeys: [] },
        maintenancePage: true,
        healthCheck: true,
        realtimeMetrics: true,
        csp: { connect: [], scripts: [], styles: [], fonts: [], images: [], media: [], frames: [] },
      },
      waf: {
        mode: { action: "block" },
        groups: {
          ipReputation: { action: "block" },
          knownBadInputs: { action: "block" },
          common: { action: "block" },
          sqli: { action: "block" },
          php: { action: "block" },
        },
        uploadPaths: ["/uploads/*", "/api/uploads/*"],
        exceptions: [],
        rateLimits: {
          everything: { requests: 2000, windowSeconds: 300 },
          login: { requests: 100, windowSeconds: 300 },
          webSockets: { requests: 2000, windowSeconds: 300 },
        },
        countries: { kind: "all" },
        blockedNetworks: [],
        bodyInspectionKiB: 64,
        logs: { retentionDays: 365, requests: "all", queryStrings: "hidden" },
      },
      turn: {
        instanceType: "t3.medium",
        zones: ["a", "b"],
        credentialTtlMinutes: 60,
        drainMinutes: 60,
        userQuota: 12,
        deletionProtection: { on: true },
      },
      pipeline: {
        connection: { from: "create" },
        trigger: "codePipeline",
        branch: "main",
        approval: false,
        strategy: { kind: "rolling" },
      },
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

  it("fills in a pooler's own defaults", () => {
    const pooling = (kind: string) =>
      parseEnvironments([
        { path: "production.yaml", text: `${production}database: { pooling: { kind: ${kind} } }\n` },
      ])[0]?.database.pooling;
    expect(pooling("pgbouncer")).toEqual({
      kind: "pgbouncer",
      poolMode: "transaction",
      maxPreparedStatements: 0,
      defaultPoolSize: 20,
      maxClientConnections: 500,
    });
    expect(pooling("rdsProxy")).toEqual({
      kind: "rdsProxy",
      maxConnectionsPercent: 80,
      maxIdleConnectionsPercent: 40,
      connectionBorrowTimeoutSeconds: 30,
      idleClientTimeoutSeconds: 1800,
    });
  });

  it("fills in the defaults of the layout and the scaling that is chosen", () => {
    const text = `${production}compute: { layout: { kind: separate }, scaling: { kind: targetTracking } }\n`;
    const [environment] = parseEnvironments([{ path: "production.yaml", text }]);
    expect(environment?.compute.layout).toEqual({
      kind: "separate",
      workers: {
        instanceTypes: ["t3.medium", "t3.large"],
        minSize: 2,
        desiredCapacity: 2,
        maxSize: 4,
        addAboveQueueDepth: 1000,
      },
      scheduler: { instanceTypes: ["t3.small"] },
    });
    expect(environment?.compute.scaling).toEqual({
      kind: "targetTracking",
      cpuPercent: 70,
      requestsPerMinute: 1000,
    });
  });

  it.each([
    ["ami-01234567", []],
    ["ami-0123456789abcdef0", []],
    ["ami-0123456789abcdef", ["wrong-form"]],
    ["ami-0123456789ABCDEF0", ["wrong-form"]],
    ["resolve:ssm:/aws/service/ami", ["wrong-form"]],
  ])("judges the image %s", (amiId, expected) => {
    expect(computeFaults(`image: { from: pinned, amiId: "${amiId}" }`)).toEqual(expected);
  });

  it.each([
    ["a", []],
    ["ops key 2026", []],
    ["ops@laptop_1.x+y-z", []],
    ["a".repeat(255), []],
    ["a".repeat(256), ["wrong-form"]],
    ["ops ", ["wrong-form"]],
    ["${ops}", ["wrong-form"]],
  ])("judges the key pair %j", (name, expected) => {
    expect(computeFaults(`sshKeyName: "${name}"`, "adminCidrs: [203.0.113.0/24]\n")).toEqual(expected);
  });

  it.each(["7.0", "7.1", "7.10"])("takes Redis %s", (version) => {
    expect(engineFaults("redis", version)).toEqual([]);
  });

  it.each(["7", "7.", "7.01", "7.-1", "7.1.2", "8.1", "6.2", " 7.1"])("refuses Redis %j", (version) => {
    expect(engineFaults("redis", version)).toEqual(["wrong-form"]);
  });

  it.each(["8.0", "8.2"])("takes Valkey %s", (version) => {
    expect(engineFaults("valkey", version)).toEqual([]);
  });

  it.each([
    ["a letter of any alphabet", "Ambiente de demonstração", []],
    ["what a tag may hold", "OPS-42: rebuilt by dev@company.com = 1/day", []],
    ["a blank only", " ".repeat(10), ["wrong-form"]],
    ["a line break", "rebuilt often\\nno data", ["wrong-form"]],
    ["a template", "rebuilt ${often} here", ["wrong-form"]],
    ["nine characters", "a".repeat(9), ["too-small"]],
    ["256 characters", "a".repeat(256), []],
    ["257 characters", "a".repeat(257), ["too-big"]],
  ])("judges %s in the reason of a deletion", (_, reason, expected) => {
    const text = `${development}database: { deletionProtection: { on: false, reason: "${reason}" } }\n`;
    expect(faultsOf([{ path: "development.yaml", text }]).map(({ rule }) => rule)).toEqual(expected);
  });

  it.each([
    ["letters, digits and blanks", "Load test of Março - ends on 03/31 @ops", []],
    ["a comma", "Load test, ends in March", ["wrong-form"]],
    ["a blank only", " ".repeat(10), ["wrong-form"]],
    ["a line break", "load test\\nof March", ["wrong-form"]],
    ["a tab", "load test\\tof March", ["wrong-form"]],
    ["a template", "load test of %{ month }", ["wrong-form"]],
    ["256 characters", "a".repeat(256), []],
  ])("judges %s in the reason of an open load balancer", (_, reason, expected) => {
    const text = production.replace(
      "  nat: perAz",
      `  nat: perAz\n  loadBalancerIngress: { from: internet, reason: "${reason}" }`,
    );
    expect(faultsOf([{ path: "production.yaml", text }]).map(({ rule }) => rule)).toEqual(expected);
  });

  it("takes GitHub's ids", () => {
    const ids = { owner: "194412335", repository: "1023445566" };
    const text = production.replace(
      "repository: infrastructure }",
      `repository: infrastructure, ids: ${JSON.stringify(ids)} }`,
    );
    expect(parseEnvironments([{ path: "production.yaml", text }])[0]?.github.ids).toEqual(ids);
  });

  it("tells an absent optional key from one that is undefined", () => {
    const [environment] = parseEnvironments([{ path: "production.yaml", text: production }]);
    expect(environment && "assumeRoleArn" in environment).toBe(false);
    expect(environment && "ids" in environment.github).toBe(false);
    expect(environment && "c" in environment.network.availabilityZones).toBe(false);
  });
});

function computeFaults(line: string, before = ""): string[] {
  const text = `${production}${before}compute: { ${line} }\n`;
  return faultsOf([{ path: "production.yaml", text }]).map(({ rule }) => rule);
}

function engineFaults(name: string, version: string): string[] {
  const text = `${production}cache: { engine: { name: ${name}, version: "${version}" } }\n`;
  return faultsOf([{ path: "production.yaml", text }]).map(({ rule }) => rule);
}

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
  const {
    properties = {},
    oneOf = [],
    anyOf = [],
  } = schema as {
    properties?: Record<string, { description?: string }>;
    oneOf?: unknown[];
    anyOf?: unknown[];
  };
  return [
    ...[...oneOf, ...anyOf].flatMap((option) => undocumented(option, path)),
    ...Object.entries(properties).flatMap(([key, child]) => [
      ...(child.description === undefined ? [`${path}.${key}`] : []),
      ...undocumented(child, `${path}.${key}`),
    ]),
  ];
}
