import { synthStack } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { AppointmentLogTable, type AppointmentLogTableProps, Bucket } from "../src/index.js";
import { accountId, constructId, keyArn, names, profiles, storage } from "./support.js";

const stack = storage();
const logs = "s3://telemedicina-dev-logs-111111111111-us-east-1";

function table(changes: Partial<AppointmentLogTableProps> = {}) {
  return synthStack((scope) => {
    const bucket = new Bucket(scope, "logs", { names, accountId, ...profiles.logs });
    new AppointmentLogTable(scope, "table", { names, bucket, ...changes });
  });
}

describe("the table over exported appointment logs", () => {
  const found = stack.only("aws_glue_catalog_table");
  const storageDescriptor = found["storage_descriptor"] as Readonly<Record<string, unknown>>;

  it("APL-04: finds the keys appointment-logs/YYYY/MM/ by projection, restored ones too", () => {
    expect(found["table_type"]).toBe("EXTERNAL_TABLE");
    expect(found["partition_keys"]).toEqual([
      { name: "month", type: "string", comment: "yyyy/MM, as in the key" },
    ]);
    expect(found["parameters"]).toEqual({
      classification: "json",
      EXTERNAL: "TRUE",
      "projection.enabled": "true",
      "projection.month.type": "date",
      "projection.month.format": "yyyy/MM",
      "projection.month.range": "2024/01,NOW",
      "projection.month.interval": "1",
      "projection.month.interval.unit": "MONTHS",
      "storage.location.template": `${logs}/appointment-logs/$\${month}/`,
      read_restored_glacier_objects: "true",
    });
  });

  it("APL-04: projects every month onto the folder that the export writes", () => {
    const { parameters } = found as { parameters: Record<string, string> };
    const template = String(parameters["storage.location.template"]).replace("$${", "${");

    expect(template.replace("${month}", "2026/03")).toBe(`${logs}/appointment-logs/2026/03/`);
    expect(String(storageDescriptor["location"])).toBe(`${logs}/appointment-logs/`);
  });

  it("APL-04: reads gzipped JSON lines with the columns of the table, and stops at a line that it cannot read", () => {
    expect(storageDescriptor["ser_de_info"]).toEqual({
      serialization_library: "org.openx.data.jsonserde.JsonSerDe",
      parameters: { "ignore.malformed.json": "FALSE" },
    });
    expect(storageDescriptor["input_format"]).toBe("org.apache.hadoop.mapred.TextInputFormat");
    expect(storageDescriptor["output_format"]).toBe(
      "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    );
    expect(
      (storageDescriptor["columns"] as { name: string; type: string }[]).map(
        ({ name, type }) => `${name} ${type}`,
      ),
    ).toEqual([
      "id string",
      "appointment_id string",
      "user_id string",
      "event string",
      "payload string",
      "exported_to_s3_at string",
      "created_at string",
      "updated_at string",
    ]);
  });

  it("is in a database whose name SQL takes without quotes", () => {
    expect(stack.only("aws_glue_catalog_database")["name"]).toBe(
      "telemedicina_dev_glue_database_records_us_east_1",
    );
    expect(found["name"]).toBe("appointment_logs");
    expect(constructId(found["database_name"])).toBe("database");
  });

  it("IAM-05: keeps results where readers alone can read them, encrypted, whatever the client asks for", () => {
    const workgroup = stack.only("aws_athena_workgroup");

    expect(workgroup["name"]).toBe("telemedicina-dev-athena-records-us-east-1");
    expect(workgroup["force_destroy"]).toBe(false);
    expect(workgroup["configuration"]).toEqual({
      enforce_workgroup_configuration: true,
      publish_cloudwatch_metrics_enabled: true,
      bytes_scanned_cutoff_per_query: 107_374_182_400,
      result_configuration: {
        output_location: `${logs}/athena-results/`,
        expected_bucket_owner: accountId,
        encryption_configuration: { encryption_option: "SSE_KMS", kms_key_arn: keyArn("logs") },
      },
    });
  });

  it("offers a query for the history of an appointment", () => {
    const query = stack.only("aws_athena_named_query");

    expect(query["query"]).toContain("FROM appointment_logs");
    expect(constructId(query["workgroup"])).toBe("workgroup");
    expect(constructId(query["database"])).toBe("database");
  });

  it("takes another first month and another limit", () => {
    const changed = table({ firstMonth: "2022/11", scanLimitGib: 1 });

    expect(changed.only("aws_glue_catalog_table")["parameters"]).toMatchObject({
      "projection.month.range": "2022/11,NOW",
    });
    expect(changed.only("aws_athena_workgroup")["configuration"]).toMatchObject({
      bytes_scanned_cutoff_per_query: 1_073_741_824,
    });
  });

  it("fails over another bucket, from no month, and without a limit", () => {
    const wrong = () =>
      synthStack((scope) => {
        const bucket = new Bucket(scope, "uploads", { names, accountId, ...profiles.uploads });
        new AppointmentLogTable(scope, "table", { names, bucket, firstMonth: "2024-1", scanLimitGib: 0 });
      });

    expect(wrong).toThrow(
      new Error(
        "test/table has 3 faults:\n" +
          "  - test/table: bucket is one for uploads. Allowed: a bucket for logs, where appointment-logs/ is.\n" +
          '  - test/table: firstMonth is "2024-1". Allowed: the year and month of the oldest record as yyyy/MM, such as 2024/01.\n' +
          "  - test/table: scanLimitGib is 0. Allowed: a whole number of GiB, at least 1.",
      ),
    );
  });
});
