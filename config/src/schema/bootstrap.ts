import { z } from "zod";

/** No default of `external`: an account that nobody has prepared is the one that must not stay open. */
function accountSingleton(what: string) {
  return z
    .enum(["create", "external"])
    .default("create")
    .describe(
      `${what} An account has one of it: \`create\` makes it here, \`external\` leaves it to whoever owns the account.`,
    );
}

export const bootstrapSchema = z
  .strictObject({
    githubOidcProvider: accountSingleton(
      "The identity provider that lets GitHub Actions assume roles without keys.",
    ),
    accountPublicAccessBlock: accountSingleton("S3 Block Public Access for the whole account."),
    ebsEncryptionByDefault: accountSingleton("Encryption of every new EBS volume in the region."),
    instanceMetadataDefaults: accountSingleton("IMDSv2 as the default of every new instance in the region."),
  })
  .prefault({})
  .describe("Who owns the settings of which an AWS account has only one.");
