import { CodeconnectionsConnection } from "@cdktf/provider-aws/lib/codeconnections-connection/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * A connection to GitHub. AWS makes it PENDING, and only a person can finish it, in the console: until then the
 * pipeline's first stage fails. A check in the stack says so at every plan and apply, as a warning.
 */
export class CodeConnection extends Construct {
  readonly arn: string;
  /** `PENDING`, `AVAILABLE` or `ERROR`, as of the last refresh. */
  readonly status: string;

  constructor(scope: Construct, id: string, names: NameScope) {
    super(scope, id);
    const name = resourceName(names, "connection");
    const resource = new CodeconnectionsConnection(this, "connection", {
      name,
      providerType: "GitHub",
      tags: resourceTags(name),
    });
    this.arn = resource.arn;
    this.status = resource.connectionStatus;
    this.check(name, names.region, resource);
  }

  /** The engine has no construct for `check`. It stops no apply: there has to be a connection before one can finish it. */
  private check(name: string, region: string, { fqn }: CodeconnectionsConnection): void {
    const stack = TerraformStack.of(this);
    stack.addOverride(`check.${stack.getLogicalId(this.node)}`, {
      assert: [
        {
          condition: `\${${fqn}.connection_status == "AVAILABLE"}`,
          error_message:
            `The connection ${name} to GitHub is \${${fqn}.connection_status}, so that no push is deployed. In the AWS ` +
            `console of ${region} open Developer Tools, Settings, Connections, choose it, and then "Update pending ` +
            'connection".',
        },
      ],
    });
  }
}
