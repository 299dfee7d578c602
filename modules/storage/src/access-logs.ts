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

/**
 * Lets load balancers of the bucket's account deliver their logs under the prefixes. AWS writes below
 * `AWSLogs/<account>` there, which keeps other accounts' load balancers out.
 */
export function deliverLoadBalancerLogs(target: LoggedBucket, prefixes: readonly string[]): PolicyStatement {
  return {
    Sid: "AllowLoadBalancerLogs",
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: prefixes.map((prefix) => `${target.bucketArn}/${prefix}AWSLogs/${target.accountId}/*`),
  };
}

function pascal(purpose: string): string {
  return purpose
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
