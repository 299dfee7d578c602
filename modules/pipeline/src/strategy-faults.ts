import { oneOfFaults, rangeFaults, reasonFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import {
  acknowledgeFaultText,
  alarmCountFaultText,
  arnFaultText,
  companionKeyFaultText,
  repeatedFaultText,
} from "./errors.js";
import type { CompanionSettings, StrategySettings } from "./settings.js";
import { deploymentConfigs } from "./strategy.js";

/** What CodeDeploy watches in one group. */
const MOST_ALARMS = 10;
/** Two days, what CodeDeploy waits at most. */
const LONGEST_TERMINATION_WAIT_MINUTES = 2880;

const COMPANION = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const TAKEN_IDS = ["blue", "green", "serving", "app", "role", "managed-policy"];

export function strategyFaults(strategy: StrategySettings): string[] {
  switch (strategy.kind) {
    case "rolling":
      return [
        ...oneOfFaults("strategy.deploymentConfig", strategy.deploymentConfig, deploymentConfigs),
        ...alarmFaults("strategy.fleet.alarmNames", strategy.fleet.alarmNames, 1),
      ];
    case "blueGreen":
      return [];
    case "copyAutoScalingGroup":
      return [
        ...copyFaults(strategy),
        ...alarmFaults("strategy.fleet.alarmNames", strategy.fleet.alarmNames, 1),
      ];
  }
}

export function companionFaults(companions: Readonly<Record<string, CompanionSettings>>): string[] {
  return Object.entries(companions).flatMap(([key, { deploymentConfig, alarmNames }]) => [
    ...(COMPANION.test(key) && !TAKEN_IDS.includes(key) ? [] : [companionKeyFaultText(key)]),
    ...oneOfFaults(`companions.${key}.deploymentConfig`, deploymentConfig, deploymentConfigs),
    ...alarmFaults(`companions.${key}.alarmNames`, alarmNames, 0),
  ]);
}

function alarmFaults(prop: string, alarmNames: readonly string[], least: number): string[] {
  const found = alarmNames.length;
  const repeated = alarmNames.filter((name, index) => alarmNames.indexOf(name) !== index);
  return [
    ...(found >= least && found <= MOST_ALARMS ? [] : [alarmCountFaultText(prop, found, least, MOST_ALARMS)]),
    ...[...new Set(repeated)].map((name) => repeatedFaultText(prop, name)),
  ];
}

function copyFaults(strategy: Extract<StrategySettings, { kind: "copyAutoScalingGroup" }>): string[] {
  const { acknowledgeUnmanagedGroup, reason, launchTemplateArn, hostRoleArn, terminationWaitMinutes } =
    strategy;
  return [
    ...(acknowledgeUnmanagedGroup === true ? [] : [acknowledgeFaultText(acknowledgeUnmanagedGroup)]),
    ...reasonFaults("strategy.reason", reason),
    ...arnFaults(
      "strategy.launchTemplateArn",
      launchTemplateArn,
      /^arn:aws:ec2:[a-z0-9-]+:\d{12}:launch-template\/lt-[0-9a-f]+$/,
      "a launch template",
      "arn:aws:ec2:us-east-1:111111111111:launch-template/lt-0a1b2c3d4e5f60718",
    ),
    ...arnFaults(
      "strategy.hostRoleArn",
      hostRoleArn,
      /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      "the hosts' role",
      "arn:aws:iam::111111111111:role/app",
    ),
    ...rangeFaults(
      "strategy.terminationWaitMinutes",
      terminationWaitMinutes,
      0,
      LONGEST_TERMINATION_WAIT_MINUTES,
    ),
  ];
}

function arnFaults(prop: string, found: string, pattern: RegExp, what: string, example: string): string[] {
  return Token.isUnresolved(found) || pattern.test(found) ? [] : [arnFaultText(prop, found, what, example)];
}
