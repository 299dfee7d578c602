import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import {
  type ApplicationOrigin,
  Distribution,
  EdgeCertificate,
  EdgeHealthCheck,
  EdgeRecords,
  type SignedFiles,
  type Zone,
} from "@telemedicina/cdn";
import type { EnvironmentConfig } from "@telemedicina/config";
import { LONGEST_ANSWER_SECONDS, ORIGIN_HEADER } from "@telemedicina/host";
import { WebAcl } from "@telemedicina/waf";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { deliveryPrefix } from "../delivered-logs.js";
import { EnvironmentStack } from "../environment-stack.js";
import { firewall } from "../firewall.js";
import { originName } from "../load-balancer-names.js";
import { pageHosts } from "../page-hosts.js";
import type { AppStack } from "./app.js";
import type { DataStack } from "./data.js";
import type { NetworkStack } from "./network.js";
import type { SecurityStack } from "./security.js";

interface Needs {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly data: DataStack;
  readonly app: AppStack;
}

/** CloudFront with its certificate and firewall, and the names that lead there. It holds no data but caches. */
export class EdgeStack extends EnvironmentStack {
  readonly distribution: Distribution;
  readonly webAcl: WebAcl | undefined;

  constructor(scope: Construct, config: EnvironmentConfig, needs: Needs) {
    super(scope, config, "edge");
    // The bucket of logs and the assets' are named by literals, and a certificate may rest on the app stack's records.
    this.addDependency(needs.app);
    const usEast1 = this.usEast1Provider();
    // Not the whole zone's name: others may own what lies above the domain.
    const zone: Zone = { zoneId: needs.network.zoneId, name: config.domain };
    const certificate = this.certificate(config, zone, usEast1);
    this.webAcl = this.acl(config, needs.security, usEast1);
    this.distribution = this.cdn(config, certificate, needs, usEast1);
    this.records(config, zone, usEast1);
    this.output("distribution_id", this.distribution.id);
    this.output("distribution_domain_name", this.distribution.target.domainName);
    this.output("file_key_ids", this.distribution.fileKeyIds);
    if (this.webAcl !== undefined) this.output("waf_log_group", this.webAcl.logGroupName);
  }

  private certificate({ domain, compute }: EnvironmentConfig, zone: Zone, usEast1: AwsProvider) {
    return new EdgeCertificate(this, "certificate", {
      names: this.names,
      usEast1,
      zone,
      domain,
      // The load balancer's certificate has the same name, and ACM asks for the same record.
      recordsMadeElsewhere: compute.certificate.from === "dns" ? [domain] : [],
    });
  }

  private acl(
    config: EnvironmentConfig,
    { edgeLogsKeyArn }: SecurityStack,
    usEast1: AwsProvider,
  ): WebAcl | undefined {
    const props = firewall(config, edgeLogsKeyArn);
    if (props === undefined) return undefined;
    return new WebAcl(this, "waf", {
      names: this.names,
      accountId: config.accountId,
      scope: { kind: "cloudfront", provider: usEast1, bodyInspectionKiB: config.waf.bodyInspectionKiB },
      ...props,
    });
  }

  private cdn(
    config: EnvironmentConfig,
    certificate: EdgeCertificate,
    needs: Needs,
    usEast1: AwsProvider,
  ): Distribution {
    const { cdn, domain } = config;
    const { storage } = needs.data;
    return new Distribution(this, "cdn", {
      names: this.names,
      usEast1,
      domain,
      certificateArn: certificate.arn,
      certificateDomains: certificate.domains,
      application: applicationOrigin(config, needs),
      assets: { bucketName: storage.bucketNames.assets, bucketDomainName: storage.assetsDomainName },
      signedFiles: signedFiles(config, needs.data),
      accessLogs: {
        bucketArn: storage.bucketArns["access-logs"],
        prefix: deliveryPrefix("cloudfront"),
      },
      webAclArn: this.webAcl?.arn,
      headers: {
        hstsMaxAgeSeconds: cdn.hstsMaxAgeSeconds,
        immutableMaxAgeSeconds: cdn.immutableMaxAgeSeconds,
        dynamicMaxAgeSeconds: cdn.dynamicMaxAgeSeconds,
        csp: pageHosts(config, storage.bucketNames.uploads),
      },
      maintenancePage: cdn.maintenancePage,
      geoRestriction: cdn.geo,
      priceClass: cdn.priceClass,
      realtimeMetrics: cdn.realtimeMetrics,
    });
  }

  private records({ domain, dns, cdn }: EnvironmentConfig, zone: Zone, usEast1: AwsProvider): void {
    const { target } = this.distribution;
    const { failover } = dns;
    const check = cdn.healthCheck
      ? new EdgeHealthCheck(this, "health", {
          names: this.names,
          usEast1,
          // Under the site's own name the check would ask the other load balancer as soon as that has taken over.
          domainName: failover === undefined ? domain : target.domainName,
          geoRestriction: cdn.geo,
        })
      : undefined;
    new EdgeRecords(this, "records", {
      zone,
      domains: [domain],
      target,
      certificateAuthorities: dns.certificateAuthorities,
      wildcardCertificates: dns.wildcardCertificates,
      ...(failover === undefined || check === undefined
        ? {}
        : { failover: { healthCheckId: check.id, secondary: failover } }),
    });
  }

  private output(id: string, value: unknown): void {
    new TerraformOutput(this, id, { value, staticId: true });
  }
}

function applicationOrigin(
  { network: { loadBalancerIngress }, domain }: EnvironmentConfig,
  { security: { secretArns }, app: { loadBalancer } }: Needs,
): ApplicationOrigin {
  const origin = {
    domainName: originName(domain),
    // Whoever gives up before nginx answers asks again, and makes a slow site slower.
    readTimeoutSeconds: LONGEST_ANSWER_SECONDS + 10,
    loadBalancer: {
      internal: loadBalancer.internal,
      tlsPolicy: loadBalancer.tlsPolicy,
      certificateDomains: [domain, originName(domain)],
    },
  };
  switch (loadBalancerIngress.from) {
    case "cloudfrontVpcOrigin":
      return { ...origin, kind: "vpcOrigin", loadBalancerArn: loadBalancer.arn };
    case "internet":
      return {
        ...origin,
        kind: "public",
        verification: { kind: "none", reason: loadBalancerIngress.reason },
      };
    case "cloudfront": {
      const { originHeaderA = "", originHeaderB = "" } = secretArns;
      const secretArn = loadBalancerIngress.sentOriginHeader === "A" ? originHeaderA : originHeaderB;
      return { ...origin, kind: "public", verification: { kind: "header", name: ORIGIN_HEADER, secretArn } };
    }
  }
}

function signedFiles(
  { cdn: { signedFiles: files } }: EnvironmentConfig,
  { storage }: DataStack,
): SignedFiles | undefined {
  if (files.publicKeys.length === 0) return undefined;
  const { uploads } = storage.buckets;
  const replica = storage.replicas.uploads?.bucket;
  return {
    bucketName: uploads.bucketName,
    bucketDomainName: uploads.regionalDomainName,
    publicKeys: files.publicKeys,
    ...(replica === undefined
      ? {}
      : { replica: { bucketName: replica.bucketName, bucketDomainName: replica.regionalDomainName } }),
  };
}
