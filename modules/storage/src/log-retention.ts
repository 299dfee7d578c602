import type { NameScope } from "@telemedicina/core";
import { applicationLogFloorFaultText, clinicalFloorFaultText, daysFaultText } from "./errors.js";

/** Prefixes of the logs bucket. Everything that writes there uses one of them. */
export const logPrefixes = {
  /** Exports of the table `appointment_logs`: `appointment-logs/YYYY/MM/…json.gz`. */
  appointmentLogs: "appointment-logs/",
  /** Application logs. */
  application: "app/",
  /** Logs of the infrastructure. */
  infrastructure: "infra/",
  /** Results of Athena queries over the appointment logs. */
  queryResults: "athena-results/",
} as const;

/** How long the logs bucket keeps things. */
export interface LogRetention {
  /** Days that application logs are kept, in Glacier from day 90. In production at least 2557. @default 2557 - seven years */
  readonly applicationLogDays?: number | undefined;
  /** Days that infrastructure logs are kept, in Glacier from day 90. @default 365 */
  readonly infrastructureLogDays?: number | undefined;
  /**
   * Age in years at which an appointment log may be destroyed at the earliest, the two years in the
   * database included. It destroys nothing by itself: see `expireAppointmentLogs`.
   * @default 20 - Lei 13.787/2018 art. 6; the strategy document's 7 is the floor
   */
  readonly clinicalRetentionYears?: number | undefined;
  /**
   * Destroys appointment logs once they are `clinicalRetentionYears` old. What has gone cannot be brought back.
   * @default false - they are kept for ever
   */
  readonly expireAppointmentLogs?: boolean | undefined;
}

/** The days that S3 is told. */
export interface LogRetentionDays {
  readonly applicationLogDays: number;
  readonly infrastructureLogDays: number;
  /** Days after the export; undefined: never. */
  readonly appointmentLogExpiryDays: number | undefined;
}

/** Seven years as CloudWatch Logs and S3 count them. */
const SEVEN_YEARS_DAYS = 2557;

const CLINICAL_FLOOR_YEARS = 7;
const CLINICAL_LEGAL_YEARS = 20;
const SHORTEST_ARCHIVE_DAYS = 30;

/** Age of the youngest row at its export: it has been two years in the database, and S3 counts from the export. */
const AGE_AT_EXPORT_DAYS = 2 * 365;

export function logRetentionDays(retention: LogRetention): LogRetentionDays {
  const years = retention.clinicalRetentionYears ?? CLINICAL_LEGAL_YEARS;
  return {
    applicationLogDays: retention.applicationLogDays ?? SEVEN_YEARS_DAYS,
    infrastructureLogDays: retention.infrastructureLogDays ?? 365,
    appointmentLogExpiryDays: retention.expireAppointmentLogs === true ? daysAfterExport(years) : undefined,
  };
}

/**
 * Years of age as days since the export. Leap days count: 20 × 365 would end five days before the
 * twentieth anniversary.
 */
export function daysAfterExport(years: number): number {
  return Math.ceil(years * 365.25) - AGE_AT_EXPORT_DAYS;
}

export function logRetentionFaults(retention: LogRetention, { environment }: NameScope): string[] {
  const { applicationLogDays, infrastructureLogDays } = logRetentionDays(retention);
  const years = retention.clinicalRetentionYears ?? CLINICAL_LEGAL_YEARS;
  const faults = [
    ...archiveFaults("retention.applicationLogDays", applicationLogDays),
    ...archiveFaults("retention.infrastructureLogDays", infrastructureLogDays),
  ];
  if (environment === "production" && applicationLogDays < SEVEN_YEARS_DAYS) {
    faults.push(applicationLogFloorFaultText(applicationLogDays, SEVEN_YEARS_DAYS));
  }
  if (!Number.isInteger(years) || years < CLINICAL_FLOOR_YEARS) {
    faults.push(clinicalFloorFaultText(years, CLINICAL_FLOOR_YEARS, CLINICAL_LEGAL_YEARS));
  }
  return faults;
}

function archiveFaults(prop: string, days: number): string[] {
  const sound = Number.isInteger(days) && days >= SHORTEST_ARCHIVE_DAYS;
  return sound ? [] : [daysFaultText(prop, days, SHORTEST_ARCHIVE_DAYS)];
}
