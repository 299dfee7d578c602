import type { PolicyStatement } from "@telemedicina/core";

/** What a statement has to know of a bucket. */
export interface LoggedBucket {
  readonly purpose: string;
  readonly bucketArn: string;
  readonly accountId: string;
}

/** Lets S3 deliver the access logs of one bucket, under its own prefix, and nobody else's. */
export function deliverAccessLogs(
  source: LoggedBucket,
  target: LoggedBucket,
  prefix: string,
): PolicyStatement {
  return {
    Sid: `AllowAccessLogsOf${pascal(source.purpose)}`,
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${target.bucketArn}/${prefix}*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": source.accountId },
      ArnLike: { "aws:SourceArn": source.bucketArn },
    },
  };
}

function pascal(purpose: string): string {
  return purpose
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
