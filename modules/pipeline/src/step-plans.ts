import type { PolicyStatement } from "@telemedicina/core";
import { afterDeploymentStatements, buildStatements, driverStatements } from "./purposes.js";
import type { DeliverySettings, StepSettings } from "./settings.js";

/** A CodeBuild project that the pipeline needs. */
export interface StepPlan {
  /** Construct id, and part of names. */
  readonly id: "build" | "blue-green" | "after-deployment" | "smoke-test";
  /** Where it stands in the props. */
  readonly prop: string;
  readonly description: string;
  readonly step: StepSettings;
  /** What the step may because of what it is for. */
  readonly purpose: readonly PolicyStatement[];
  /** Whether a second run is refused as long as the first goes on. */
  readonly oneAtATime: boolean;
}

export type StepPlans = Readonly<Partial<Record<StepPlan["id"], StepPlan>>>;

/** None where CodePipeline does not deploy. */
export function stepPlans(delivery: DeliverySettings): StepPlans {
  const { trigger, strategy } = delivery;
  if (trigger.kind !== "codePipeline") return {};
  return {
    build: {
      id: "build",
      prop: "trigger.build",
      description: "Tests and builds the application",
      step: trigger.build,
      purpose: buildStatements(delivery),
      oneAtATime: false,
    },
    ...(strategy.kind !== "blueGreen"
      ? {}
      : {
          "blue-green": {
            id: "blue-green",
            prop: "strategy.driver",
            description: "Brings a release to the colour that does not serve, then moves the traffic to it",
            step: strategy.driver,
            purpose: driverStatements(delivery),
            oneAtATime: true,
          },
        }),
    ...(trigger.afterDeployment === undefined
      ? {}
      : {
          "after-deployment": {
            id: "after-deployment",
            prop: "trigger.afterDeployment",
            description: "Puts out files that keep their name, and takes the old out of CloudFront's cache",
            step: trigger.afterDeployment,
            purpose: afterDeploymentStatements(delivery),
            oneAtATime: true,
          },
        }),
    ...(trigger.smokeTest === undefined
      ? {}
      : {
          "smoke-test": {
            id: "smoke-test",
            prop: "trigger.smokeTest",
            description: "Asks the application from outside whether it works",
            step: trigger.smokeTest,
            purpose: [],
            oneAtATime: true,
          },
        }),
  };
}
