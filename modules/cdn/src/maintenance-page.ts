import type { CloudfrontDistributionCustomErrorResponse } from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object/index.js";
import type { Construct } from "constructs";
import { MAINTENANCE_PATH } from "./behaviours.js";
import type { BucketOrigin } from "./props.js";

/** Without script, picture or other file: nothing else may be there to answer. */
const PAGE = `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Voltamos em instantes</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.1rem/1.5 system-ui, sans-serif; color: #1f2937; background: #f9fafb; }
main { max-width: 32rem; padding: 2rem; }
</style>
</head>
<body>
<main>
<h1>Voltamos em instantes</h1>
<p>O sistema está temporariamente indisponível. Aguarde alguns minutos e recarregue a página.</p>
<p>Em caso de emergência médica, ligue para o SAMU: <strong>192</strong>.</p>
</main>
</body>
</html>
`;

/** Errors of a gateway: no host answers, none is there, none is in time. */
const GATEWAY_ERRORS = [502, 503, 504];
/** The other ones that CloudFront would keep, for everybody who asks for the same path. */
const OTHER_KEPT_ERRORS = [404, 405, 414, 500, 501];

/** Puts the page into the assets bucket. What a deployment uploads there must leave it alone. */
export function maintenancePage(scope: Construct, id: string, { bucketName }: BucketOrigin): S3Object {
  return new S3Object(scope, id, {
    bucket: bucketName,
    key: MAINTENANCE_PATH.slice(1),
    content: PAGE,
    contentType: "text/html; charset=utf-8",
    // A browser that kept it would show it when everything is well again.
    cacheControl: "no-store",
  });
}

/**
 * How errors are answered. None is kept at the edge: by default CloudFront keeps them for ten seconds, also where the
 * cache is off, and one patient's error would be the next one's.
 */
export function errorResponses(withPage: boolean): CloudfrontDistributionCustomErrorResponse[] {
  const page = (errorCode: number) =>
    withPage ? { responsePagePath: MAINTENANCE_PATH, responseCode: errorCode } : {};
  return [
    ...OTHER_KEPT_ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    ...GATEWAY_ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0, ...page(errorCode) })),
  ];
}
