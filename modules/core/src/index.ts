export {
  configureBackend,
  type HcpState,
  type LocalState,
  type S3State,
  type StateBackend,
  stateKey,
} from "./backend.js";
export {
  ephemeralRandomPassword,
  ephemeralSecretVersion,
  type PasswordCharacters,
  type RandomPasswordOptions,
} from "./ephemeral.js";
export {
  faultsError,
  noneFaultText,
  oneOfFaults,
  rangeFaults,
  rangeFaultText,
  unknownFaultText,
} from "./faults.js";
export { logStatement, metricStatements, sessionManagerStatement } from "./instance-permissions.js";
export { keyAdministration } from "./key-administration.js";
export { logRetentionDays } from "./log-retention.js";
export { type NamedType, type NameLimit, nameLimits } from "./name-limits.js";
export {
  bucketName,
  type EnvironmentName,
  environmentSegment,
  type NameScope,
  resourceName,
} from "./names.js";
export { type PolicyStatement, policyDocument } from "./policy-document.js";
export {
  ephemeralPorts,
  type Flow,
  flow,
  flows,
  type Party,
  type PortRange,
  ports,
  type SecurityGroupKey,
  turnRelayPorts,
} from "./ports.js";
export {
  type AwsProviderProps,
  awsProvider,
  REQUIRED_AWS_PROVIDER,
  REQUIRED_TERRAFORM,
  requireVersions,
} from "./provider.js";
export { isReason, LONGEST_REASON, reasonFaults } from "./reason.js";
export { type StateChoice, type StateLocation, stateBackend, stateLocation } from "./state-location.js";
export { type StackEntry, synthesize } from "./synthesize.js";
export {
  type DataClassification,
  type MandatoryTagsProps,
  mandatoryTags,
  type OptionalTags,
  resourceTags,
  type Tier,
} from "./tags.js";
export { USER_DATA_LIMIT_BYTES, UserData, userDataBytes } from "./user-data.js";
export { validationRecord } from "./validation-record.js";
export { DAY_MINUTES, dailyWindow, type ServiceWindow, weeklyWindow, windowsMeet } from "./windows.js";
