export { accessLogFields } from "./access-logs.js";
export { type ApplicationCsp, applicationCsp, type CspOrigins, uploadedFileCsp } from "./application-csp.js";
export {
  type Behaviour,
  type BehaviourOptions,
  behaviourRows,
  behaviourTable,
  defaultStaticPaths,
  MAINTENANCE_PATH,
} from "./behaviours.js";
export { type ContentKind, contentKinds, managedPolicies } from "./content-kinds.js";
export {
  CSP_MAX_LENGTH,
  type CspDirectives,
  type CspHost,
  contentSecurityPolicy,
  contentSecurityPolicyTemplate,
  NONCE,
  NONCE_PLACEHOLDER,
} from "./csp.js";
export { Distribution, type DistributionTarget } from "./distribution.js";
export { EdgeCertificate, type EdgeCertificateProps, type Zone } from "./edge-certificate.js";
export { EdgeHealthCheck, type EdgeHealthCheckProps } from "./edge-health-check.js";
export { EdgeRecords, type EdgeRecordsProps, type Failover } from "./edge-records.js";
export {
  defaultPermissions,
  type Permission,
  type PermissionFeature,
  type Permissions,
  permissionsPolicy,
} from "./permissions-policy.js";
export {
  decryptStatement,
  type LogDeliveryStatementProps,
  logDeliveryStatement,
  type ReadStatementsProps,
  readStatements,
} from "./policy-statements.js";
export type {
  AccessLogs,
  ApplicationOrigin,
  BucketOrigin,
  DistributionProps,
  GeoRestriction,
  HeaderProps,
  LoadBalancerFacts,
  OriginVerification,
  PriceClass,
  PublicOrigin,
  SignedFiles,
  VpcOrigin,
} from "./props.js";
export { type BehaviourJson, type DistributionJson, selectBehaviour } from "./select-behaviour.js";
export { type Headers, type HeadersPolicyJson, viewerHeaders } from "./viewer-headers.js";
