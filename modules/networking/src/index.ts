export { type AvailabilityZones, type AzLetter, azLetters, type ByAz } from "./availability-zones.js";
export {
  type GatewayService,
  gatewayServices,
  type InterfaceService,
  interfaceServices,
} from "./endpoint-services.js";
export { type NaclEntry, type NaclPlan, type NaclPlanInput, naclPlan } from "./nacl-plan.js";
export { type NatMode, natModes } from "./nat-gateways.js";
export {
  type FlowLogSettings,
  Network,
  type NetworkProps,
  type NetworkQuotas,
  type SecurityGroupIds,
} from "./network.js";
export { PublicZone, type PublicZoneProps } from "./public-zone.js";
export {
  type LoadBalancerIngress,
  type Peer,
  type PlannedRule,
  type SecurityGroupPlanInput,
  securityGroupPlan,
} from "./security-group-plan.js";
export {
  type PlannedSubnet,
  type SubnetPlan,
  type SubnetTier,
  subnetPlan,
  subnetTiers,
} from "./subnet-plan.js";
