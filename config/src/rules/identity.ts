import type { EnvironmentConfig } from "../schema/environment.js";
import type { Rule } from "./rule.js";

export const fileName: Rule = {
  id: "file-name",
  paths: ["name"],
  *check({ name }, { file }) {
    if (file === `${name}.yaml`) return;
    yield {
      path: "name",
      message: `the file is called ${file}, not ${name}.yaml`,
      allowed: "the name of the file without .yaml",
      fix: `Rename the file to ${name}.yaml, or correct the name.`,
    };
  },
};

export const accountIdDistinct = distinct("account-id-distinct", "accountId", ({ accountId }) => accountId, {
  message: "the same AWS account",
  allowed: "an account that no other environment uses",
  fix: "Give each environment an account of its own: it is what keeps a mistake in one away from the others.",
});

export const domainDistinct = distinct("domain-distinct", "domain", ({ domain }) => domain, {
  message: "the same domain",
  allowed: "a domain that no other environment uses",
  fix: "Put the environment's name in front, for example staging.telemedicina.example.com.",
});

export const stateBucketDistinct = distinct(
  "state-bucket-distinct",
  "state.bucket",
  ({ state }) => (state.backend === "s3" ? state.bucket : undefined),
  {
    message: "the same state bucket",
    allowed: "a bucket that no other environment uses, in its own account",
    fix: "Remove the key to take the derived name, or give each environment its own bucket.",
  },
);

export const stateLocal: Rule = {
  id: "state-local",
  paths: ["name", "state"],
  *check({ name, state }) {
    if (state.backend !== "local" || name === "development") return;
    yield {
      path: "state.backend",
      message: `state on one person's disk, for ${name}`,
      allowed: "s3, hcp",
      fix: "Write s3: the bucket is made by bootstrap.",
    };
  },
};

export const assumeRoleAccount: Rule = {
  id: "assume-role-account",
  paths: ["accountId", "assumeRoleArn"],
  *check({ accountId, assumeRoleArn }) {
    if (assumeRoleArn === undefined || assumeRoleArn.split(":")[4] === accountId) return;
    yield {
      path: "assumeRoleArn",
      message: "a role of another account",
      allowed: `a role of ${accountId}, this environment's accountId`,
      fix: "Correct the account in the ARN, or the accountId.",
    };
  },
};

export const drRegionDiffers: Rule = {
  id: "dr-region-differs",
  paths: ["region", "drRegion"],
  *check({ region, drRegion }) {
    if (region !== drRegion) return;
    yield {
      path: "drRegion",
      message: "copies in the home region would be lost with it",
      allowed: `any supported region but ${region}`,
      fix: "Name another region.",
    };
  },
};

/** ACM takes 64 characters for a certificate's first name, and ours are up to 7 longer than the domain. */
const longestDomain = 64 - "origin.".length;

export const domainLength: Rule = {
  id: "domain-length",
  paths: ["domain"],
  *check({ domain }) {
    if (domain.length <= longestDomain) return;
    yield {
      path: "domain",
      message: `${domain.length} characters are too many: "origin." comes before it, and a certificate's name ends at 64`,
      allowed: `at most ${longestDomain} characters`,
      fix: "Choose a shorter domain.",
    };
  },
};

function distinct(
  id: string,
  path: string,
  value: (environment: EnvironmentConfig) => string | undefined,
  words: { readonly message: string; readonly allowed: string; readonly fix: string },
): Rule {
  return {
    id,
    paths: ["name", path.split(".")[0] ?? path],
    *check(environment, { earlier }) {
      for (const other of earlier) {
        if (value(environment) === undefined || value(environment) !== value(other.config)) continue;
        const message = `${words.message} as ${other.config.name} (${other.place(path)})`;
        yield { path, message, allowed: words.allowed, fix: words.fix, otherFile: other.file };
      }
    },
  };
}
