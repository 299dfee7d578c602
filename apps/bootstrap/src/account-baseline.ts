import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3AccountPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-account-public-access-block/index.js";
import { Construct } from "constructs";
import type { AccountSingleton } from "./account-singleton.js";
import { RegionalBaseline } from "./regional-baseline.js";

export interface AccountBaselineProps {
  /** The account's home region. */
  readonly provider: AwsProvider;
  /** Makes the provider of the disaster recovery region. Called only when something is made there. */
  readonly drProvider: () => AwsProvider;
  /** No bucket or access point of the account can be made public, whatever its own settings say. */
  readonly accountPublicAccessBlock: AccountSingleton;
  /** See {@link RegionalBaseline}. */
  readonly ebsEncryptionByDefault: AccountSingleton;
  /** See {@link RegionalBaseline}. */
  readonly instanceMetadataDefaults: AccountSingleton;
}

/** Safe defaults for the account, and for both regions that the environment lives in. Free of charge. */
export class AccountBaseline extends Construct {
  constructor(scope: Construct, id: string, props: AccountBaselineProps) {
    super(scope, id);
    if (props.accountPublicAccessBlock === "create") {
      new S3AccountPublicAccessBlock(this, "public-access-block", {
        provider: props.provider,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
    const { ebsEncryptionByDefault, instanceMetadataDefaults } = props;
    if (ebsEncryptionByDefault === "external" && instanceMetadataDefaults === "external") return;
    const regional = { ebsEncryptionByDefault, instanceMetadataDefaults };
    new RegionalBaseline(this, "home", { provider: props.provider, ...regional });
    new RegionalBaseline(this, "dr", { provider: props.drProvider(), ...regional });
  }
}
