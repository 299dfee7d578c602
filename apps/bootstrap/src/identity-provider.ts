import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { Construct } from "constructs";
import type { AccountSingleton } from "./account-singleton.js";

export interface IdentityProviderProps {
  /** Host name of the issuer, such as `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The `aud` claim that tokens must carry. */
  readonly audience: string;
  readonly accountId: string;
  /** An account has one provider for each issuer: `external` uses the one that somebody else made. */
  readonly mode: AccountSingleton;
}

/**
 * Lets workloads of an OIDC issuer assume roles in the account with a token of minutes instead of a stored key. Free
 * of charge. Removing it shuts the runner out, nothing else.
 *
 * No thumbprint: AWS checks these issuers against its own list of root authorities and ignores a thumbprint.
 */
export class IdentityProvider extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: IdentityProviderProps) {
    super(scope, id);
    this.arn =
      props.mode === "create"
        ? new IamOpenidConnectProvider(this, "provider", {
            url: `https://${props.issuer}`,
            clientIdList: [props.audience],
          }).arn
        : `arn:aws:iam::${props.accountId}:oidc-provider/${props.issuer}`;
  }
}
