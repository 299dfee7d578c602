import { z } from "zod";
import { bucketName } from "./common.js";
import { text } from "./hints.js";

const hcpName = text(/^[A-Za-z0-9][A-Za-z0-9 _-]{1,38}[A-Za-z0-9]$/, {
  allowed: "3 to 40 letters, digits, inner spaces, hyphens and underscores",
  fix: "Copy the name from HCP Terraform's settings page.",
});

const s3State = z.strictObject({
  backend: z
    .literal("s3")
    .describe("State in the bucket that `bootstrap` makes, with a native S3 lock file."),
  bucket: bucketName
    .exactOptional()
    .describe("Bucket name. Default: derived from project, environment, account and region."),
});

const hcpState = z.strictObject({
  backend: z.literal("hcp").describe("State in HCP Terraform, one workspace a stack."),
  organization: hcpName.describe("HCP Terraform organization."),
  project: hcpName.describe("HCP Terraform project that holds the environment's workspaces."),
});

const localState = z.strictObject({
  backend: z
    .literal("local")
    .describe("State in a file beside the stack, for experiments. Development only."),
});

export const stateSchema = z
  .discriminatedUnion("backend", [s3State, hcpState, localState])
  .describe("Where Terraform keeps this environment's state. Changing it later needs a state migration.");
