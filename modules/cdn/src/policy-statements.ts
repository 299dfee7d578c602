import type { PolicyStatement } from "@telemedicina/core";

const CLOUDFRONT = { Service: "cloudfront.amazonaws.com" } as const;

export interface ReadStatementsProps {
  readonly bucketArn: string;
  /** Where what may be read begins, without a slash at the front, such as `files/`. @default - the whole bucket */
  readonly prefix?: string | undefined;
  readonly accountId: string;
  /**
   * The only one that may read. A stack that is applied before the distribution's does not know it yet.
   * @default - every distribution of the account
   */
  readonly distributionArn?: string | undefined;
}

/**
 * Lets CloudFront read a bucket by origin access control, for the bucket's policy. It may ask what is there, so that an
 * absent file is "not found" and not "forbidden"; no behaviour asks for a listing.
 */
export function readStatements(props: ReadStatementsProps): readonly PolicyStatement[] {
  const { bucketArn, prefix = "" } = props;
  return [
    {
      Sid: "AllowCloudFrontToRead",
      Effect: "Allow",
      Principal: CLOUDFRONT,
      Action: "s3:GetObject",
      Resource: `${bucketArn}/${prefix}*`,
      Condition: fromDistribution(props),
    },
    {
      Sid: "AllowCloudFrontToMissFiles",
      Effect: "Allow",
      Principal: CLOUDFRONT,
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: fromDistribution(props),
    },
  ];
}

/** Lets CloudFront decrypt what it may read, for the policy of the bucket's key. */
export function decryptStatement(
  props: Pick<ReadStatementsProps, "accountId" | "distributionArn">,
): PolicyStatement {
  return {
    Sid: "AllowCloudFrontToDecrypt",
    Effect: "Allow",
    Principal: CLOUDFRONT,
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: fromDistribution(props),
  };
}

export interface LogDeliveryStatementProps {
  readonly bucketArn: string;
  readonly accountId: string;
  /** As given to the distribution. @default "cloudfront" */
  readonly prefix?: string | undefined;
}

/** Lets the logs of this account's distributions be delivered, for the policy of the bucket that takes them. */
export function logDeliveryStatement(props: LogDeliveryStatementProps): PolicyStatement {
  const { bucketArn, accountId, prefix = "cloudfront" } = props;
  return {
    Sid: "AllowCloudFrontLogs",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    // With a prefix of one's own AWS leaves its `AWSLogs/<account>/CloudFront/` out, and what is refused is lost in silence.
    Resource: `${bucketArn}/${prefix}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${accountId}:delivery-source:*` },
    },
  };
}

function fromDistribution({
  accountId,
  distributionArn,
}: Pick<ReadStatementsProps, "accountId" | "distributionArn">) {
  return distributionArn === undefined
    ? { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` } }
    : { ArnEquals: { "aws:SourceArn": distributionArn } };
}
