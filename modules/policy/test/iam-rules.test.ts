import { describe, expect, it } from "vitest";
import { checkPolicies, type RuleId, readPolicies } from "../src/index.js";
import { complaints, documentOf, ec2Trust, faults, key, policyText, role, trust } from "./iam.js";

const allow = { Sid: "Test", Effect: "Allow" };
const deny = { Sid: "Test", Effect: "Deny" };
const uploads = "arn:aws:s3:::uploads";
const root = { AWS: "arn:aws:iam::111111111111:root" };
const at = "aws_iam_role_policy.app Test";

describe("a policy that is as it should be", () => {
  it("passes every rule that applies, and each of them is asked", async () => {
    const findings = await checkPolicies(
      readPolicies(
        role(
          { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:Put*"], Resource: `${uploads}/*` },
          { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: "${aws_s3_bucket.uploads.arn}" },
          { Sid: "Describe", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" },
          {
            Sid: "Decrypt",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: "${aws_kms_key.data.arn}",
            Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": "arn:x" } },
          },
          { Sid: "NoOthers", Effect: "Deny", Action: "kms:Decrypt", NotResource: "${aws_kms_key.data.arn}" },
          { Sid: "Nothing", Effect: "Deny", Action: "*", Resource: "*" },
        ),
      ),
    );
    expect(findings.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    const rulesOf = (sid: string): RuleId[] =>
      findings.filter((finding) => finding.sid === sid).map(({ rule }) => rule);
    expect(rulesOf("Decrypt")).toEqual([
      "well-formed",
      "known-actions",
      "named-actions",
      "named-resources",
      "fitting-resources",
      "known-conditions",
      "no-negations",
    ]);
    expect(rulesOf("Nothing")).toEqual(["well-formed", "known-actions", "no-negations"]);
    expect(rulesOf("")).toEqual(["readable-policies", "readable-policies"]);
  });
});

describe("fails when an action", () => {
  it("does not exist", async () => {
    const document = role({ ...allow, Action: ["s3:GetObjet", "s4:GetObject"], Resource: `${uploads}/*` });
    expect(await complaints(document)).toEqual([
      `fail known-actions ${at}: s3:GetObjet is no action of the service. Look the action up in AWS's Service Authorization Reference; a wrong name allows or denies nothing.`,
      `fail known-actions ${at}: s4:GetObject is no action: AWS has no service of that prefix. Look the action up in AWS's Service Authorization Reference; a wrong name allows or denies nothing.`,
    ]);
  });

  it("is a pattern that means none, in a denial too", async () => {
    expect(await complaints(role({ ...deny, Action: "s3:Erase*", Resource: "*" }))).toEqual([
      `fail known-actions ${at}: s3:Erase* matches no action of the service. Look the action up in AWS's Service Authorization Reference; a wrong name allows or denies nothing.`,
    ]);
  });

  it("can't be told from the file", async () => {
    expect(await complaints(role({ ...deny, Action: "${var.action}", Resource: "*" }))).toEqual([
      `unknown known-actions ${at}: The action \${var.action} can't be told from the file. Write the action out.`,
    ]);
  });

  it("is every action, of AWS or of a service", async () => {
    const remedy = "List the actions that are needed, or give an exception with its reason.";
    expect(await complaints(role({ ...allow, Action: "*", Resource: `${uploads}/*` }))).toEqual([
      `fail named-actions ${at}: Allows *: every action of AWS. ${remedy}`,
    ]);
    const [fault] = await complaints(key({ ...allow, Principal: root, Action: "kms:*", Resource: "*" }));
    expect(fault).toMatch(
      /^fail named-actions aws_kms_key\.data Test: Allows kms:\*: all \d\d actions of the service\. List/,
    );
  });

  it("is allowed on everything where AWS can limit it", async () => {
    const remedy = "Name the resources, or give an exception with its reason.";
    for (const resource of ["*", "arn:aws:ssm:*:*:*"]) {
      expect(
        await complaints(role({ ...allow, Action: ["ssm:GetParameter"], Resource: resource })),
        resource,
      ).toEqual([
        `fail named-resources ${at}: Allows ssm:GetParameter on everything (${resource}). AWS can limit it to arn:\${Partition}:ssm:\${Region}:\${Account}:parameter/\${ParameterNameWithoutLeadingSlash}. ${remedy}`,
      ]);
    }
  });

  it("is allowed on what may be everything", async () => {
    const document = role({ ...allow, Action: "s3:GetObject", Resource: "${var.objects}" });
    expect(await complaints(document)).toEqual([
      `unknown named-resources ${at}: The resource \${var.objects} may be everything. Give its value to readPolicies, or write the resource so that the file tells it.`,
    ]);
    expect(
      await faults(role({ ...allow, Action: "s3:GetObject", Resource: `${uploads}/\${var.a}` })),
    ).toEqual([]);
  });
});

describe("fails when a resource", () => {
  it("is a bucket and the action acts on objects", async () => {
    const document = role({ ...allow, Action: ["s3:ListBucket", "s3:GetObject"], Resource: uploads });
    expect(await complaints(document)).toEqual([
      `fail fitting-resources ${at}: s3:GetObject acts on none of the statement's resources (${uploads}), so that the statement allows it nowhere. AWS can limit it to arn:\${Partition}:s3:\${Region}:\${Account}:accesspoint/\${AccessPointName}/object/\${ObjectName}, arn:\${Partition}:s3:::\${BucketName}/\${ObjectName}. Name such a resource, or leave the action out.`,
    ]);
    const byReference = role({ ...allow, Action: "s3:GetObject", Resource: "${aws_s3_bucket.uploads.arn}" });
    expect((await faults(byReference)).map(({ rule }) => rule)).toEqual([
      "fitting-resources",
      "fitting-resources",
    ]);
  });

  it("is of another service, and so of no use", async () => {
    const document = role({
      ...allow,
      Action: "s3:GetObject",
      Resource: [`${uploads}/*`, "${aws_kms_key.data.arn}"],
    });
    expect(await complaints(document)).toEqual([
      `fail fitting-resources ${at}: No action of the statement acts on \${aws_kms_key.data.arn}. Leave it out, or see whether s3:GetObject is what was meant.`,
    ]);
  });

  it("is given to an action that acts on none", async () => {
    const document = role({
      ...deny,
      Action: ["logs:DescribeLogGroups", "logs:DescribeLogStreams"],
      Resource: "${aws_cloudwatch_log_group.app.arn}",
    });
    expect(await complaints(document)).toEqual([
      `fail fitting-resources ${at}: logs:DescribeLogGroups acts on no resource, so that a statement with resources denies it nowhere. Give it a statement of its own with "Resource": "*".`,
    ]);
  });

  it("is a log group without its streams", async () => {
    const statement = { ...allow, Action: "logs:PutLogEvents" };
    const group = "${aws_cloudwatch_log_group.app.arn}";
    expect((await faults(role({ ...statement, Resource: group }))).map(({ rule }) => rule)).toContain(
      "fitting-resources",
    );
    expect(await faults(role({ ...statement, Resource: `${group}:*` }))).toEqual([]);
  });
});

describe("fails when a condition", () => {
  const on = (condition: unknown, action: string | readonly string[] = "s3:GetObject") =>
    role({ ...allow, Action: action, Resource: `${uploads}/*`, Condition: condition });

  it("has an operator that does not exist", async () => {
    expect(await complaints(on({ StringEqual: { "aws:SourceAccount": "1" } }))).toEqual([
      `fail known-conditions ${at}: StringEqual is no condition operator. AWS refuses the policy: use an operator of IAM's reference.`,
    ]);
    expect(await faults(on({ "ForAnyValue:StringLikeIfExists": { "aws:PrincipalArn": "x" } }))).toEqual([]);
    expect(await faults(on({ NullIfExists: { "aws:PrincipalArn": "true" } }))).toHaveLength(1);
  });

  it("has a global key that does not exist", async () => {
    expect(await complaints(on({ StringEquals: { "aws:SourceAcount": "1" } }))).toEqual([
      `fail known-conditions ${at}: aws:SourceAcount is no global condition key. Look the key up among AWS's global condition keys; no request carries one of this name.`,
    ]);
  });

  it("has a key that requests of the action don't carry", async () => {
    const condition = { StringEquals: { "s3:x-amz-acl": "private" } };
    expect(await complaints(on(condition, ["s3:GetObject", "s3:PutObject"]))).toEqual([
      `fail known-conditions ${at}: No request of s3:GetObject carries s3:x-amz-acl, so that the condition decides the same whatever is asked. Move the action to a statement without this condition, or leave it out.`,
    ]);
  });

  it("asks for the tag of a request that takes none", async () => {
    expect(await faults(on({ StringEquals: { "aws:RequestTag/Team": "x" } }))).toHaveLength(1);
    expect(await faults(on({ StringEquals: { "aws:PrincipalTag/Team": "x" } }))).toEqual([]);
  });

  it("has a key that can't be told from the file", async () => {
    expect(await complaints(on({ StringEquals: { "${var.key}": "1" } }))).toEqual([
      `unknown known-conditions ${at}: The condition key \${var.key} can't be told from the file. Write the key out.`,
    ]);
  });
});

describe("fails when something is said by what it is not", () => {
  it.each([
    [
      "NotAction",
      { NotAction: "iam:*", Resource: "*" },
      "List the actions: whatever AWS adds tomorrow is not on the list.",
    ],
    ["NotResource", { Action: "s3:GetObject", NotResource: uploads }, "Name the resources that are allowed."],
  ])("%s", async (name, elements, remedy) => {
    expect(await complaints(role({ ...allow, ...elements }))).toContain(
      `fail no-negations ${at}: The statement uses ${name}, which takes in everything that nobody thought of. ${remedy}`,
    );
  });

  it("NotPrincipal, in a denial too", async () => {
    const document = key({ ...deny, NotPrincipal: root, Action: "kms:Decrypt", Resource: "*" });
    expect(await complaints(document)).toEqual([
      "fail no-negations aws_kms_key.data Test: The statement uses NotPrincipal, which takes in everything that nobody thought of. Name the principals, or deny with a condition on aws:PrincipalArn.",
    ]);
  });
});

describe("fails when a resource's policy", () => {
  const decrypt = { ...allow, Action: "kms:Decrypt", Resource: "*" };
  const everybody =
    "fail named-principals aws_kms_key.data Test: Allows everybody, in every account of AWS and without one, and no condition says who. Name the principal, or add a condition on who calls, such as aws:PrincipalAccount, by an operator that a request without the key fails.";

  it.each([
    ["*", undefined],
    [{ AWS: "*" }, undefined],
    ["*", { Bool: { "aws:SecureTransport": "true" } }],
    ["*", { StringEqualsIfExists: { "aws:PrincipalAccount": "111111111111" } }],
    ["*", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": "111111111111" } }],
    ["*", { StringNotEquals: { "aws:PrincipalAccount": "111111111111" } }],
    ["*", { StringLike: { "aws:PrincipalAccount": "*" } }],
    ["*", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
    ["*", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } }],
    ["*", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/app" } }],
  ])("allows everybody: %j under %j", async (Principal, Condition) => {
    const statement = { ...decrypt, Principal, ...(Condition === undefined ? {} : { Condition }) };
    expect(await complaints(key(statement))).toEqual([everybody]);
  });

  it("allows everybody, unless a condition says who", async () => {
    for (const Condition of [
      { StringEquals: { "aws:PrincipalAccount": "111111111111" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:::uploads-*" } },
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/*" } },
    ]) {
      expect(await faults(key({ ...decrypt, Principal: "*", Condition })), JSON.stringify(Condition)).toEqual(
        [],
      );
    }
  });

  it("names a principal that can't be told from the file", async () => {
    expect(await complaints(key({ ...decrypt, Principal: { AWS: "${var.friend}" } }))).toEqual([
      'unknown named-principals aws_kms_key.data Test: The principal ${var.friend} can\'t be told from the file: a variable has no value in the file; give it as values: { "var.friend": … }. Give its value to readPolicies, or name the principal.',
    ]);
  });

  it("trusts a service for whomever it acts", async () => {
    const Principal = { Service: "delivery.logs.amazonaws.com" };
    expect(await complaints(key({ ...decrypt, Principal }))).toEqual([
      "fail bound-services aws_kms_key.data Test: Trusts delivery.logs.amazonaws.com for whomever it acts: another customer could have it act on this resource. Add a condition on aws:SourceAccount or aws:SourceArn.",
    ]);
    const Condition = { StringEquals: { "aws:SourceAccount": "111111111111" } };
    expect(await faults(key({ ...decrypt, Principal, Condition }))).toEqual([]);
  });
});

describe("fails when a role's trust", () => {
  const issuer = "token.actions.githubusercontent.com";
  const github = {
    ...allow,
    Principal: { Federated: "${aws_iam_openid_connect_provider.github.arn}" },
    Action: "sts:AssumeRoleWithWebIdentity",
  };
  const exact = { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: "repo:a/b:pull_request" };

  it("takes tokens of every audience or subject", async () => {
    const remedy = (claim: string) =>
      `Ask by StringEquals for <issuer>:${claim} with exact values: StringLike would take a subject that somebody else can make up.`;
    expect(await complaints(trust(github))).toEqual([
      `fail exact-subjects aws_iam_role.app Test: Takes tokens made for other audiences: no StringEquals asks for aud. ${remedy("aud")}`,
      `fail exact-subjects aws_iam_role.app Test: Takes tokens of every subject of the provider: no StringEquals asks for sub. ${remedy("sub")}`,
    ]);
    expect(await faults(trust({ ...github, Condition: { StringEquals: exact } }))).toEqual([]);
    expect(await faults(trust({ ...github, Condition: { StringLike: exact } }))).toHaveLength(2);
  });

  it("asks for the claims of another provider", async () => {
    const other = { "app.terraform.io:aud": "a", "app.terraform.io:sub": "b" };
    expect(await faults(trust({ ...github, Condition: { StringEquals: other } }))).toHaveLength(2);
    const arn = { Federated: "arn:aws:iam::111111111111:oidc-provider/app.terraform.io" };
    expect(await faults(trust({ ...github, Principal: arn, Condition: { StringEquals: other } }))).toEqual(
      [],
    );
  });

  it("is given to an account", async () => {
    expect(await complaints(trust({ ...allow, Principal: root, Action: "sts:AssumeRole" }))).toEqual([
      "fail trusted-parties aws_iam_role.app Test: Lets arn:aws:iam::111111111111:root take the role, which is neither an AWS service nor an identity provider. Trust a service or an identity provider, or give an exception with its reason.",
    ]);
  });

  it("is given to a service that sends its source, without asking for it; EC2 sends none", async () => {
    const service = (name: string) => ({ ...allow, Principal: { Service: name }, Action: "sts:AssumeRole" });
    expect((await faults(trust(service("rds.amazonaws.com")))).map(({ rule }) => rule)).toEqual([
      "bound-services",
    ]);
    expect(await faults(trust(ec2Trust))).toEqual([]);
  });
});

describe("fails when a statement is not what AWS takes:", () => {
  const remedy = "Write it as AWS takes it: Version 2012-10-17, a unique Sid, one of each element.";
  const get = { Effect: "Allow", Action: "s3:GetObject", Resource: `${uploads}/*` };
  it.each([
    ["no Sid", get, "statement 1", "it has no Sid, by which findings and exceptions name it"],
    [
      "an Effect of its own",
      { ...get, Sid: "A", Effect: "allow" },
      "A",
      'its Effect is "allow", not "Allow" or "Deny"',
    ],
    ["no Action", { Sid: "A", Effect: "Allow", Resource: "*" }, "A", "it has no Action"],
    ["no Resource", { Sid: "A", Effect: "Allow", Action: "s3:GetObject" }, "A", "it has no Resource"],
    ["an empty list", { ...get, Sid: "A", Action: [] }, "A", "it has no Action"],
    [
      "a Principal",
      { ...get, Sid: "A", Principal: root },
      "A",
      "Principal can't stand in a policy of identity",
    ],
    ["both forms", { ...get, Sid: "A", NotResource: uploads }, "A", "it has both Resource and NotResource"],
    [
      "a misspelt element",
      { ...get, Sid: "A", Conditions: {} },
      "A",
      "Conditions is no element of a statement",
    ],
  ])("%s", async (_, statement, sid, fault) => {
    const found = await complaints(role(statement));
    expect(found).toContain(
      `fail well-formed aws_iam_role_policy.app ${sid}: The statement is not well formed: ${fault}. ${remedy}`,
    );
  });

  it("two of one Sid, an old version", async () => {
    const twice = await complaints(role({ ...get, Sid: "A" }, { ...get, Sid: "A" }));
    expect(twice).toEqual([
      `fail well-formed aws_iam_role_policy.app A: The statement is not well formed: the Sid A is taken by an earlier statement. ${remedy}`,
    ]);
    const policy = policyText({ ...get, Sid: "A" }).replace("2012-10-17", "2008-10-17");
    expect(await complaints(documentOf({ aws_iam_policy: { a: { policy } } }))).toEqual([
      `fail well-formed aws_iam_policy.a A: The statement is not well formed: its policy has no "Version": "2012-10-17". ${remedy}`,
    ]);
  });
});

it("fails when a policy can't be read", async () => {
  expect(await complaints(documentOf({ aws_iam_policy: { a: { policy: "{" } } }))).toEqual([
    "unknown readable-policies aws_iam_policy.a : The policy can't be read: it is not JSON. Write the policy out as JSON text in an argument that takes one.",
  ]);
});

describe("fails when a managed policy", () => {
  const attach = (policy_arn: string) =>
    documentOf({
      aws_iam_role_policy_attachment: { a: { role: "app", policy_arn } },
      aws_iam_policy: { own: { policy: policyText() } },
    });
  const remedy =
    "Write the permissions that are needed into a policy of your own, or give an exception with its reason.";

  it("is AWS's, or is somebody's whom the documents don't know", async () => {
    expect(await complaints(attach("arn:aws:iam::aws:policy/ReadOnlyAccess"))).toEqual([
      `fail own-policies aws_iam_role_policy_attachment.a ReadOnlyAccess: Attaches ReadOnlyAccess, a policy of AWS: AWS writes it, and changes it without asking. ${remedy}`,
    ]);
    expect(await complaints(attach("${var.policy}"))).toEqual([
      `unknown own-policies aws_iam_role_policy_attachment.a \${var.policy}: Attaches \${var.policy}, whose text is not in the documents. ${remedy}`,
    ]);
    expect(await faults(attach("${aws_iam_policy.own.arn}"))).toEqual([]);
  });
});
