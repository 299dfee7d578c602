import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { type NodeScope, nodeStatements } from "./node-statements.js";

export interface NodeRoleProps extends NodeScope {
  readonly qualifier: string;
  readonly permissionsBoundaryArn: string | undefined;
}

/** What one node is to AWS: a role of its own that only EC2 can give to an instance, and its profile. */
export class NodeRole extends Construct {
  /** Waits for the permissions, so that the first node has them from the start. */
  readonly instanceProfileName: string;

  constructor(scope: Construct, id: string, props: NodeRoleProps) {
    super(scope, id);
    const role = this.role(props);
    const policy = new IamRolePolicy(this, "policy", {
      name: "node",
      role: role.name,
      policy: policyDocument(nodeStatements(props)),
    });
    const name = resourceName(props.names, "instance-profile", props.qualifier);
    this.instanceProfileName = new IamInstanceProfile(this, "instance-profile", {
      name,
      role: role.name,
      tags: resourceTags(name, { tier: "frontend" }),
      dependsOn: [policy],
    }).name;
  }

  private role({ names, qualifier, hostName, permissionsBoundaryArn }: NodeRoleProps): IamRole {
    const name = resourceName(names, "role", qualifier);
    return new IamRole(this, "role", {
      name,
      description: `The relay ${hostName}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "Instances",
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]),
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
      tags: resourceTags(name, { tier: "frontend" }),
    });
  }
}
