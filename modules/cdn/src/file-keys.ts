import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group/index.js";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import { encodedKey, keyFingerprint } from "./public-keys.js";

export interface FileKeysProps {
  readonly names: NameScope;
  readonly publicKeys: readonly string[];
}

/** The keys whose signature opens a file. */
export class FileKeys extends Construct {
  readonly groupId: string;
  /** `Key-Pair-Id` of each key, in the order in which they were given. */
  readonly keyIds: readonly string[];

  constructor(scope: Construct, id: string, { names, publicKeys }: FileKeysProps) {
    super(scope, id);
    const keys = publicKeys.map((pem) => this.key(names, pem));
    this.keyIds = keys.map((key) => key.id);
    this.groupId = new CloudfrontKeyGroup(this, "group", {
      name: resourceName(names, "cloudfront-policy", "file-keys"),
      items: [...this.keyIds],
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  /** Another key is another resource under another name, and the group takes it before the old one goes. */
  private key(names: NameScope, pem: string): CloudfrontPublicKey {
    const fingerprint = keyFingerprint(pem);
    return new CloudfrontPublicKey(this, fingerprint, {
      name: resourceName(names, "cloudfront-policy", `file-key-${fingerprint}`),
      encodedKey: encodedKey(pem),
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
