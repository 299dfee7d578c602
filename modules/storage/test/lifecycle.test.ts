import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysAfterExport, type LogRetention } from "../src/index.js";
import { fate, rulesByBucket, rulesOf } from "./lifecycle-oracle.js";
import { bucket, bucketOf, profiles, replicatedStorage } from "./support.js";

const stack = replicatedStorage();

const tail = fc.array(fc.stringMatching(/^[A-Za-z0-9_.=-]{1,12}$/), { minLength: 1, maxLength: 5 });
const under = (prefix: string) => tail.map((parts) => `${prefix}${parts.join("/")}`);
const month = fc
  .tuple(fc.integer({ min: 2020, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => [String(year), String(number).padStart(2, "0")] as const);
const appointmentLog = fc.oneof(
  under("appointment-logs/"),
  month.map(([year, mm]) => `appointment-logs/${year}/${mm}/appointment_logs_${year}${mm}_0001.json.gz`),
);
const anyRetention: fc.Arbitrary<LogRetention> = fc.record({
  applicationLogDays: fc.integer({ min: 2557, max: 36_500 }),
  infrastructureLogDays: fc.integer({ min: 30, max: 3650 }),
  clinicalRetentionYears: fc.integer({ min: 7, max: 100 }),
});

describe("what may never be touched", () => {
  it("STO-08: no rule of any bucket, replicas included, expires an appointment log or destroys a version of it", () => {
    const logBuckets = [...rulesByBucket(stack)].filter(([id]) => id.startsWith("logs"));
    expect(logBuckets.map(([id]) => id).sort()).toEqual(["logs", "logs-replica"]);

    fc.assert(
      fc.property(appointmentLog, fc.constantFrom(...logBuckets), (key, [, rules]) => {
        expect(fate(rules, key)).toMatchObject({ expires: undefined, oldVersionsGo: undefined });
      }),
    );
  });

  it("STO-08: nor does it under any retention that can be configured", () => {
    fc.assert(
      fc.property(anyRetention, appointmentLog, under("app/"), (retention, record, log) => {
        const rules = rulesOf(bucket({ ...profiles.logs, retention }), "bucket");

        expect(fate(rules, record)).toMatchObject({ expires: undefined, oldVersionsGo: undefined });
        expect(fate(rules, log).expires).toBeGreaterThanOrEqual(2557);
      }),
      { numRuns: 25 },
    );
  });

  it("STO-08, T-46: application logs live seven years, and what is overwritten a year more", () => {
    fc.assert(
      fc.property(under("app/"), fc.constantFrom("logs", "logs-replica"), (key, id) => {
        const { expires, oldVersionsGo } = fate(rulesOf(stack, id), key);
        expect(expires).toBe(2557);
        expect(oldVersionsGo).toBe(365);
      }),
    );
  });

  it("no key of the logs bucket expires before a year, but results of queries", () => {
    const key = fc.oneof(
      tail.map((parts) => parts.join("/")),
      under("app"),
      under("appointment-logs"),
    );
    fc.assert(
      fc.property(key, (found) => {
        fc.pre(!found.startsWith("athena-results/"));
        expect(fate(rulesOf(stack, "logs"), found).expires ?? 365).toBeGreaterThanOrEqual(365);
      }),
    );
  });

  it("uploads and the audit trail never expire; of the trail no version is destroyed either", () => {
    fc.assert(
      fc.property(tail, (parts) => {
        const key = parts.join("/");
        expect(fate(rulesOf(stack, "uploads"), key)).toMatchObject({ expires: undefined, oldVersionsGo: 90 });
        expect(fate(rulesOf(stack, "uploads-replica"), key).expires).toBeUndefined();
        expect(fate(rulesOf(stack, "audit"), key)).toMatchObject({
          expires: undefined,
          oldVersionsGo: undefined,
        });
      }),
    );
  });
});

describe("the three tiers of appointment logs", () => {
  const exported = "appointment-logs/2024/01/appointment_logs_202401_0001.json.gz";

  it("RET-13, RET-14: stay in Standard for five years after the export, then go to Deep Archive", () => {
    for (const id of ["logs", "logs-replica"]) {
      expect(fate(rulesOf(stack, id), exported).classes).toEqual([[1825, "DEEP_ARCHIVE"]]);
    }
  });

  it("APL-05: are kept there for ever", () => {
    expect(fate(rulesOf(stack, "logs"), exported).expires).toBeUndefined();
  });

  it("LGPD-10: can be kept for twenty years and then destroyed, versions included, never earlier", () => {
    const retention = { clinicalRetentionYears: 20, expireAppointmentLogs: true };
    const { expires, oldVersionsGo } = fate(
      rulesOf(bucket({ ...profiles.logs, retention }), "bucket"),
      exported,
    );

    expect(expires).toBe(6575);
    expect(oldVersionsGo).toBe(6575);
  });

  it("LGPD-10: an export two years after the event is not destroyed before its anniversary, leap days included", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
        fc.integer({ min: 7, max: 100 }),
        (event, years) => {
          const exportedAt = new Date(event.getTime() + 730 * 86_400_000);
          const destroyed = new Date(exportedAt.getTime() + daysAfterExport(years) * 86_400_000);
          const anniversary = new Date(event);
          anniversary.setUTCFullYear(event.getUTCFullYear() + years);
          expect(destroyed.getTime()).toBeGreaterThanOrEqual(anniversary.getTime());
        },
      ),
    );
  });

  it("clinical retention alone destroys nothing", () => {
    const rules = rulesOf(bucket({ ...profiles.logs, retention: { clinicalRetentionYears: 7 } }), "bucket");

    expect(fate(rules, exported).expires).toBeUndefined();
  });

  it("RET-14: go however small a month's export is", () => {
    for (const { attributes } of stack.all("aws_s3_bucket_lifecycle_configuration")) {
      expect(attributes["transition_default_minimum_object_size"]).toBe("varies_by_storage_class");
    }
  });
});

describe("the rules of each bucket", () => {
  it("RET-05: infrastructure logs go to Glacier after 90 days and expire after a year", () => {
    expect(fate(rulesOf(stack, "logs"), "infra/alb/2026/01/x.gz")).toEqual({
      expires: 365,
      oldVersionsGo: 30,
      classes: [[90, "GLACIER"]],
    });
  });

  it("application logs go to Glacier after 90 days", () => {
    expect(fate(rulesOf(stack, "logs"), "app/2026/01/x.gz").classes).toEqual([[90, "GLACIER"]]);
  });

  it("periods too short for Glacier's least stay skip it", () => {
    const retention = { applicationLogDays: 179, infrastructureLogDays: 180 };
    const rules = rulesOf(bucket({ ...profiles.logs, retention }), "bucket");

    expect(fate(rules, "app/x")).toEqual({ expires: 179, oldVersionsGo: 179, classes: [] });
    expect(fate(rules, "infra/x")).toEqual({ expires: 180, oldVersionsGo: 30, classes: [[90, "GLACIER"]] });
  });

  it("STO-08: what AWS delivers expires after 90 days, under the prefixes it is delivered to alone", () => {
    for (const id of ["access-logs", "access-logs-replica"]) {
      const rules = rulesOf(stack, id);
      for (const key of [
        "alb/AWSLogs/1/x.gz",
        "alb-connections/AWSLogs/1/x.gz",
        "cloudfront/x.gz",
        "s3/uploads/1/x",
      ]) {
        expect(fate(rules, key)).toEqual({ expires: 90, oldVersionsGo: 1, classes: [] });
      }
      expect(fate(rules, "alb-archive/x").expires).toBeUndefined();
    }
  });

  it("results of queries over medical records are gone after a week", () => {
    expect(fate(rulesOf(stack, "logs"), "athena-results/x.csv")).toEqual({
      expires: 7,
      oldVersionsGo: 1,
      classes: [],
    });
  });

  it("uploads find their own class after 30 days, with instant access", () => {
    expect(fate(rulesOf(stack, "uploads"), "p/1.pdf").classes).toEqual([[30, "INTELLIGENT_TIERING"]]);
  });

  it("daily dumps expire after 30 days or as configured; other backups are kept", () => {
    expect(fate(rulesOf(stack, "backups"), "daily/2026-01-01.dump").expires).toBe(30);
    expect(fate(rulesOf(stack, "backups"), "before-migration.dump").expires).toBeUndefined();
    const rules = rulesOf(bucket({ ...profiles.backups, dailyRetentionDays: 7 }), "bucket");
    expect(fate(rules, "daily/2026-01-01.dump").expires).toBe(7);
  });

  it("STO-15: builds are kept, of old ones the ten newest whatever their age", () => {
    const [rule] = rulesOf(stack, "deployments").filter(({ id }) => id === "old-versions");

    expect(fate(rulesOf(stack, "deployments"), "app/1.zip").expires).toBeUndefined();
    expect(rule?.noncurrent_version_expiration).toEqual([
      { noncurrent_days: 90, newer_noncurrent_versions: 10 },
    ]);
  });

  it("STO-13: old versions, aborted uploads and lone delete markers are cleared away everywhere", () => {
    for (const [id, rules] of rulesByBucket(stack)) {
      expect(rules[0]).toEqual({
        id: "clean-up",
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ expired_object_delete_marker: true }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      });
      const clearing = rules.filter((rule) => rule.noncurrent_version_expiration !== undefined);
      expect([id, clearing.length > 0]).toEqual([id, id !== "audit"]);
    }
  });

  it("comes after versioning, without which it means something else", () => {
    for (const block of stack.all("aws_s3_bucket_lifecycle_configuration")) {
      expect(block.attributes["depends_on"]).toEqual([
        expect.stringContaining(`storage_${bucketOf(block)}_versioning_`),
      ]);
    }
  });

  it("takes rules of the caller's for prefixes of his own", () => {
    const lifecycleRules = [{ id: "waf", prefix: "waf/", expireAfterDays: 365 }];
    const rules = rulesOf(bucket(profiles.logs, { lifecycleRules }), "bucket");

    expect(fate(rules, "waf/x")).toMatchObject({ expires: 365 });
  });
});
