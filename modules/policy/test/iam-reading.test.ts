import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPolicies, type PolicyModel, permissionTable, readPolicies } from "../src/index.js";
import { documentOf, ec2Trust, policyText } from "./iam.js";

const read = { Sid: "Read", Effect: "Allow", Action: "s3:GetObject" };

function kinds({ policies }: PolicyModel): string[] {
  return policies.map(({ kind, address, attribute }) => `${kind} ${address}.${attribute}`);
}

describe("policies are found", () => {
  it("in every argument that takes one, each with its kind", () => {
    const policy = policyText({ ...read, Resource: "*" });
    const model = readPolicies(
      documentOf({
        aws_iam_role: {
          app: {
            assume_role_policy: policyText(ec2Trust),
            inline_policy: [
              { name: "a", policy },
              { name: "b", policy },
            ],
          },
        },
        aws_iam_policy: { shared: { policy } },
        aws_s3_bucket_policy: { uploads: { policy } },
        aws_sns_topic_policy: { alarms: { policy } },
        aws_secretsmanager_secret_policy: { secret: { policy } },
        aws_vpc_endpoint: { s3: { policy }, kms: {} },
      }),
    );
    expect(kinds(model)).toEqual([
      "trust aws_iam_role.app.assume_role_policy",
      "identity aws_iam_role.app.inline_policy[0].policy",
      "identity aws_iam_role.app.inline_policy[1].policy",
      "identity aws_iam_policy.shared.policy",
      "resource aws_s3_bucket_policy.uploads.policy",
      "resource aws_sns_topic_policy.alarms.policy",
      "resource aws_secretsmanager_secret_policy.secret.policy",
      "endpoint aws_vpc_endpoint.s3.policy",
    ]);
    expect(model.unread).toEqual([]);
  });

  it("by the role that gets them, named by reference, by id or by name", () => {
    const policy = policyText({ ...read, Resource: "*" });
    const { policies } = readPolicies(
      documentOf({
        aws_iam_role: { app: { name: "app", assume_role_policy: policyText(ec2Trust) } },
        aws_iam_role_policy: {
          name: { role: "${aws_iam_role.app.name}", policy },
          id: { role: "${aws_iam_role.app.id}", policy },
          text: { role: "app", policy },
          other: { role: "somebody-elses", policy },
        },
      }),
    );
    expect(policies.map(({ holder }) => holder)).toEqual([
      "aws_iam_role.app",
      "aws_iam_role.app",
      "aws_iam_role.app",
      "aws_iam_role.app",
      "somebody-elses",
    ]);
  });

  it("with references followed and what AWS fills in kept apart from what nobody can tell", () => {
    const policyOf = policyText({
      ...read,
      Resource: [
        "${aws_kms_key.data.arn}",
        "arn:aws:s3:::${aws_s3_bucket.uploads.bucket}/*",
        "MANY/*",
        "arn:aws:s3:::$${aws:username}",
      ],
    }).replace("MANY", '${aws_s3_bucket.many["a"].arn}');
    const [policy] = readPolicies(
      documentOf({
        aws_iam_policy: { app: { policy: policyOf } },
        aws_kms_key: { data: {} },
        aws_s3_bucket: { uploads: { bucket: "uploads" } },
      }),
    ).policies;
    expect(
      policy?.statements[0]?.resources.map(({ pieces }) =>
        pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.kind)),
      ),
    ).toEqual([
      ["reference"],
      ["arn:aws:s3:::", "uploads", "/*"],
      ["unknown", "/*"],
      ["arn:aws:s3:::${aws:username}"],
    ]);
    expect(policy?.statements[0]?.resources.map(({ written }) => written)).toEqual([
      "${aws_kms_key.data.arn}",
      "arn:aws:s3:::${aws_s3_bucket.uploads.bucket}/*",
      '${aws_s3_bucket.many["a"].arn}/*',
      "arn:aws:s3:::${aws:username}",
    ]);
  });

  it("across stacks, where one reads the other's output", () => {
    const backend = { terraform: { backend: { s3: { bucket: "state", key: "security" } } } };
    const security = documentOf(
      { aws_kms_key: { data: {} } },
      { ...backend, output: { key: { value: "${aws_kms_key.data.arn}" } } },
    );
    const data = documentOf(
      {
        aws_iam_policy: {
          app: {
            policy: policyText({
              ...read,
              Resource: "${data.terraform_remote_state.security.outputs.key}",
            }),
          },
        },
      },
      {
        data: {
          terraform_remote_state: {
            security: { backend: "s3", config: { bucket: "state", key: "security" } },
          },
        },
      },
    );
    const resource = readPolicies([security, data]).policies[0]?.statements[0]?.resources[0];
    expect(resource?.pieces).toEqual([
      {
        kind: "reference",
        attribute: "arn",
        block: expect.objectContaining({ address: "aws_kms_key.data" }),
      },
    ]);
  });

  it("in a local and in aws_iam_policy_document, as the data source would write them", () => {
    const model = readPolicies(
      documentOf(
        {
          aws_iam_policy: {
            local: { policy: "${local.text}" },
            data: { policy: "${data.aws_iam_policy_document.app.json}" },
          },
          aws_kms_key: { data: {} },
        },
        {
          locals: { text: policyText({ ...read, Resource: "arn:aws:s3:::$${aws:username}/*" }) },
          data: {
            aws_iam_policy_document: {
              app: {
                statement: [
                  {
                    sid: "Home",
                    actions: ["s3:GetObject"],
                    resources: ["arn:aws:s3:::home/&{aws:username}/*", "${aws_kms_key.data.arn}"],
                    condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
                  },
                ],
              },
            },
          },
        },
      ),
    );
    expect(model.unread).toEqual([]);
    const [local, data] = model.policies.map(({ statements }) => statements[0]);
    expect(local?.resources.map(({ pieces }) => pieces)).toEqual([
      [{ kind: "text", text: "arn:aws:s3:::${aws:username}/*" }],
    ]);
    expect(data).toMatchObject({
      sid: "Home",
      effect: "Allow",
      resources: [{ written: "arn:aws:s3:::home/${aws:username}/*" }, { pieces: [{ kind: "reference" }] }],
      principals: [],
      conditions: [{ operator: "Bool", key: { written: "aws:SecureTransport" } }],
      faults: [],
    });
  });
});

describe("what can't be read is listed", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["text that is not JSON", "{ not json }", "it is not JSON"],
    ["JSON that is no policy", '{"Version":"2012-10-17"}', "it has no Statement"],
    [
      "a function",
      "${jsonencode({ Statement = [] })}",
      "only plain references are followed, and this is an expression: jsonencode({ Statement = [] })",
    ],
    [
      "a variable",
      "${var.policy}",
      'a variable has no value in the file; give it as values: { "var.policy": … }',
    ],
    ["a directive", "%{ if true }{}%{ endif }", "it holds a template directive, which is not evaluated"],
    [
      "a data source that is not there",
      "${data.aws_iam_policy_document.app.json}",
      "there is no data.aws_iam_policy_document.app in its document",
    ],
    ["an object", { Statement: [] }, "it is not a text"],
  ];

  it.each(cases)("%s", (_, policy, why) => {
    const model = readPolicies(documentOf({ aws_iam_policy: { app: { policy } } }));
    expect(model.policies).toEqual([]);
    expect(model.unread).toEqual([
      { document: 0, address: "aws_iam_policy.app", attribute: "policy", path: undefined, why },
    ]);
  });

  it("a policy where none is expected", () => {
    const model = readPolicies(
      documentOf({ aws_brand_new: { a: { settings: [{ text: policyText({ ...read, Resource: "*" }) }] } } }),
    );
    expect(model.unread).toEqual([
      {
        document: 0,
        address: "aws_brand_new.a",
        attribute: "settings[0].text",
        path: undefined,
        why: "no policy is expected there, so its kind is not known",
      },
    ]);
  });

  it("a data source that is put together from others", () => {
    const model = readPolicies(
      documentOf(
        { aws_iam_policy: { app: { policy: "${data.aws_iam_policy_document.app.json}" } } },
        { data: { aws_iam_policy_document: { app: { source_policy_documents: ["${var.base}"] } } } },
      ),
    );
    expect(model.unread.map(({ why }) => why)).toEqual([
      "data.aws_iam_policy_document.app uses source_policy_documents, which is not followed",
    ]);
  });
});

it("values stand in for what the file can't tell", () => {
  const document = documentOf({ aws_iam_policy: { app: { policy: "${var.policy}" } } });
  const policy = policyText({ ...read, Resource: "*" });
  expect(kinds(readPolicies(document, { "var.policy": policy }))).toEqual([
    "identity aws_iam_policy.app.policy",
  ]);
});

it("never throws for what a policy holds, and says something about every policy", async () => {
  const elements = fc.record(
    Object.fromEntries(
      ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"].map(
        (name) => [name, fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("*", "s3:*", "${a.b.c}"))],
      ),
    ),
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(elements, fc.array(elements), fc.jsonValue()), async (Statement) => {
      const policy = JSON.stringify({ Version: "2012-10-17", Statement });
      const model = readPolicies(documentOf({ aws_iam_role_policy: { app: { role: "app", policy } } }));
      await permissionTable(model);
      const findings = await checkPolicies(model);
      const statements = model.policies.flatMap((each) => each.statements);
      expect(statements.length + model.unread.length > 0 || JSON.stringify(Statement) === "[]").toBe(true);
      expect(findings.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
