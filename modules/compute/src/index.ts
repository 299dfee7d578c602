export {
  type BlueGreenProps,
  type BlueGreenSettings,
  blueGreenProgram,
  blueGreenSettings,
  blueGreenTimeoutMinutes,
  type ColourProps,
} from "./blue-green.js";
export { type BlueGreenPlace, blueGreenStatements } from "./blue-green-statements.js";
export type { Colour } from "./colour.js";
export { Fleet } from "./fleet.js";
export { type FleetNames, fleetNames } from "./fleet-names.js";
export type { FleetProps } from "./fleet-props.js";
export type { AlarmReference } from "./health-alarms.js";
export { HostLogGroups, type HostLogGroupsProps } from "./host-log-groups.js";
export { HostRole, type HostRoleProps } from "./host-role.js";
export { type AmiImage, amazonLinux2023, type Image, type SsmImage, ubuntu2404 } from "./image.js";
export type { Architecture } from "./instance-types.js";
export { type FleetTarget, LoadBalancer } from "./load-balancer.js";
export type {
  CertificateSource,
  CloudFrontExposure,
  DeletionProtection,
  DnsCertificate,
  ExistingCertificate,
  Exposure,
  HealthCheck,
  InternetExposure,
  LoadBalancerProps,
  LogDestination,
  OriginHeader,
  RoutingAlgorithm,
  VpcOriginExposure,
} from "./load-balancer-props.js";
export type { FixedSize, QueueScaling, Scaling, StepScaling, TargetTracking } from "./scaling.js";
export { type TlsPolicy, tlsPolicies } from "./tls-policy.js";
