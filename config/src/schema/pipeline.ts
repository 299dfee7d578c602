import { z } from "zod";
import { text } from "./hints.js";

const branch = text(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, {
  allowed: "a branch name such as main",
  fix: "Write the exact name of one branch; patterns are refused because the branch is part of what AWS trusts.",
});

export const pipelineSchema = z
  .strictObject({
    trigger: z
      .enum(["codePipeline", "githubActions"])
      .default("codePipeline")
      .describe("What deploys a push. One only: two would race for the same hosts. Default: codePipeline."),
    branch: branch.default("main").describe("The branch whose pushes deploy here. Default: main."),
  })
  .prefault({})
  .describe("Delivery of the application.");
