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
      .describe("Who is told when an alarm fires; each confirms once by e-mail. Default: nobody."),
  })
  .prefault({})
  .describe("Logs and alarms.");
