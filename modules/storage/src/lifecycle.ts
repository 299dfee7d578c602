import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { LifecycleRule } from "./lifecycle-rule.js";

export interface LifecycleProps {
  readonly bucket: string;
  readonly rules: readonly LifecycleRule[];
  readonly provider: TerraformProvider | undefined;
  /** Rules about versions mean something only once there are any. */
  readonly versioning: ITerraformDependable;
}

/** The one lifecycle configuration that a bucket can have. */
export function applyLifecycle(scope: Construct, props: LifecycleProps): void {
  new S3BucketLifecycleConfiguration(scope, "lifecycle", {
    bucket: props.bucket,
    // S3's default leaves what is under 128 KB where it is, a month's compressed export among them. With this, the
    // two archive classes take every size; the others still have their minimum.
    transitionDefaultMinimumObjectSize: "varies_by_storage_class",
    rule: props.rules.map(terraformRule),
    dependsOn: [props.versioning],
    ...(props.provider === undefined ? {} : { provider: props.provider }),
  });
}

function terraformRule(rule: LifecycleRule): S3BucketLifecycleConfigurationRule {
  const { transitions = [], noncurrent } = rule;
  const expiration = {
    ...(rule.expireAfterDays === undefined ? {} : { days: rule.expireAfterDays }),
    ...(rule.removeLoneDeleteMarkers === undefined ? {} : { expiredObjectDeleteMarker: true }),
  };
  return {
    id: rule.id,
    status: "Enabled",
    filter: [{ prefix: rule.prefix }],
    ...(transitions.length === 0
      ? {}
      : {
          transition: transitions.map(({ afterDays, storageClass }) => ({ days: afterDays, storageClass })),
        }),
    ...(Object.keys(expiration).length === 0 ? {} : { expiration: [expiration] }),
    ...(noncurrent === undefined
      ? {}
      : {
          noncurrentVersionExpiration: [
            {
              noncurrentDays: noncurrent.expireAfterDays,
              ...(noncurrent.keepNewest === undefined
                ? {}
                : { newerNoncurrentVersions: noncurrent.keepNewest }),
            },
          ],
        }),
    ...(rule.abortUploadsAfterDays === undefined
      ? {}
      : { abortIncompleteMultipartUpload: [{ daysAfterInitiation: rule.abortUploadsAfterDays }] }),
  };
}
