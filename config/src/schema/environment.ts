import { z } from "zod";
import { bootstrapSchema } from "./bootstrap.js";
import { cacheSchema } from "./cache.js";
import { cdnSchema } from "./cdn.js";
import { accountId, domainName, email, environmentNames, ipv4Cidr, roleArn } from "./common.js";
import { computeSchema } from "./compute.js";
import { databaseSchema } from "./database.js";
import { dnsSchema } from "./dns.js";
import { githubRepository } from "./github.js";
import { text } from "./hints.js";
import { networkSchema } from "./network.js";
import { objectivesSchema } from "./objectives.js";
import { observabilitySchema } from "./observability.js";
import { pipelineSchema } from "./pipeline.js";
import { regions } from "./regions.js";
import { securitySchema } from "./security.js";
import { stateSchema } from "./state.js";
import { storageSchema } from "./storage.js";
import { turnSchema } from "./turn.js";
import { wafSchema } from "./waf.js";

const costCenter = text(/^[A-Za-z0-9]([A-Za-z0-9._/-]{0,62}[A-Za-z0-9])?$/, {
  allowed: "1 to 64 letters, digits, dots, underscores, slashes and hyphens, the ends a letter or digit",
  fix: "Write the code that the bill is split by, for example telemedicina.",
});

export const environmentSchema = z.strictObject({
  name: z
    .enum(environmentNames)
    .describe("The environment's name, equal to the file's, and its Environment tag."),
  accountId: accountId.describe(
    "The AWS account, 12 digits between quotes. No other environment may share it.",
  ),
  region: z.enum(regions).describe("Home region. A change rebuilds the environment elsewhere."),
  drRegion: z.enum(regions).describe("Where backups and replicas go. Another region than the home region."),
  domain: domainName.describe("The public name that users visit."),
  phase: z
    .literal([1, 2, 3, 4])
    .describe(
      "Stage of the strategy: 1 monolith on EC2, 2 managed services, 3 partly serverless, 4 serverless.",
    ),
  owner: email.describe("Tag Owner: the team's address."),
  costCenter: costCenter.describe("Tag CostCenter."),
  github: githubRepository().describe(
    "The repository whose workflows may plan and apply here; it becomes the trust condition of the roles.",
  ),
  adminCidrs: z
    .array(ipv4Cidr)
    .default([])
    .describe(
      "Networks that may use SSH, with compute.sshKeyName or a key of EC2 Instance Connect. Default: none; Session Manager needs no open port.",
    ),
  assumeRoleArn: roleArn
    .exactOptional()
    .describe("Role that Terraform assumes in the account. Default: the caller's own identity."),
  state: stateSchema,
  bootstrap: bootstrapSchema,
  network: networkSchema,
  dns: dnsSchema,
  security: securitySchema,
  database: databaseSchema,
  cache: cacheSchema,
  storage: storageSchema,
  compute: computeSchema,
  cdn: cdnSchema,
  waf: wafSchema,
  turn: turnSchema,
  pipeline: pipelineSchema,
  observability: observabilitySchema,
  objectives: objectivesSchema,
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** One environment, complete with defaults, checked and frozen: the only form in which config travels. */
export type EnvironmentConfig = DeepReadonly<z.infer<typeof environmentSchema>>;
