import type { EnvironmentConfig } from "@telemedicina/config";
import type { StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { githubTrust } from "../src/runner-trust.js";
import { allStatements, bootstrap, development, environments, inHcp, list, role } from "./support.js";

const ISSUER = "token.actions.githubusercontent.com";

describe.each(environments)("runners of $name", (config) => {
  const stack = bootstrap(config);
  const { owner, repository } = config.github;

  it("IAM-06: continuous integration signs in by OIDC and exact subject, without a stored key", () => {
    expect(stack.only("aws_iam_openid_connect_provider")).toMatchObject({
      url: `https://${ISSUER}`,
      client_id_list: ["sts.amazonaws.com"],
    });
    const provider = stack.all("aws_iam_openid_connect_provider")[0]?.address;
    const subjects = {
      plan: [`repo:${owner}/${repository}:pull_request`, `repo:${owner}/${repository}:ref:refs/heads/main`],
      apply: [`repo:${owner}/${repository}:environment:${config.name}`],
    };
    for (const phase of ["plan", "apply"] as const) {
      expect(role(stack, phase).trust).toEqual([
        {
          Sid: "ExactSubjects",
          Effect: "Allow",
          Principal: { Federated: `\${${provider}.arn}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: subjects[phase] },
          },
        },
      ]);
    }
    expect(stack.addresses().filter((address) => /^aws_iam_(user|access_key|group)/.test(address))).toEqual(
      [],
    );
  });

  it("allows nothing to everyone and gives no allowance every action", () => {
    const allowances = allStatements(stack).filter(({ statement }) => statement.Effect === "Allow");
    expect(allowances.length).toBeGreaterThanOrEqual(6);
    for (const { at, statement } of allowances) {
      expect(JSON.stringify(statement.Principal ?? null), at).not.toContain("*");
      expect(
        list(statement.Action).filter((action) => action.includes("*")),
        at,
      ).toEqual([]);
    }
  });

  it("trusts no subject with a wildcard", () => {
    for (const { attributes } of stack.all("aws_iam_role")) {
      expect(attributes["assume_role_policy"]).not.toMatch(/[*?]|StringLike/);
    }
  });

  it("ends a session that plans within an hour, and one that applies within the hours that a database takes", () => {
    expect(role(stack, "plan").attributes["max_session_duration"]).toBe(3600);
    expect(role(stack, "apply").attributes["max_session_duration"]).toBe(14_400);
  });
});

describe("plan role", () => {
  const plan = role(bootstrap(development), "plan");
  const key = bootstrap(development).all("aws_kms_key")[0]?.address;

  const compared = ["redis", "origin-header-a", "origin-header-b"].map(
    (purpose) =>
      `arn:aws:secretsmanager:us-east-1:111111111111:secret:telemedicina-dev-secret-${purpose}-us-east-1-*`,
  );

  it("reads configuration by AWS's ReadOnlyAccess, the state, the secrets that plans compare, connections, and draws passwords, nothing more", () => {
    expect(plan.managed).toEqual(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    const allowed = plan.statements.filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toEqual([
      { Sid: "ReadState", Effect: "Allow", Action: "kms:Decrypt", Resource: `\${${key}.arn}` },
      {
        Sid: "SealPlans",
        Effect: "Allow",
        Action: "kms:GenerateDataKey",
        Resource: `\${${key}.arn}`,
        Condition: { StringEquals: { "kms:EncryptionContext:purpose": "terraform-plan" } },
      },
      { Sid: "DrawPasswords", Effect: "Allow", Action: "secretsmanager:GetRandomPassword", Resource: "*" },
      {
        Sid: "ReadConnections",
        Effect: "Allow",
        Action: ["codeconnections:GetConnection", "codeconnections:ListTagsForResource"],
        Resource: ["arn:aws:codeconnections:us-east-1:111111111111:connection/*"],
      },
      {
        Sid: "ReadComparedSecrets",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: compared,
      },
      {
        Sid: "DecryptComparedSecrets",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
          StringLike: { "kms:EncryptionContext:SecretARN": compared },
        },
      },
    ]);
  });

  it("sees no object but the environment's state and the public page, and decrypts nothing else", () => {
    expect(plan.statements).toContainEqual({
      Sid: "DenyObjects",
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      NotResource: [
        "arn:aws:s3:::telemedicina-dev-assets-111111111111-us-east-1/maintenance.html",
        "arn:aws:s3:::telemedicina-dev-tfstate-111111111111-us-east-1/telemedicina/development/*",
      ],
    });
    expect(plan.statements).toContainEqual({
      Sid: "DenyDecryption",
      Effect: "Deny",
      Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
      NotResource: [`\${${key}.arn}`],
      Condition: { StringNotLike: { "kms:EncryptionContext:SecretARN": compared } },
    });
  });

  it("reads the value of no secret but those that its plans compare", () => {
    expect(plan.statements).toContainEqual({
      Sid: "DenySecretValues",
      Effect: "Deny",
      Action: ["secretsmanager:GetSecretValue"],
      NotResource: compared,
    });
  });

  // What ReadOnlyAccess would let it read of patients' data and of secrets.
  it.each([
    "secretsmanager:BatchGetSecretValue",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:PartiQLSelect",
    "sqs:ReceiveMessage",
    "kinesis:GetRecords",
    "athena:GetQueryResults",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
    "logs:StartQuery",
    "logs:StartLiveTail",
    "rds:DownloadDBLogFilePortion",
    "ec2:GetConsoleOutput",
    "ec2:GetPasswordData",
  ])("is denied %s everywhere", (action) => {
    const denial = plan.statements.find(
      ({ Effect, Action, Resource }) =>
        Effect === "Deny" && list(Action).includes(action) && Resource === "*",
    );
    expect(denial).toBeDefined();
  });

  it("sees no object but the public page and decrypts nothing but those secrets where the state is not in the account", () => {
    const remote = role(bootstrap(inHcp), "plan");
    expect(remote.statements.filter(({ Effect }) => Effect === "Allow").map(({ Sid }) => Sid)).toEqual([
      "DrawPasswords",
      "ReadConnections",
      "ReadComparedSecrets",
      "DecryptComparedSecrets",
    ]);
    for (const { Sid, Effect, Resource, NotResource } of remote.statements) {
      if (Effect !== "Deny") continue;
      if (Sid === "DenySecretValues") expect(NotResource).toEqual(compared);
      else if (Sid === "DenyObjects") {
        expect(NotResource).toEqual([
          "arn:aws:s3:::telemedicina-dev-assets-111111111111-us-east-1/maintenance.html",
        ]);
      } else expect(Resource, Sid).toBe("*");
    }
  });
});

describe("apply role", () => {
  const stack = bootstrap(development);
  const apply = role(stack, "apply");
  const bucket = "arn:aws:s3:::telemedicina-dev-tfstate-111111111111-us-east-1";

  const denied = (action: string) =>
    apply.statements.filter(({ Effect, Action }) => Effect === "Deny" && list(Action).includes(action));

  it("is an administrator, bounded by denials alone", () => {
    expect(apply.managed).toEqual(["arn:aws:iam::aws:policy/AdministratorAccess"]);
    expect(new Set(apply.statements.map(({ Effect }) => Effect))).toEqual(new Set(["Deny"]));
  });

  it.each([
    "organizations:LeaveOrganization",
    "account:CloseAccount",
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "s3:PutAccountPublicAccessBlock",
    "ec2:DisableEbsEncryptionByDefault",
    "ec2:ModifyInstanceMetadataDefaults",
  ])("is denied %s everywhere", (action) => {
    expect(denied(action).map(({ Resource }) => Resource)).toEqual(["*"]);
  });

  it.each([
    ["s3:DeleteBucket", bucket],
    ["s3:DeleteBucketPolicy", bucket],
    ["s3:PutBucketPolicy", bucket],
    ["s3:PutBucketVersioning", bucket],
    ["s3:PutEncryptionConfiguration", bucket],
    ["s3:PutLifecycleConfiguration", bucket],
    ["s3:PutBucketPublicAccessBlock", bucket],
    ["s3:DeleteObjectVersion", `${bucket}/*`],
  ])("is denied %s on the state", (action, resource) => {
    expect(denied(action).map(({ Resource }) => Resource)).toEqual([resource]);
  });

  it("may delete a lock file but no state", () => {
    expect(denied("s3:DeleteObject").map(({ Resource }) => Resource)).toEqual([`${bucket}/*.tfstate`]);
  });

  it.each([
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:UpdateAlias",
    "kms:DeleteAlias",
  ])("is denied %s on the state key", (action) => {
    const key = stack.all("aws_kms_key")[0]?.address;
    const alias = stack.all("aws_kms_alias")[0]?.address;
    expect(denied(action).map(({ Resource }) => Resource)).toEqual([[`\${${key}.arn}`, `\${${alias}.arn}`]]);
  });

  it.each([
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
  ])("is denied %s on every role of this stack", (action) => {
    const roles = stack.all("aws_iam_role").map(({ address }) => `\${${address}.arn}`);
    expect(roles).toHaveLength(2);
    expect(
      denied(action)
        .flatMap(({ Resource }) => list(Resource))
        .sort(),
    ).toEqual(roles.sort());
  });

  it("is denied changes of the identity provider", () => {
    const provider = stack.all("aws_iam_openid_connect_provider")[0]?.address;
    expect(denied("iam:DeleteOpenIDConnectProvider").map(({ Resource }) => Resource)).toEqual([
      [`\${${provider}.arn}`],
    ]);
  });
});

describe("identity provider", () => {
  it("is not made where somebody else owns it; the roles trust theirs", () => {
    const stack = bootstrap({
      ...development,
      bootstrap: { ...development.bootstrap, githubOidcProvider: "external" },
    });
    expect(stack.all("aws_iam_openid_connect_provider")).toEqual([]);
    for (const phase of ["plan", "apply"] as const) {
      expect(role(stack, phase).trust[0]?.Principal).toEqual({
        Federated: `arn:aws:iam::111111111111:oidc-provider/${ISSUER}`,
      });
    }
  });

  it("is HCP Terraform's where the state is there, each phase of each workspace by its exact subject", () => {
    const stack = bootstrap(inHcp);
    expect(stack.only("aws_iam_openid_connect_provider")).toMatchObject({
      url: "https://app.terraform.io",
      client_id_list: ["aws.workload.identity"],
    });
    for (const phase of ["plan", "apply"] as const) {
      expect(role(stack, phase).trust[0]?.Condition).toEqual({
        StringEquals: {
          "app.terraform.io:aud": "aws.workload.identity",
          "app.terraform.io:sub": ["network", "security", "data", "app", "edge", "turn", "delivery"].map(
            (area) =>
              `organization:acme:project:Telemedicina Development:workspace:development-${area}:run_phase:${phase}`,
          ),
        },
      });
    }
  });
});

describe("GitHub's identity provider where HCP Terraform runs the environment", () => {
  const deployedByGithub = withTrigger({ repository: { owner: "acme", repository: "application" } });
  const github = (stack: StackJson) =>
    stack
      .all("aws_iam_openid_connect_provider")
      .filter(({ attributes }) => attributes["url"] === `https://${ISSUER}`);
  const kept = (stack: StackJson) =>
    role(stack, "apply").statements.find(({ Sid }) => Sid === "KeepIdentityProvider")?.Resource;

  it("is made for the application's workflow, besides HCP Terraform's, and kept from applies", () => {
    const stack = bootstrap(deployedByGithub);
    const [provider, ...others] = github(stack);
    expect(others).toEqual([]);
    expect(provider?.attributes["client_id_list"]).toEqual(["sts.amazonaws.com"]);
    expect(stack.all("aws_iam_openid_connect_provider")).toHaveLength(2);
    expect(kept(stack)).toEqual([
      `\${${bootstrap(inHcp).all("aws_iam_openid_connect_provider")[0]?.address}.arn}`,
      `\${${provider?.address}.arn}`,
    ]);
  });

  it("lets nobody take a deploy role, and moves no address", () => {
    const stack = bootstrap(deployedByGithub);
    const without = bootstrap(inHcp);
    for (const phase of ["plan", "apply"] as const) {
      expect(role(stack, phase).trust).toEqual(role(without, phase).trust);
    }
    const made = github(stack).map(({ address }) => address);
    expect([...stack.addresses()].sort()).toEqual([...without.addresses(), ...made].sort());
  });

  it("is kept from applies also where somebody else owns it", () => {
    const stack = bootstrap({
      ...deployedByGithub,
      bootstrap: { ...development.bootstrap, githubOidcProvider: "external" },
    });
    expect(github(stack)).toEqual([]);
    expect(kept(stack)).toContain(`arn:aws:iam::111111111111:oidc-provider/${ISSUER}`);
  });

  it.each([
    ["CodePipeline deploys", { ...deployedByGithub, pipeline: inHcp.pipeline }],
    ["no repository deploys", withTrigger({})],
  ])("is not made where %s", (_, config) => {
    expect(github(bootstrap(config))).toEqual([]);
  });

  it("is one where the state is in the account: that of the deploy roles", () => {
    const { pipeline } = deployedByGithub;
    expect(bootstrap({ ...development, pipeline }).all("aws_iam_openid_connect_provider")).toHaveLength(1);
  });

  function withTrigger(repository: Pick<EnvironmentConfig["pipeline"], "repository">): EnvironmentConfig {
    const { repository: _, ...pipeline } = inHcp.pipeline;
    return { ...inHcp, pipeline: { ...pipeline, ...repository, trigger: "githubActions" } };
  }
});

describe("githubTrust", () => {
  it("writes the immutable form of the subject where GitHub's ids are given", () => {
    const trust = githubTrust(
      { owner: "octocat", repository: "my-repo", ids: { owner: "123456", repository: "456789" } },
      "production",
    );
    expect(trust.planSubjects).toEqual([
      "repo:octocat@123456/my-repo@456789:pull_request",
      "repo:octocat@123456/my-repo@456789:ref:refs/heads/main",
    ]);
    expect(trust.applySubjects).toEqual(["repo:octocat@123456/my-repo@456789:environment:production"]);
  });
});
