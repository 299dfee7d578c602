import { z } from "zod";
import { instanceType } from "./common.js";
import { hints } from "./hints.js";

export const computeSchema = z
  .strictObject({
    instanceTypes: z
      .array(instanceType)
      .min(1)
      .max(10)
      .register(hints, {
        allowed: "a list of 1 to 10 EC2 instance types such as t3.medium",
        fix: "Name the types, for example [t3.medium, t3.large].",
      })
      .default(["t3.medium", "t3.large"])
      .describe("EC2 instance types, the preferred one first. Default: t3.medium, t3.large."),
    minSize: z.int().min(0).max(100).default(2).describe("Fewest application hosts. Default: 2."),
    desiredCapacity: z
      .int()
      .min(0)
      .max(100)
      .default(3)
      .describe("Application hosts at the start. Default: 3."),
    maxSize: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe("Most application hosts: the ceiling of the bill. Default: 10."),
    rootVolumeGiB: z.int().min(30).max(16384).default(30).describe("Root volume, gp3. Default: 30."),
    dataVolumeGiB: z
      .int()
      .min(1)
      .max(16384)
      .default(100)
      .describe("Scratch volume, gp3. It dies with its host. Default: 100."),
    scaling: z
      .strictObject({
        addAboveCpuPercent: z
          .int()
          .min(1)
          .max(100)
          .default(70)
          .describe("Add a host above this CPU. Default: 70."),
        removeBelowCpuPercent: z
          .int()
          .min(0)
          .max(99)
          .default(30)
          .describe("Remove a host below this CPU. Default: 30."),
        addAboveRequestsPerMinute: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(1000)
          .describe("Add a host above this many requests a minute for each host. Default: 1000."),
      })
      .prefault({})
      .describe("When hosts are added and removed."),
  })
  .prefault({})
  .describe("The Auto Scaling group that runs Laravel and Reverb.");
