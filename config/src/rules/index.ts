import {
  adminCidrCanonical,
  adminCidrNotOpen,
  azDistinct,
  azInRegion,
  azSupported,
  vpcCidrCanonical,
  vpcCidrDisjoint,
  vpcCidrPrivate,
  vpcCidrSize,
} from "./address.js";
import {
  asgSizes,
  cdnPriceClass,
  scalingThresholds,
  turnSecretRotation,
  turnZonesDistinct,
  turnZonesKnown,
} from "./application.js";
import {
  cacheMultiAz,
  cacheNodes,
  databaseIops,
  databaseReplicasBackups,
  databaseStorageCeiling,
  databaseWindowLength,
  databaseWindows,
  logArchive,
} from "./data.js";
import {
  accountIdDistinct,
  assumeRoleAccount,
  domainDistinct,
  domainLength,
  drRegionDiffers,
  fileName,
  stateBucketDistinct,
  stateLocal,
} from "./identity.js";
import { endpointsDistinct, endpointsWithoutNat, gatewayEndpointS3, natEgress } from "./network.js";
import { objectiveRules } from "./objectives.js";
import { productionRules } from "./production.js";
import type { Rule } from "./rule.js";

/** Every rule. Each has a fixture in `test/faults` under its id. */
export const rules: readonly Rule[] = [
  fileName,
  accountIdDistinct,
  assumeRoleAccount,
  domainDistinct,
  domainLength,
  drRegionDiffers,
  stateLocal,
  stateBucketDistinct,
  vpcCidrPrivate,
  vpcCidrSize,
  vpcCidrCanonical,
  vpcCidrDisjoint,
  azInRegion,
  azSupported,
  azDistinct,
  adminCidrNotOpen,
  adminCidrCanonical,
  natEgress,
  endpointsWithoutNat,
  endpointsDistinct,
  gatewayEndpointS3,
  databaseReplicasBackups,
  databaseIops,
  databaseStorageCeiling,
  databaseWindows,
  databaseWindowLength,
  cacheMultiAz,
  cacheNodes,
  logArchive,
  asgSizes,
  scalingThresholds,
  turnZonesKnown,
  turnZonesDistinct,
  turnSecretRotation,
  cdnPriceClass,
  ...productionRules,
  ...objectiveRules,
];
