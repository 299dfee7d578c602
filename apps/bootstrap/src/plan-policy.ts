import type { PolicyStatement } from "@telemedicina/core";
import type { StateAccess } from "./state-access.js";
import { PLAN_CONTEXT } from "./state-key.js";

export interface PlanPolicyProps {
  /** @default - none: the state is not in this account */
  readonly state?: StateAccess;
  readonly comparedSecrets: ComparedSecrets;
  /** ARNs of the objects that Terraform itself puts into buckets: a plan compares them with what is there. */
  readonly comparedObjectArns: readonly string[];
  /** ARNs of the connections to GitHub that plans look at, with `*` for the id that AWS gives. */
  readonly connectionArns: readonly string[];
}

/** The secrets whose values plans read, because the provider has no write-only argument for where they go. */
interface ComparedSecrets {
  /** Their ARNs, with `*` for the characters that Secrets Manager appends. */
  readonly arnPatterns: readonly string[];
  readonly region: string;
}

/**
 * What the plan role may beyond AWS's ReadOnlyAccess, and what of ReadOnlyAccess it may not.
 *
 * A pull request runs code that nobody has reviewed yet, so the role sees how things are configured and nothing of
 * what they hold. It cannot take the state lock either: a plan runs with `-lock=false`, which is safe because Terraform
 * refuses to apply a saved plan whose state has moved on.
 */
export function planPolicy({
  state,
  comparedSecrets,
  comparedObjectArns,
  connectionArns,
}: PlanPolicyProps): PolicyStatement[] {
  return [
    ...(state === undefined ? [] : [readState(state), sealPlans(state)]),
    {
      // A plan draws the random password that the apply will draw again and store: it belongs to no secret yet.
      Sid: "DrawPasswords",
      Effect: "Allow",
      Action: "secretsmanager:GetRandomPassword",
      Resource: "*",
    },
    {
      // ReadOnlyAccess knows connections by their old name; their status is in every plan of the delivery.
      Sid: "ReadConnections",
      Effect: "Allow",
      Action: ["codeconnections:GetConnection", "codeconnections:ListTagsForResource"],
      Resource: connectionArns,
    },
    ...readComparedSecrets(comparedSecrets),
    {
      ...denyExcept("DenyDecryption", ["kms:Decrypt", "kms:ReEncryptFrom"], state && [state.kmsKeyArn]),
      // Also holds where the request names no secret.
      Condition: { StringNotLike: { "kms:EncryptionContext:SecretARN": comparedSecrets.arnPatterns } },
    },
    denyExcept(
      "DenyObjects",
      ["s3:GetObject", "s3:GetObjectVersion"],
      [...comparedObjectArns, ...(state === undefined ? [] : [stateObjects(state)])],
    ),
    {
      Sid: "DenySecrets",
      Effect: "Deny",
      Action: ["ec2:GetPasswordData", "secretsmanager:BatchGetSecretValue"],
      Resource: "*",
    },
    denyExcept("DenySecretValues", ["secretsmanager:GetSecretValue"], comparedSecrets.arnPatterns),
    {
      Sid: "DenyRecords",
      Effect: "Deny",
      Action: [
        "athena:GetQueryResults",
        "athena:GetQueryResultsStream",
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:PartiQLSelect",
        "dynamodb:Query",
        "dynamodb:Scan",
        "glacier:GetJobOutput",
        "kinesis:GetRecords",
        "sqs:ReceiveMessage",
      ],
      Resource: "*",
    },
    {
      Sid: "DenyLogContents",
      Effect: "Deny",
      Action: [
        "ec2:GetConsoleOutput",
        "ec2:GetConsoleScreenshot",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetLogObject",
        "logs:GetLogRecord",
        "logs:GetQueryResults",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "rds:DownloadCompleteDBLogFile",
        "rds:DownloadDBLogFilePortion",
      ],
      Resource: "*",
    },
  ];
}

/**
 * They are in the state as well, which this role reads anyway. Each alone opens nothing: Redis is reachable inside the VPC
 * only, and the header's value leads whoever has a distribution past the firewall, not past the application's login.
 */
function readComparedSecrets({ arnPatterns, region }: ComparedSecrets): PolicyStatement[] {
  return [
    {
      Sid: "ReadComparedSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: arnPatterns,
    },
    {
      Sid: "DecryptComparedSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      // Their key is made later, by the security stack.
      Resource: "*",
      Condition: {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:SecretARN": arnPatterns },
      },
    },
  ];
}

/** Listing the bucket and reading its objects are in ReadOnlyAccess; decryption is not. */
function readState(state: StateAccess): PolicyStatement {
  return { Sid: "ReadState", Effect: "Allow", Action: "kms:Decrypt", Resource: state.kmsKeyArn };
}

/** A saved plan has in clear what the state has, and waits for its approval outside the account. */
function sealPlans(state: StateAccess): PolicyStatement {
  return {
    Sid: "SealPlans",
    Effect: "Allow",
    Action: "kms:GenerateDataKey",
    Resource: state.kmsKeyArn,
    Condition: { StringEquals: PLAN_CONTEXT },
  };
}

function denyExcept(
  sid: string,
  actions: readonly string[],
  except: readonly string[] | undefined,
): PolicyStatement {
  const statement = { Sid: sid, Effect: "Deny", Action: actions } as const;
  return except === undefined ? { ...statement, Resource: "*" } : { ...statement, NotResource: except };
}

function stateObjects(state: StateAccess): string {
  return `${state.bucketArn}/${state.keyPrefix}/*`;
}
