import { applicationCsp, type CspOrigins, contentSecurityPolicyTemplate } from "@telemedicina/cdn";
import type { EnvironmentConfig } from "@telemedicina/config";

/**
 * Hosts that pages may use besides the site's own: those of the environment file, and the bucket that browsers upload to and
 * show files from by presigned URL.
 *
 * @param uploadsBucket its name, a literal
 */
export function pageHosts(config: EnvironmentConfig, uploadsBucket: string): CspOrigins {
  const { csp } = config.cdn;
  const bucket = bucketHosts(config, uploadsBucket);
  return {
    ...(csp as CspOrigins),
    connect: [...bucket, ...(csp.connect as NonNullable<CspOrigins["connect"]>)],
    images: [...bucket, ...(csp.images as NonNullable<CspOrigins["images"]>)],
    media: [...bucket, ...(csp.media as NonNullable<CspOrigins["media"]>)],
  };
}

/** The policy that Laravel sends with pages, `{nonce}` where the nonce of each answer goes. */
export function pageCspTemplate(config: EnvironmentConfig, uploadsBucket: string): string {
  return contentSecurityPolicyTemplate(
    applicationCsp({ domain: config.domain, ...pageHosts(config, uploadsBucket) }),
  );
}

/** In us-east-1 AWS's PHP library signs for the name without the region. */
function bucketHosts({ region }: EnvironmentConfig, bucket: string): `https://${string}`[] {
  const regional = `https://${bucket}.s3.${region}.amazonaws.com` as const;
  return region === "us-east-1" ? [regional, `https://${bucket}.s3.amazonaws.com`] : [regional];
}
