import { z } from "zod";
import { instanceTypes } from "./instance-types.js";

const workers = z
  .strictObject({
    instanceTypes: instanceTypes(["t3.medium", "t3.large"]),
    minSize: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe("Fewest worker hosts. With 1 jobs wait while it is replaced. Default: 2."),
    desiredCapacity: z.int().min(1).max(100).default(2).describe("Worker hosts at the start. Default: 2."),
    maxSize: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe("Most worker hosts: the ceiling of their bill. Default: 4."),
    addAboveQueueDepth: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1000)
      .describe("Add a worker host above this many waiting jobs. Default: 1000."),
  })
  .prefault({})
  .describe("The Auto Scaling group that works off the queues.");

const scheduler = z
  .strictObject({ instanceTypes: instanceTypes(["t3.small"]) })
  .prefault({})
  .describe(
    "The group of exactly one host that runs the schedule. While it is replaced, up to half an hour, nothing is scheduled.",
  );

export const layoutSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z
        .literal("together")
        .describe(
          "Every host serves, works off queues and takes turns at the schedule: the cheapest, and long jobs slow pages down.",
        ),
    }),
    z.strictObject({
      kind: z
        .literal("separate")
        .describe(
          "Hosts that serve, hosts that work and one that runs the schedule, in groups of their own: at least two hosts more to pay.",
        ),
      workers,
      scheduler,
    }),
  ])
  .prefault({ kind: "together" })
  .describe(
    "Which host does what. A change replaces the hosts that serve, a few at a time, and makes or ends the other groups. Default: together.",
  );
