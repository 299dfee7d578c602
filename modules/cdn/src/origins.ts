import type {
  CloudfrontDistributionOrigin,
  CloudfrontDistributionOriginGroup,
} from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control/index.js";
import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version/index.js";
import { ports, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import type { OriginKind } from "./content-kinds.js";
import type { BucketOrigin, OriginVerification } from "./props.js";
import type { DistributionSettings } from "./settings.js";
import { VpcOriginEndpoint } from "./vpc-origin.js";

/** Answers of a bucket after which its copy is asked. 403 and 404 are not among them: a file may rightly be absent. */
const FAILOVER_STATUS = [500, 502, 503, 504];

/** Where answers come from: the application, the assets bucket, and the bucket of patients' files. */
export class Origins extends Construct {
  readonly origins: CloudfrontDistributionOrigin[];
  readonly groups: CloudfrontDistributionOriginGroup[];

  constructor(scope: Construct, id: string, settings: DistributionSettings) {
    super(scope, id);
    const accessControlId = this.accessControl(settings);
    const { assets, signedFiles } = settings;
    const replica = signedFiles?.replica;
    this.origins = [
      this.application(settings),
      bucket("assets", assets, accessControlId),
      ...(signedFiles === undefined ? [] : [bucket("files", signedFiles, accessControlId)]),
      ...(replica === undefined ? [] : [bucket("files-replica", replica, accessControlId)]),
    ];
    this.groups = replica === undefined ? [] : [filesGroup()];
  }

  /** What a behaviour names. */
  targetOf(kind: OriginKind): string {
    return kind === "files" && this.groups.length > 0 ? FILES_GROUP : kind;
  }

  /** One for all buckets: it says how requests are signed, the bucket's policy says whose. */
  private accessControl({ names }: DistributionSettings): string {
    return new CloudfrontOriginAccessControl(this, "access-control", {
      name: resourceName(names, "oac"),
      description: "Signs every request to a bucket",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
      // One in use cannot be deleted.
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  private application(settings: DistributionSettings): CloudfrontDistributionOrigin {
    const { application, names } = settings;
    const { domainName, readTimeoutSeconds, keepaliveSeconds } = application;
    const timeouts = { originReadTimeout: readTimeoutSeconds, originKeepaliveTimeout: keepaliveSeconds };
    const origin = { originId: "application", domainName, connectionAttempts: 3, connectionTimeout: 10 };
    if (application.kind === "vpcOrigin") {
      const { loadBalancerArn } = application;
      const { id: vpcOriginId } = new VpcOriginEndpoint(this, "vpc-origin", { names, loadBalancerArn });
      return { ...origin, vpcOriginConfig: { vpcOriginId, ...timeouts } };
    }
    return {
      ...origin,
      ...this.verification(application.verification),
      customOriginConfig: {
        httpPort: ports.http,
        httpsPort: ports.https,
        originProtocolPolicy: "https-only",
        originSslProtocols: ["TLSv1.2"],
        ...timeouts,
      },
    };
  }

  /** A reference; the value is read by Terraform and stays in the state, since there is no write-only form. */
  private verification(verification: OriginVerification) {
    if (verification.kind === "none") return {};
    const { name, secretArn: secretId } = verification;
    const value = new DataAwsSecretsmanagerSecretVersion(this, "verification", { secretId }).secretString;
    return { customHeader: [{ name, value }] };
  }
}

const FILES_GROUP = "files-or-replica";

function filesGroup(): CloudfrontDistributionOriginGroup {
  return {
    originId: FILES_GROUP,
    failoverCriteria: { statusCodes: FAILOVER_STATUS },
    member: [{ originId: "files" }, { originId: "files-replica" }],
  };
}

function bucket(
  originId: string,
  { bucketDomainName }: BucketOrigin,
  originAccessControlId: string,
): CloudfrontDistributionOrigin {
  return {
    originId,
    domainName: bucketDomainName,
    originAccessControlId,
    connectionAttempts: 3,
    connectionTimeout: 10,
  };
}
