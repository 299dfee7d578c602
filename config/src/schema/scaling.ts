import { z } from "zod";

const requestsPerMinute = z.int().min(1).max(1_000_000).default(1000);

const steps = z.strictObject({
  kind: z
    .literal("steps")
    .describe("Alarms with thresholds: one host more or fewer at a time, two above the higher CPU."),
  addAboveCpuPercent: z
    .int()
    .min(1)
    .max(99)
    .default(70)
    .describe("Add a host above this CPU, the group's average. Default: 70."),
  addFastAboveCpuPercent: z
    .int()
    .min(2)
    .max(99)
    .default(90)
    .describe("Add two at once above this CPU. Default: 90."),
  removeBelowCpuPercent: z
    .int()
    .min(0)
    .max(99)
    .default(30)
    .describe("Remove a host below this CPU, at most half of addAboveCpuPercent. Default: 30."),
  addAboveRequestsPerMinute: requestsPerMinute.describe(
    "Add a host above this many requests a minute for each host. Default: 1000.",
  ),
});

const targetTracking = z.strictObject({
  kind: z
    .literal("targetTracking")
    .describe("AWS adds and removes as many hosts as keep both values, quick to add, slow to remove."),
  cpuPercent: z.int().min(10).max(90).default(70).describe("CPU to keep, the group's average. Default: 70."),
  requestsPerMinute: requestsPerMinute.describe("Requests a minute to keep for each host. Default: 1000."),
});

export const scalingSchema = z
  .discriminatedUnion("kind", [steps, targetTracking])
  .prefault({ kind: "steps" })
  .describe("When hosts that serve are added and removed. A change touches no host. Default: steps.");
