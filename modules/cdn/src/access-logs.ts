import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery/index.js";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination/index.js";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { environmentSegment, type NameScope, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { nameLengthFaultText } from "./errors.js";

/** Longest name of a delivery's source and destination. */
const NAME_MAX_LENGTH = 60;

/**
 * What is logged of a request. Left out of AWS's own list are cookies, query strings and referrers: sessions, signatures
 * of patients' files and addresses stand in them. The path stays, and with it whatever an application puts there: Laravel's
 * own links for a forgotten password have their token in it.
 */
export const accessLogFields: readonly string[] = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs-bytes",
  "time-taken",
  "x-forwarded-for",
  "ssl-protocol",
  "ssl-cipher",
  "x-edge-response-result-type",
  "cs-protocol-version",
  "c-port",
  "time-to-first-byte",
  "x-edge-detailed-result-type",
  "sc-content-type",
  "sc-content-len",
  "sc-range-start",
  "sc-range-end",
];

export interface AccessLogDeliveryProps {
  readonly names: NameScope;
  readonly distributionArn: string;
  readonly bucketArn: string;
  readonly prefix: string;
  readonly provider: AwsProvider;
}

/**
 * Every request, as lines of JSON, into a bucket. Standard logging v2: unlike the old one it needs no ACL on the bucket.
 * Delivery to S3 is free of charge, storage is not.
 */
export class AccessLogDelivery extends Construct {
  constructor(scope: Construct, id: string, props: AccessLogDeliveryProps) {
    super(scope, id);
    const { provider, distributionArn, bucketArn, prefix } = props;
    const name = deliveryName(props.names);
    const tags = resourceTags(name, { tier: "frontend" });
    const source = new CloudwatchLogDeliverySource(this, "source", {
      provider,
      name,
      logType: "ACCESS_LOGS",
      resourceArn: distributionArn,
      tags,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      provider,
      name,
      outputFormat: "json",
      deliveryDestinationConfiguration: [{ destinationResourceArn: `${bucketArn}/${prefix}` }],
      tags,
    });
    new CloudwatchLogDelivery(this, "delivery", {
      provider,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: [...accessLogFields],
      tags,
    });
  }
}

export function deliveryNameFaults(names: NameScope): string[] {
  const name = deliveryName(names);
  return name.length <= NAME_MAX_LENGTH ? [] : [nameLengthFaultText(name, NAME_MAX_LENGTH)];
}

function deliveryName({ project, environment, region }: NameScope): string {
  return `${project}-${environmentSegment(environment)}-cloudfront-logs-${region}`;
}
