import { rangeFaultText, unknownFaultText } from "@telemedicina/core";
import { distributions } from "./distributions.js";
import {
  duplicateRoleFaultText,
  formatFaultText,
  logGroupFaultText,
  memoryFaultText,
  noRoleFaultText,
  poolFaultText,
  preparedStatementsFaultText,
  tokenFaultText,
} from "./errors.js";
import { FPM_PROCESS_MIB, LEAST_CHILDREN, takenMiB } from "./fpm-pool.js";
import { hostLogStreams } from "./log-streams.js";
import { hostRoles, type LaravelHostProps, type PgBouncerProps } from "./props.js";
import { hasRole, resolveSettings } from "./settings.js";

const REGION = /^[a-z]{2}(-[a-z]+)+-[1-9]$/;
const ENVIRONMENT = /^[a-z][a-z0-9-]*$/;
const PARAMETER = /^\/?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/;
/** As Auto Scaling and CloudWatch Logs take them, without what a shell or JSON would have to quote. */
const NAME = /^[A-Za-z0-9_./#-]{1,255}$/;
/** Braces make Redis Cluster keep a queue's keys together. */
const QUEUE = /^[A-Za-z0-9_.:{}-]{1,128}$/;
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Everything that is wrong with the props. */
export function settingsFaults(props: LaravelHostProps): string[] {
  const faults = [...choiceFaults(props), ...textFaults(props), ...rangeFaults(props)];
  // The rest is measured by these.
  if (faults.length > 0) return faults;
  return [...logGroupFaults(props), ...memoryFaults(props), ...preparedStatementFaults(props)];
}

function choiceFaults({ distribution, roles }: LaravelHostProps): string[] {
  const names = Object.keys(distributions);
  const strange = roles.filter((role) => !hostRoles.includes(role));
  const twice = hostRoles.filter((role) => roles.filter((each) => each === role).length > 1);
  return [
    ...(names.includes(distribution) ? [] : [unknownFaultText("distribution", distribution, names)]),
    ...(roles.length === 0 ? [noRoleFaultText(hostRoles)] : []),
    ...strange.map((role) => unknownFaultText("roles", role, hostRoles)),
    ...twice.map(duplicateRoleFaultText),
  ];
}

function textFaults(props: LaravelHostProps): string[] {
  const { groupName, launchHook, terminateHook } = props.autoScaling;
  const name = "1 to 255 letters, digits and . _ / # -";
  return [
    ...text("region", props.region, REGION, "a region such as sa-east-1"),
    ...text("environment", props.environment, ENVIRONMENT, "lower-case letters, digits and -"),
    ...text(
      "contractParameter",
      props.contractParameter,
      PARAMETER,
      "a name such as /app/production/contract",
    ),
    ...text("autoScaling.groupName", groupName, NAME, name),
    ...text("autoScaling.launchHook", launchHook, NAME, name),
    ...text("autoScaling.terminateHook", terminateHook, NAME, name),
    ...text("queueName", props.queueName, QUEUE, "1 to 128 letters, digits and . _ : - { }"),
    ...cidrFaults(props.vpcCidr),
    ...Object.entries(props.logGroupNames).flatMap(([stream, group]) =>
      text(`logGroupNames.${stream}`, group, NAME, name),
    ),
  ];
}

function text(prop: string, found: string, pattern: RegExp, allowed: string): string[] {
  if (found.includes("${")) return [tokenFaultText(prop, found)];
  return pattern.test(found) ? [] : [formatFaultText(prop, found, allowed)];
}

function cidrFaults(found: string): string[] {
  const shape = text("vpcCidr", found, CIDR, "an IPv4 network such as 10.0.0.0/16");
  if (shape.length > 0) return shape;
  const [, a, b, c, d, bits] = (CIDR.exec(found) ?? []).map(Number) as [number, ...number[]];
  const octets = [a, b, c, d].map((octet) => octet ?? 256);
  const length = bits ?? 33;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const sound = octets.every((octet) => octet < 256) && length <= 32 && address % 2 ** (32 - length) === 0;
  return sound ? [] : [formatFaultText("vpcCidr", found, "an IPv4 network such as 10.0.0.0/16")];
}

function rangeFaults(props: LaravelHostProps): string[] {
  return [
    ...range("memoryMiB", props.memoryMiB, 512, 1_048_576),
    ...range("workerProcesses", props.workerProcesses ?? 4, 1, 64),
    ...range("workerStopSeconds", props.workerStopSeconds ?? 3600, 1, 7200),
    // nginx reaches Reverb from one address, which has 28,000 ports.
    ...range("reverbMaxConnections", props.reverbMaxConnections ?? 1000, 1, 20_000),
    ...range("dataVolumeGiB", props.dataVolumeGiB, 1, 16_384),
    ...(props.pgbouncer === undefined ? [] : pgbouncerFaults(props.pgbouncer)),
  ];
}

function pgbouncerFaults(pgbouncer: PgBouncerProps): string[] {
  const modes = ["transaction", "session"];
  return [
    ...(modes.includes(pgbouncer.poolMode)
      ? []
      : [unknownFaultText("pgbouncer.poolMode", pgbouncer.poolMode, modes)]),
    ...range("pgbouncer.maxPreparedStatements", pgbouncer.maxPreparedStatements, 0, 10_000),
    ...range("pgbouncer.defaultPoolSize", pgbouncer.defaultPoolSize, 1, 5000),
    ...range("pgbouncer.maxClientConnections", pgbouncer.maxClientConnections, 1, 20_000),
  ];
}

function range(prop: string, found: number, lowest: number, highest: number): string[] {
  const sound = Number.isInteger(found) && found >= lowest && found <= highest;
  return sound ? [] : [rangeFaultText(prop, found, lowest, highest)];
}

function logGroupFaults({ roles, logGroupNames }: LaravelHostProps): string[] {
  const named: Partial<Record<string, string>> = logGroupNames;
  return hostLogStreams(roles)
    .filter((stream) => named[stream] === undefined)
    .map(logGroupFaultText);
}

function memoryFaults(props: LaravelHostProps): string[] {
  const settings = resolveSettings(props);
  const taken = takenMiB(settings);
  if (!hasRole(settings, "web")) {
    return taken <= settings.memoryMiB ? [] : [memoryFaultText(settings.memoryMiB, taken)];
  }
  return settings.fpm.maxChildren >= LEAST_CHILDREN
    ? []
    : [poolFaultText(settings.memoryMiB, taken, LEAST_CHILDREN, FPM_PROCESS_MIB)];
}

function preparedStatementFaults({ distribution, pgbouncer }: LaravelHostProps): string[] {
  const statements = pgbouncer?.maxPreparedStatements ?? 0;
  return statements === 0 || distributions[distribution].pgbouncer.preparedStatements
    ? []
    : [preparedStatementsFaultText(statements, distribution)];
}
