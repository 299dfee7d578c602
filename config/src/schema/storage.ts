import { z } from "zod";

export const storageSchema = z
  .strictObject({
    crossRegionReplication: z
      .boolean()
      .default(true)
      .describe(
        "Copies uploads and appointment logs to `drRegion` as they come; about twice the storage price. Default: true.",
      ),
    applicationLogArchiveDays: z
      .int()
      .min(30)
      .max(36500)
      .default(2557)
      .describe("Days that application logs are kept in S3 and Glacier. Default: 2557, seven years."),
    infrastructureLogArchiveDays: z
      .int()
      .min(30)
      .max(36500)
      .default(365)
      .describe("Days that infrastructure logs are kept in Glacier. Default: 365."),
    clinicalRetentionYears: z
      .int()
      .min(7)
      .max(100)
      .default(20)
      .describe(
        "Years that appointment logs are kept. The strategy's floor is 7, the law's figure 20. Default: 20.",
      ),
  })
  .prefault({})
  .describe("S3: replication and how long things are kept.");
