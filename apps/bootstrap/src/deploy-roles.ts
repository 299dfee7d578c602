import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { bucketName, type NameScope, policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { applyGuardrails } from "./apply-guardrails.js";
import { type PlanPolicyProps, planPolicy } from "./plan-policy.js";
import type { RunnerTrust } from "./runner-trust.js";
import type { StateAccess } from "./state-access.js";

export interface DeployRolesProps {
  readonly names: NameScope;
  readonly accountId: string;
  readonly trust: RunnerTrust;
  readonly identityProviderArn: string;
  /** Of the account's other identity providers, those that no apply may change. @default - none */
  readonly otherIdentityProviderArns?: readonly string[];
  /** The state that the roles read and write. @default - none: it is not in this account */
  readonly state?: StateAccess;
}

/**
 * The two roles that a runner assumes with its OIDC token: one reads and plans, one applies. `SESSION_SECONDS` says how
 * long.
 *
 * The apply role is an administrator, because it makes whatever a stack describes, IAM roles among it: a list of
 * services would look narrower without being so. What stands between it and harm is an approval, GitHub's or
 * HCP Terraform's; its denials
 * keep a careless plan, not a malicious one, from cutting off the branch it sits on. Only a service control policy
 * of the organization could do the latter.
 */
export class DeployRoles extends Construct {
  readonly planRoleArn: string;
  readonly applyRoleArn: string;

  constructor(scope: Construct, id: string, props: DeployRolesProps) {
    super(scope, id);
    const plan = role(this, "plan", props, props.trust.planSubjects);
    const apply = role(this, "apply", props, props.trust.applySubjects);
    grant(plan, "ReadOnlyAccess", policyDocument(planPolicy(planAccess(props))));
    grant(
      apply,
      "AdministratorAccess",
      policyDocument(
        applyGuardrails({
          roleArns: [plan.arn, apply.arn],
          identityProviderArns: [props.identityProviderArn, ...(props.otherIdentityProviderArns ?? [])],
          ...(props.state === undefined ? {} : { state: props.state }),
        }),
      ),
    );
    this.planRoleArn = plan.arn;
    this.applyRoleArn = apply.arn;
  }
}

type Phase = "plan" | "apply";

/**
 * The longest session of each role. A plan is done in an hour. Terraform cannot save its state once its credentials have
 * ended, and the first apply of a database with replicas takes hours. `.github/workflows/deploy.yml` asks for as much.
 */
const SESSION_SECONDS: Readonly<Record<Phase, number>> = { plan: 3600, apply: 14_400 };

export type DeployRoleArns = Readonly<Record<Phase, string>>;

/** ARNs of the two roles, known before they exist: for whoever is told of them by another stack. */
export function deployRoleArns(names: NameScope, accountId: string): DeployRoleArns {
  const arn = (phase: Phase) => `arn:aws:iam::${accountId}:role/${roleName(names, phase)}`;
  return { plan: arn("plan"), apply: arn("apply") };
}

function roleName(names: NameScope, phase: Phase): string {
  return resourceName(names, "role", `terraform-${phase}`);
}

/** The edge stack's page for when nothing answers, in a bucket that everybody may read by CloudFront. */
const MAINTENANCE_PAGE = "maintenance.html";

/** docs/adr/0007 and 0010 say why these are in a state. */
const COMPARED_SECRETS = ["redis", "origin-header-a", "origin-header-b"] as const;

function planAccess({ names, accountId, state }: DeployRolesProps): PlanPolicyProps {
  const pattern = (purpose: string) =>
    `arn:aws:secretsmanager:${names.region}:${accountId}:secret:${resourceName(names, "secret", purpose)}-*`;
  return {
    connectionArns: [`arn:aws:codeconnections:${names.region}:${accountId}:connection/*`],
    comparedObjectArns: [`arn:aws:s3:::${bucketName(names, "assets", accountId)}/${MAINTENANCE_PAGE}`],
    comparedSecrets: { arnPatterns: COMPARED_SECRETS.map(pattern), region: names.region },
    ...(state === undefined ? {} : { state }),
  };
}

function role(
  scope: Construct,
  phase: Phase,
  { names, trust, identityProviderArn }: DeployRolesProps,
  subjects: readonly string[],
): IamRole {
  const name = roleName(names, phase);
  return new IamRole(scope, phase, {
    name,
    description: `Terraform ${phase} by ${trust.issuer}`,
    maxSessionDuration: SESSION_SECONDS[phase],
    assumeRolePolicy: policyDocument([
      {
        Sid: "ExactSubjects",
        Effect: "Allow",
        Principal: { Federated: identityProviderArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { [`${trust.issuer}:aud`]: trust.audience, [`${trust.issuer}:sub`]: subjects },
        },
      },
    ]),
    tags: resourceTags(name),
  });
}

/** An AWS managed policy, and ours on top of it. */
function grant(role: IamRole, managed: string, policy: string): void {
  new IamRolePolicyAttachment(role, "managed", {
    role: role.name,
    policyArn: `arn:aws:iam::aws:policy/${managed}`,
  });
  new IamRolePolicy(role, "policy", { name: "guardrails", role: role.name, policy });
}
