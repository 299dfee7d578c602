import type { ResourceType } from "./catalog.js";
import type { Text } from "./model.js";
import { glob, overlap, type Pattern, something } from "./patterns.js";

/**
 * Characters that a variable of an ARN never holds. Without them `arn:…:s3:::${BucketName}` would be taken for an
 * object's ARN too, and the commonest mistake, an object's action on a bucket's ARN, would pass.
 */
const NEVER_HOLDS: Readonly<Record<string, string>> = {
  Partition: ":",
  Region: ":",
  Account: ":",
  BucketName: "/",
  LogGroupName: ":",
};

/** ARNs of Terraform's resources, for policies that name them by reference. Others are taken as anything. */
const ARN_OF: Readonly<Record<string, string>> = {
  aws_autoscaling_group:
    "arn:${Partition}:autoscaling:${Region}:${Account}:autoScalingGroup:${GroupId}:autoScalingGroupName/${GroupFriendlyName}",
  aws_cloudwatch_log_group: "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}",
  aws_dynamodb_table: "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
  aws_iam_openid_connect_provider: "arn:${Partition}:iam::${Account}:oidc-provider/${ProviderName}",
  aws_iam_policy: "arn:${Partition}:iam::${Account}:policy/${PolicyName}",
  aws_iam_role: "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
  aws_kms_alias: "arn:${Partition}:kms:${Region}:${Account}:alias/${Alias}",
  aws_kms_key: "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}",
  aws_kms_replica_key: "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}",
  aws_lambda_function: "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
  aws_s3_bucket: "arn:${Partition}:s3:::${BucketName}",
  aws_secretsmanager_secret: "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}",
  aws_sns_topic: "arn:${Partition}:sns:${Region}:${Account}:${TopicName}",
  aws_sqs_queue: "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}",
  aws_ssm_parameter:
    "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}",
};

/** Whether the text may stand for a resource of one of these types. */
export function fits(resource: Text, types: readonly ResourceType[]): boolean {
  const pattern = patternOf(resource);
  return types.some(({ arn }) => overlap(pattern, format(arn)));
}

/**
 * Whether a resource means everything there is: `*`, or an ARN without a word after the account, such as
 * `arn:aws:s3:::*`. `open` where a part that nobody can tell from the file might make it so.
 */
export function breadth({ pieces }: Text): "everything" | "open" | "named" {
  if (pieces.some(({ kind }) => kind === "reference")) return "named";
  const open = pieces.some(({ kind }) => kind === "unknown");
  const text = pieces.map((piece) => (piece.kind === "text" ? piece.text : "*")).join("");
  const everything = /^(?:[*?]+|arn(?::[^:]*){4}:[*?:/]*)$/.test(text);
  if (!everything) return "named";
  return open ? "open" : "everything";
}

function patternOf({ pieces }: Text): Pattern {
  return pieces.flatMap((piece) => {
    if (piece.kind === "text") return policyText(piece.text);
    const arn =
      piece.kind === "reference" && piece.attribute === "arn" ? ARN_OF[piece.block.type] : undefined;
    return arn === undefined ? something() : format(arn);
  });
}

/** IAM's own variables, such as `${aws:username}`, are filled in by the request. */
function policyText(text: string): Pattern {
  return text
    .split(/\$\{[^}]*\}/)
    .flatMap((part, index) => [...(index > 0 ? something() : []), ...glob(part)]);
}

/** An ARN of the reference: its variables stand for at least one character each. */
function format(arn: string): Pattern {
  return arn
    .split(/\$\{(\w+)\}/)
    .flatMap((part, index) => (index % 2 === 0 ? glob(part) : something(NEVER_HOLDS[part] ?? "")));
}
