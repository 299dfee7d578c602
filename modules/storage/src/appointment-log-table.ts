import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query/index.js";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup/index.js";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database/index.js";
import {
  GlueCatalogTable,
  type GlueCatalogTableStorageDescriptor,
} from "@cdktf/provider-aws/lib/glue-catalog-table/index.js";
import { faultsError, type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import type { Bucket } from "./bucket.js";
import { monthFaultText, scanLimitFaultText, tableBucketFaultText } from "./errors.js";
import { logPrefixes } from "./log-retention.js";

export interface AppointmentLogTableProps {
  readonly names: NameScope;
  /** The logs bucket. */
  readonly bucket: Bucket;
  /**
   * Month of the oldest record, `yyyy/MM`: Athena looks at no earlier one, and at every later one.
   * @default "2024/01"
   */
  readonly firstMonth?: string | undefined;
  /**
   * Most that one query may read, in GiB; Athena stops it there. It costs about 0.005 US dollars a GiB.
   * @default 100
   */
  readonly scanLimitGib?: number | undefined;
}

/**
 * The columns of the table `appointment_logs`, one JSON object a line. All are text: the export writes
 * ISO 8601 times, which Athena's own timestamp does not parse, and `payload` stays JSON whatever an
 * event puts into it. `from_iso8601_timestamp` and `json_extract_scalar` do the rest.
 */
export const appointmentLogColumns = [
  { name: "id", comment: "uuid" },
  { name: "appointment_id", comment: "uuid of the appointment" },
  { name: "user_id", comment: "uuid of who acted; empty once the account is gone" },
  {
    name: "event",
    comment: "created, cancelled, started, ended, rescheduled, no_show, updated or deleted",
  },
  { name: "payload", comment: "JSON" },
  { name: "exported_to_s3_at", comment: "ISO 8601" },
  { name: "created_at", comment: "ISO 8601" },
  { name: "updated_at", comment: "ISO 8601" },
] as const;

const TABLE = "appointment_logs";
const MONTH = /^\d{4}\/(?:0[1-9]|1[0-2])$/;
const GIB = 1024 ** 3;

/**
 * Makes exported appointment logs queryable with Athena where they are: a table over
 * `appointment-logs/YYYY/MM/`, and a workgroup that keeps results encrypted in the logs bucket for
 * seven days. Costs nothing until somebody queries.
 *
 * What has gone to Deep Archive is passed over until it is restored. The data belongs to the bucket:
 * deleting the table destroys none.
 */
export class AppointmentLogTable extends Construct {
  readonly databaseName: string;
  readonly tableName: string;
  readonly workgroupName: string;
  readonly workgroupArn: string;

  constructor(scope: Construct, id: string, props: AppointmentLogTableProps) {
    super(scope, id);
    const faults = tableFaults(props);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const database = this.database(props);
    const table = this.table(database, props);
    const workgroup = this.workgroup(props);
    new AthenaNamedQuery(this, "history-query", {
      name: "History of an appointment",
      description: "Put the appointment's id and the months it may lie in.",
      workgroup: workgroup.id,
      database: database.name,
      query: historyQuery(),
    });
    this.databaseName = database.name;
    this.tableName = table.name;
    this.workgroupName = workgroup.name;
    this.workgroupArn = workgroup.arn;
  }

  private database({ names }: AppointmentLogTableProps): GlueCatalogDatabase {
    const name = resourceName(names, "glue-database", "records");
    return new GlueCatalogDatabase(this, "database", {
      // SQL takes a name with hyphens only in quotes.
      name: name.replaceAll("-", "_"),
      description: "Records that have left the database for S3",
      tags: resourceTags(name, { dataClassification: "sensitive" }),
    });
  }

  private table(database: GlueCatalogDatabase, props: AppointmentLogTableProps): GlueCatalogTable {
    const location = `s3://${props.bucket.bucketName}/${logPrefixes.appointmentLogs}`;
    return new GlueCatalogTable(this, "table", {
      databaseName: database.name,
      name: TABLE,
      description: "Exported appointment logs, by the month in which they were created",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        classification: "json",
        EXTERNAL: "TRUE",
        "projection.enabled": "true",
        "projection.month.type": "date",
        "projection.month.format": "yyyy/MM",
        "projection.month.range": `${props.firstMonth ?? "2024/01"},NOW`,
        "projection.month.interval": "1",
        "projection.month.interval.unit": "MONTHS",
        // Two dollar signs for Terraform, one for Athena.
        "storage.location.template": `${location}$\${month}/`,
        read_restored_glacier_objects: "true",
      },
      partitionKeys: [{ name: "month", type: "string", comment: "yyyy/MM, as in the key" }],
      storageDescriptor: jsonLines(location),
    });
  }

  private workgroup({ names, bucket, scanLimitGib }: AppointmentLogTableProps): AthenaWorkgroup {
    const name = resourceName(names, "athena", "records");
    return new AthenaWorkgroup(this, "workgroup", {
      name,
      description: "Queries over exported appointment logs",
      forceDestroy: false,
      configuration: {
        // Otherwise a client may send the results, which are medical records, where it likes.
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: (scanLimitGib ?? 100) * GIB,
        resultConfiguration: {
          outputLocation: `s3://${bucket.bucketName}/${logPrefixes.queryResults}`,
          expectedBucketOwner: bucket.accountId,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: String(bucket.kmsKeyArn) },
        },
      },
      tags: resourceTags(name, { dataClassification: "sensitive" }),
    });
  }
}

function tableFaults({ bucket, firstMonth, scanLimitGib = 1 }: AppointmentLogTableProps): string[] {
  const faults: string[] = [];
  if (bucket.purpose !== "logs") faults.push(tableBucketFaultText(bucket.purpose));
  if (firstMonth !== undefined && !MONTH.test(firstMonth)) faults.push(monthFaultText(firstMonth));
  if (!Number.isInteger(scanLimitGib) || scanLimitGib < 1) faults.push(scanLimitFaultText(scanLimitGib));
  return faults;
}

function jsonLines(location: string): GlueCatalogTableStorageDescriptor {
  return {
    location,
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    compressed: true,
    serDeInfo: {
      serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
      // A line that cannot be read stops the query: of medical records none may go missing unseen.
      parameters: { "ignore.malformed.json": "FALSE" },
    },
    columns: appointmentLogColumns.map(({ name, comment }) => ({ name, type: "string", comment })),
  };
}

function historyQuery(): string {
  return [
    "SELECT from_iso8601_timestamp(created_at) AS at, event, user_id, payload",
    `FROM ${TABLE}`,
    "WHERE month BETWEEN '2026/01' AND '2026/12'",
    "  AND appointment_id = '00000000-0000-0000-0000-000000000000'",
    "ORDER BY 1",
  ].join("\n");
}
