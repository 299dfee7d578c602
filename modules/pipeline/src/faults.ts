import { logRetentionDays } from "@telemedicina/core";
import { companionGroups, servingGroups } from "./deployment-groups.js";
import { accountFaultText, fleetTwiceFaultText, retentionFaultText } from "./errors.js";
import type { DeliverySettings } from "./settings.js";
import { stepFaults } from "./step-faults.js";
import { stepPlans } from "./step-plans.js";
import { stepStatements } from "./step-statements.js";
import { companionFaults, strategyFaults } from "./strategy-faults.js";
import { triggerFaults } from "./trigger-faults.js";

/** Everything that is wrong with the settings. */
export function deliveryFaults(delivery: DeliverySettings): string[] {
  return [
    ...(/^\d{12}$/.test(delivery.accountId) ? [] : [accountFaultText(delivery.accountId)]),
    ...triggerFaults(delivery),
    ...strategyFaults(delivery.strategy),
    ...companionFaults(delivery.companions),
    ...fleetFaults(delivery),
    ...allStepFaults(delivery),
    ...(logRetentionDays.includes(delivery.logs.retentionDays)
      ? []
      : [retentionFaultText(delivery.logs.retentionDays, logRetentionDays)]),
  ];
}

function fleetFaults(delivery: DeliverySettings): string[] {
  const names = [...servingGroups(delivery), ...companionGroups(delivery)].map(
    ({ autoScalingGroupName }) => autoScalingGroupName,
  );
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(repeated)].map(fleetTwiceFaultText);
}

function allStepFaults(delivery: DeliverySettings): string[] {
  return Object.values(stepPlans(delivery)).flatMap(({ prop, step, purpose }) => {
    const anyway = stepStatements({
      delivery,
      projectName: "",
      logGroupArn: "",
      plan: { step: { ...step, statements: [] }, purpose },
    });
    return stepFaults(
      prop,
      step,
      anyway.map(({ Sid }) => Sid),
    );
  });
}
