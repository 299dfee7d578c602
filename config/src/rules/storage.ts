import type { Rule } from "./rule.js";
import { twiceFaults } from "./twice.js";

export const logArchive: Rule = {
  id: "log-archive",
  paths: [
    "observability.applicationLogDays",
    "observability.infrastructureLogDays",
    "storage.applicationLogArchiveDays",
    "storage.infrastructureLogArchiveDays",
  ],
  *check({ observability, storage }) {
    for (const kind of ["application", "infrastructure"] as const) {
      const hot = observability[`${kind}LogDays`];
      if (storage[`${kind}LogArchiveDays`] >= hot) continue;
      yield {
        path: `storage.${kind}LogArchiveDays`,
        message: `the archive would forget before CloudWatch does (observability.${kind}LogDays is ${hot})`,
        allowed: `${hot} or more`,
        fix: "Raise it, or lower the days in CloudWatch.",
      };
    }
  },
};

export const appointmentLogReaderAccount: Rule = {
  id: "appointment-log-reader-account",
  paths: ["accountId", "storage.appointmentLogReaderRoles"],
  *check({ accountId, storage }) {
    for (const [index, arn] of storage.appointmentLogReaderRoles.entries()) {
      if (arn.split(":")[4] === accountId) continue;
      yield {
        path: `storage.appointmentLogReaderRoles[${index}]`,
        message: "a role of another account would read patients' records",
        allowed: `roles of ${accountId}, this environment's accountId`,
        fix: "Make a role in this account and let the reader assume it.",
      };
    }
  },
};

export const appointmentLogReaderDistinct: Rule = {
  id: "appointment-log-reader-distinct",
  paths: ["storage.appointmentLogReaderRoles"],
  *check({ storage: { appointmentLogReaderRoles: roles } }) {
    yield* twiceFaults(roles, (index) => `storage.appointmentLogReaderRoles[${index}]`, "role");
  },
};
