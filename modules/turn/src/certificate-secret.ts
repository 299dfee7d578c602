import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { resourceTags } from "@telemedicina/core";
import type { Construct } from "constructs";
import type { NodeNames } from "./node-names.js";

export interface CertificateSecretProps {
  readonly node: NodeNames;
  readonly kmsKeyArn: string;
  readonly recoveryDays: number;
}

/**
 * Where a node keeps its certificate for the next one: the authority gives no more than five a week for a name.
 * Terraform makes the container only, so that no private key is ever in its state. 0.40 US dollars a month.
 */
export function certificateSecret(
  scope: Construct,
  id: string,
  { node, kmsKeyArn, recoveryDays }: CertificateSecretProps,
): SecretsmanagerSecret {
  return new SecretsmanagerSecret(scope, id, {
    name: node.certificateSecret,
    description: `Certificate and key of ${node.hostName}, written by the relay`,
    kmsKeyId: kmsKeyArn,
    recoveryWindowInDays: recoveryDays,
    tags: resourceTags(node.certificateSecret, { tier: "frontend", dataClassification: "sensitive" }),
  });
}
