import { EbsEncryptionByDefault } from "@cdktf/provider-aws/lib/ebs-encryption-by-default/index.js";
import { Ec2InstanceMetadataDefaults } from "@cdktf/provider-aws/lib/ec2-instance-metadata-defaults/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Construct } from "constructs";
import type { AccountSingleton } from "./account-singleton.js";

export interface RegionalBaselineProps {
  /** Decides the region. */
  readonly provider: AwsProvider;
  /** Every new EBS volume is encrypted, with AWS's key unless it names another. Existing volumes stay as they are. */
  readonly ebsEncryptionByDefault: AccountSingleton;
  /** Every new instance that does not say otherwise takes only session tokens (IMDSv2), one network hop away. */
  readonly instanceMetadataDefaults: AccountSingleton;
}

/** Safe defaults for one region of the account. Free of charge. */
export class RegionalBaseline extends Construct {
  constructor(scope: Construct, id: string, props: RegionalBaselineProps) {
    super(scope, id);
    const { provider } = props;
    if (props.ebsEncryptionByDefault === "create") {
      new EbsEncryptionByDefault(this, "ebs-encryption", { provider, enabled: true });
    }
    if (props.instanceMetadataDefaults === "create") {
      new Ec2InstanceMetadataDefaults(this, "instance-metadata", {
        provider,
        httpTokens: "required",
        // One hop reaches the host's own processes and no container behind a bridge, which would inherit its role.
        httpPutResponseHopLimit: 1,
      });
    }
  }
}
