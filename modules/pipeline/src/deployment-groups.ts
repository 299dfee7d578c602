import type { NameScope } from "@telemedicina/core";
import { deploymentGroupName } from "./names.js";
import type { DeliverySettings, StrategySettings } from "./settings.js";
import type { DeploymentConfig } from "./strategy.js";

/** A deployment group that the delivery makes. */
export interface DeploymentGroupPlan {
  /** Construct id. */
  readonly id: string;
  readonly name: string;
  readonly autoScalingGroupName: string;
  /** Load balancer's part of a host's turn. @default - none: nothing is taken out and put back */
  readonly targetGroupName?: string;
  readonly deploymentConfig: DeploymentConfig;
  readonly alarmNames: readonly string[];
}

type Needs = Pick<DeliverySettings, "names" | "strategy" | "companions">;

/** Of the fleet that serves: one, or blue and green. */
export function servingGroups({ names, strategy }: Needs): readonly DeploymentGroupPlan[] {
  switch (strategy.kind) {
    case "rolling":
    case "copyAutoScalingGroup":
      return [
        {
          id: "serving",
          name: deploymentGroupName(names),
          autoScalingGroupName: strategy.fleet.autoScalingGroupName,
          targetGroupName: strategy.fleet.targetGroupName,
          // To CodeDeploy all at once is well done when one host has the release.
          deploymentConfig:
            strategy.kind === "rolling" ? strategy.deploymentConfig : "CodeDeployDefault.HalfAtATime",
          alarmNames: strategy.fleet.alarmNames,
        },
      ];
    case "blueGreen":
      return (["blue", "green"] as const).map((colour) => colourGroup(colour, names, strategy));
  }
}

/** Nobody is served there: all hosts at once. CodeDeploy is content with one; the driver asks for all. */
function colourGroup(
  colour: "blue" | "green",
  names: NameScope,
  strategy: Extract<StrategySettings, { kind: "blueGreen" }>,
): DeploymentGroupPlan {
  return {
    id: colour,
    name: deploymentGroupName(names, colour),
    autoScalingGroupName: strategy[colour].autoScalingGroupName,
    deploymentConfig: "CodeDeployDefault.AllAtOnce",
    alarmNames: [],
  };
}

/** In the order of their keys. */
export function companionGroups({ names, companions }: Needs): readonly DeploymentGroupPlan[] {
  return Object.entries(companions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, companion]) => ({ id: key, name: deploymentGroupName(names, key), ...companion }));
}
