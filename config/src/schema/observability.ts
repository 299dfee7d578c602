import { z } from "zod";
import { email, logRetentionDays } from "./common.js";

export const observabilitySchema = z
  .strictObject({
    applicationLogDays: logRetentionDays
      .default(90)
      .describe("Days of application logs in CloudWatch, before the archive. Default: 90."),
    infrastructureLogDays: logRetentionDays
      .default(90)
      .describe("Days of infrastructure logs in CloudWatch. Default: 90."),
    alarmEmails: z
      .array(email)
      .default([])
      .describe(
        "Who is told of deployments that fail, wait or are out; each confirms once by e-mail. Alarms of CloudWatch do not write yet. Default: nobody.",
      ),
  })
  .prefault({})
  .describe("Logs and alarms.");
