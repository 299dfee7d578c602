import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import type { ApplicationContract } from "./application-contract.js";

/** Parameter Store's limit for an advanced parameter, US$ 0.05 a month; a standard one holds half of it. */
export const CONTRACT_LIMIT_BYTES = 8192;

/** Name of the parameter with the application contract: a literal, so that hosts can be told it at synth. */
export function contractParameterName(environment: string): string {
  return `/telemedicina/${environment}/application`;
}

/**
 * The contract where hosts find it when they are deployed to. A database restored under another address is a change of
 * this parameter alone: no host has to be replaced for it.
 */
export function contractParameter(
  scope: Construct,
  environment: string,
  contract: ApplicationContract,
): void {
  const { variables, secretVariables, pgbouncerDatabases, queueName } = contract;
  new SsmParameter(scope, "application-contract", {
    name: contractParameterName(environment),
    description: "What Laravel is told about its environment: no secrets, only where they are",
    type: "String",
    tier: "Advanced",
    // Not a secret, and a plan that hides it cannot be reviewed.
    insecureValue: JSON.stringify({ variables, secretVariables, pgbouncerDatabases, queueName }),
  });
}
