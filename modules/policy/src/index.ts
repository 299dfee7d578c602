export { QuestionError } from "./errors.js";
export { checkFlows, type Flow, type FlowFinding, forEverySubnet, renderFlows } from "./flows.js";
export { checkPolicies } from "./iam/check-policies.js";
export {
  type PermissionFinding,
  type PolicyException,
  type RuleId,
  rules as permissionRules,
} from "./iam/finding.js";
export type {
  Attachment,
  Condition,
  Piece,
  Place,
  Policy,
  PolicyKind,
  PolicyModel,
  Principal,
  Statement,
  Text,
  Unread,
} from "./iam/model.js";
export { type Permission, permissionTable, type RolePermissions } from "./iam/permission-table.js";
export { readPolicies } from "./iam/read-policies.js";
export { renderPermissions } from "./iam/render-permissions.js";
export type {
  AclRule,
  Finding,
  NetworkAcl,
  NetworkModel,
  Resolved,
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from "./network/model.js";
export { type ReadOptions, readNetwork } from "./network/read-network.js";
export {
  type AmazonService,
  amazonService,
  type Host,
  type HostProps,
  host,
  internet,
  prefixList,
  type SubnetSelector,
} from "./packets/hosts.js";
export type { CheckKind, Hop, Leg } from "./packets/journey.js";
export { type Question, type Reach, reach, type Verdict } from "./packets/reach.js";
export type { PortRange, TrafficProps } from "./packets/traffic.js";
export type { TerraformDocument } from "./terraform/document.js";
