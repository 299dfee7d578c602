import { z } from "zod";
import { githubRepository } from "./github.js";
import { text } from "./hints.js";

const branch = text(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, {
  allowed: "a branch name such as main",
  fix: "Write the exact name of one branch; patterns are refused because the branch is part of what AWS trusts.",
});

const alarmName = text(/^[A-Za-z0-9]([A-Za-z0-9 ._/:+=@()-]{0,253}[A-Za-z0-9)])?$/, {
  allowed: "the name of a CloudWatch alarm, 1 to 255 letters, digits, inner spaces and . _ / : + = @ ( ) -",
  fix: "Copy AlarmName from aws cloudwatch describe-alarms, asked in the environment's home region.",
});

const rolling = z.strictObject({
  kind: z
    .literal("rolling")
    .describe(
      "The hosts that serve get the release, a few at a time; the load balancer spares them meanwhile.",
    ),
});

const minutes = z.int().min(0).max(10_080);

const blueGreen = z.strictObject({
  kind: z
    .literal("blueGreen")
    .describe(
      "Hosts of a second group get the release, then step by step the traffic; an alarm gives it back at once. Needs compute.layout separate and the trigger codePipeline.",
    ),
  steps: z
    .array(z.int().min(1).max(100))
    .min(1)
    .max(20)
    .default([10, 50, 100])
    .describe(
      "Percent of the traffic that the new hosts have after each step, 100 the last. Default: 10, 50, 100.",
    ),
  pauseSeconds: z
    .int()
    .min(180)
    .max(3600)
    .default(300)
    .describe(
      "Seconds that each step is watched before the next. The alarm on unhealthy hosts needs two minutes of figures. Default: 300.",
    ),
  keepMinutes: minutes
    .default(60)
    .describe(
      "Minutes that the hosts before keep running after a shift: so long going back takes seconds. They are paid for; 0 ends them at once. Default: 60.",
    ),
  keepFailedMinutes: minutes
    .default(120)
    .describe(
      "Minutes that hosts with a release that failed keep running, to be looked at. They are paid for; 0 ends them at once. Default: 120.",
    ),
  alarms: z
    .array(alarmName)
    .max(50)
    .default([])
    .describe(
      "Names of further alarms that stop a shift, besides those on 5XX and on unhealthy hosts. One that says nothing stops it too. Default: none.",
    ),
});

const strategySchema = z
  .discriminatedUnion("kind", [rolling, blueGreen])
  .prefault({ kind: "rolling" })
  .describe(
    "How a release reaches the hosts that serve. From rolling to blueGreen adds a second group and replaces nothing; the way back is in the compute module's README. Default: rolling.",
  );

const connectionArn = text(
  /^arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[0-9a-f-]{36}$/,
  {
    allowed: "the ARN of a connection, arn:aws:codeconnections:…:connection/…",
    fix: "Copy it from aws codeconnections list-connections, asked in the environment's home region.",
  },
);

const connectionSchema = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z
        .literal("create")
        .describe(
          "A new one. It is PENDING until somebody finishes the handshake in the console; every plan says so until then.",
        ),
    }),
    z.strictObject({
      from: z.literal("arn").describe("One that exists, finished by whoever made it."),
      arn: connectionArn.describe("Its ARN in the home region and this account."),
    }),
  ])
  .prefault({ from: "create" })
  .describe("What connects CodePipeline with GitHub. Free of charge. Default: create.");

export const pipelineSchema = z
  .strictObject({
    repository: githubRepository()
      .exactOptional()
      .describe(
        "The application's repository, which takes its scripts from @telemedicina/bundle. Default: none, and no delivery stack.",
      ),
    connection: connectionSchema,
    trigger: z
      .enum(["codePipeline", "githubActions"])
      .default("codePipeline")
      .describe("What deploys a push. One only: two would race for the same hosts. Default: codePipeline."),
    branch: branch.default("main").describe("The branch whose pushes deploy here. Default: main."),
    approval: z
      .boolean()
      .default(false)
      .describe(
        "Whether somebody has to approve each deployment of CodePipeline; an approval lapses after 7 days. With GitHub Actions its environment's protection rules say who. Default: false.",
      ),
    strategy: strategySchema,
  })
  .prefault({})
  .describe("Delivery of the application.");
