import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import {
  faultsError,
  type NameScope,
  type PolicyStatement,
  policyDocument,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";
import { policySizeFaultText, repeatedSidFaultText } from "./errors.js";
import { hostStatements } from "./host-role-statements.js";

export interface HostRoleProps {
  /** What every name starts and ends with. A change replaces the role, and with it every host. */
  readonly names: NameScope;
  /** Account of the hosts, for ARNs. */
  readonly accountId: string;
  /** Tells the roles of an environment apart, such as `web`. Bucket policies may name the role: it is contract. @default "app" */
  readonly qualifier?: string | undefined;
  /** Groups whose lifecycle the hosts may complete: those of `fleetNames`. */
  readonly groupNames: readonly string[];
  /** Log groups that the hosts may write. */
  readonly logGroupArns: readonly string[];
  /** Namespaces that the hosts may send metrics to. @default ["Telemedicina/App"] */
  readonly metricNamespaces?: readonly string[] | undefined;
  /** What the hosts may besides, each with a `Sid` of its own: secrets, parameters, buckets. @default [] */
  readonly statements?: readonly PolicyStatement[] | undefined;
  /** Upper bound of what the role may ever do. @default - none */
  readonly permissionsBoundaryArn?: string | undefined;
}

/** What IAM takes in all inline policies of a role together, without white space. */
const MOST_CHARACTERS = 10_240;
/** What a reference that Terraform fills in is counted as: long for an ARN. */
const REFERENCE_CHARACTERS = 100;

/**
 * What a host is to AWS: a role that only EC2 can give to an instance, and its profile. It may be administered through
 * Session Manager, tell its Auto Scaling group how far it is, send metrics and write logs; the rest is in `statements`.
 *
 * @throws one error with every fault of the props
 */
export class HostRole extends Construct {
  /** A literal. */
  readonly roleName: string;
  readonly roleArn: string;
  /** Waits for the permissions, so that the first host has them from the start. */
  readonly instanceProfileName: string;
  /** For `iam:PassRole`'s and CodeDeploy's conditions. */
  readonly instanceProfileArn: string;

  constructor(scope: Construct, id: string, props: HostRoleProps) {
    super(scope, id);
    const statements = allStatements(props);
    const faults = statementFaults(statements);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const role = this.role(props);
    const policy = new IamRolePolicy(this, "policy", {
      name: "host",
      role: role.name,
      policy: policyDocument(statements),
    });
    const profile = this.profile(props, role, policy);

    this.roleName = resourceName(props.names, "role", props.qualifier ?? "app");
    this.roleArn = role.arn;
    this.instanceProfileName = profile.name;
    this.instanceProfileArn = profile.arn;
  }

  private role({ names, qualifier = "app", permissionsBoundaryArn }: HostRoleProps): IamRole {
    const name = resourceName(names, "role", qualifier);
    return new IamRole(this, "role", {
      name,
      description: "Application hosts",
      assumeRolePolicy: policyDocument([
        {
          Sid: "Instances",
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]),
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
      tags: resourceTags(name, { tier: "backend" }),
    });
  }

  private profile(
    { names, qualifier = "app" }: HostRoleProps,
    role: IamRole,
    policy: IamRolePolicy,
  ): IamInstanceProfile {
    const name = resourceName(names, "instance-profile", qualifier);
    return new IamInstanceProfile(this, "instance-profile", {
      name,
      role: role.name,
      tags: resourceTags(name, { tier: "backend" }),
      dependsOn: [policy],
    });
  }
}

function allStatements(props: HostRoleProps): readonly PolicyStatement[] {
  return [
    ...hostStatements({
      names: props.names,
      accountId: props.accountId,
      groupNames: props.groupNames,
      logGroupArns: props.logGroupArns,
      metricNamespaces: props.metricNamespaces ?? ["Telemedicina/App"],
    }),
    ...(props.statements ?? []),
  ];
}

function statementFaults(statements: readonly PolicyStatement[]): string[] {
  const sids = statements.map(({ Sid }) => Sid);
  const repeated = new Set(sids.filter((sid, index) => sids.indexOf(sid) !== index));
  const size = policyDocument(statements).replaceAll(
    /\$\{TfToken\[[^\]]*\]\}/g,
    "x".repeat(REFERENCE_CHARACTERS),
  ).length;
  return [
    ...[...repeated].map(repeatedSidFaultText),
    ...(size > MOST_CHARACTERS ? [policySizeFaultText(size, MOST_CHARACTERS, REFERENCE_CHARACTERS)] : []),
  ];
}
