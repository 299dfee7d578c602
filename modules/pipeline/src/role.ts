import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import {
  type NameScope,
  type PolicyStatement,
  policyDocument,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";

export interface DeliveryRoleProps {
  readonly names: NameScope;
  readonly qualifier: string;
  readonly description: string;
  readonly trust: PolicyStatement;
  readonly statements: readonly PolicyStatement[];
  readonly permissionsBoundaryArn: string | undefined;
}

/** A role and all that it may. */
export class DeliveryRole extends Construct {
  /** A reference, so that what is attached to the role waits for it. */
  readonly name: string;
  readonly arn: string;
  /** For those that use the role at once: before it, the role may nothing. */
  readonly policy: IamRolePolicy | undefined;

  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id);
    const name = resourceName(props.names, "role", props.qualifier);
    const role = new IamRole(this, "role", {
      name,
      description: props.description,
      assumeRolePolicy: policyDocument([props.trust]),
      maxSessionDuration: 3600,
      ...(props.permissionsBoundaryArn === undefined
        ? {}
        : { permissionsBoundary: props.permissionsBoundaryArn }),
      tags: resourceTags(name),
    });
    this.policy =
      props.statements.length === 0
        ? undefined
        : new IamRolePolicy(this, "policy", {
            name: "delivery",
            role: role.name,
            policy: policyDocument(props.statements),
          });
    this.name = role.name;
    this.arn = role.arn;
  }
}

/** A service that takes the role for this source in this account, and for nobody else's. */
export function trustService(service: string, accountId: string, sourceArn: string): PolicyStatement {
  return {
    Sid: "OwnService",
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": sourceArn },
    },
  };
}
