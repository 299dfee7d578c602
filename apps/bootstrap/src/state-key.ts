import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { keyAdministration, type PolicyStatement, policyDocument, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

export interface StateKeyProps {
  /** Alias with its prefix `alias/`; backends name the key by it. */
  readonly alias: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * The key that encrypts the state, US$ 1 a month. Losing it loses every state file, so Terraform refuses to destroy
 * it and AWS would still wait 30 days.
 */
export class StateKey extends Construct {
  readonly arn: string;
  readonly aliasArn: string;

  constructor(scope: Construct, id: string, props: StateKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: "Terraform state",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(keyPolicy(props)),
      tags: resourceTags(props.alias.replace("alias/", ""), { dataClassification: "confidential" }),
      lifecycle: { preventDestroy: true },
    });
    const alias = new KmsAlias(this, "alias", { name: props.alias, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.aliasArn = alias.arn;
  }
}

/** What `scripts/ci/kms.mjs` says when it encrypts a saved plan, or a state that could not be saved. */
export const PLAN_CONTEXT = { "kms:EncryptionContext:purpose": "terraform-plan" } as const;

/** Whoever may decrypt may do so only through S3, hence only what S3 lets them read; and saved plans, by their context. */
function keyPolicy({ accountId, region }: StateKeyProps): PolicyStatement[] {
  const account = { AWS: `arn:aws:iam::${accountId}:root` };
  return [
    keyAdministration(accountId),
    {
      Sid: "UseThroughS3",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: { "kms:CallerAccount": accountId, "kms:ViaService": `s3.${region}.amazonaws.com` },
      },
    },
    {
      Sid: "SealPlans",
      Effect: "Allow",
      Principal: account,
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:CallerAccount": accountId, ...PLAN_CONTEXT } },
    },
  ];
}
