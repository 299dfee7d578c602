/** What the emulator cannot do for a resource type, and what the relay does about it. */
export interface RelayRule {
  readonly type: string;
  /**
   * `simulate`: the real provider validates and plans, the relay answers apply, read and delete.
   * `echo`: create, update and delete reach the emulator, read returns what state says.
   */
  readonly mode: RelayMode;
  /** What the emulator does wrong, in a sentence. */
  readonly reason: string;
  /** The emulator's version in which this was seen. */
  readonly moto: string;
}

export type RelayMode = "simulate" | "echo";

/** How a resource instance was treated. */
export type Treatment = "emulated" | "echoed" | "simulated";

/** `relay-rules.test.ts` shows each fault on the installed emulator, and fails when it is gone. */
export const RELAY_RULES: readonly RelayRule[] = [
  {
    type: "aws_athena_named_query",
    mode: "simulate",
    reason: "DeleteNamedQuery is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_autoscaling_group",
    mode: "echo",
    reason: "warm-up, maintenance policy, lifetime, zone distribution and mixed instances are lost",
    moto: "5.2.1",
  },
  {
    type: "aws_autoscaling_lifecycle_hook",
    mode: "echo",
    reason: "a hook without a notification comes back with that of an example",
    moto: "5.2.1",
  },
  {
    type: "aws_autoscaling_policy",
    mode: "echo",
    reason: "a policy comes back as disabled, with an empty predictive configuration",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_cache_policy",
    mode: "simulate",
    reason: "CreateCachePolicy is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_distribution",
    mode: "simulate",
    reason: "origin access, cache policies and headers policies are lost, and its ARN has no account",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_function",
    mode: "simulate",
    reason: "CreateFunction is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_key_group",
    mode: "simulate",
    reason: "DeleteKeyGroup is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_monitoring_subscription",
    mode: "simulate",
    reason: "CreateMonitoringSubscription is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_response_headers_policy",
    mode: "simulate",
    reason: "CreateResponseHeadersPolicy is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_cloudfront_vpc_origin",
    mode: "simulate",
    reason: "CreateVpcOrigin is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_codebuild_project",
    mode: "simulate",
    reason: "a project that takes from CodePipeline is refused for want of a bucket",
    moto: "5.2.1",
  },
  {
    type: "aws_codeconnections_connection",
    mode: "simulate",
    reason: "CodeConnections is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_codedeploy_app",
    mode: "simulate",
    reason: "times come back as text, which the provider cannot read",
    moto: "5.2.1",
  },
  {
    type: "aws_codedeploy_deployment_group",
    mode: "simulate",
    reason: "its application is not to be had from the emulator",
    moto: "5.2.1",
  },
  {
    type: "aws_codepipeline",
    mode: "simulate",
    reason: "times come back as text, which the provider cannot read",
    moto: "5.2.1",
  },
  {
    type: "aws_db_instance",
    mode: "simulate",
    reason:
      "all instances of a region have the same DbiResourceId, by which the provider looks them up, so a second one fails",
    moto: "5.2.1",
  },
  {
    type: "aws_db_instance_automated_backups_replication",
    mode: "simulate",
    reason: "StartDBInstanceAutomatedBackupsReplication is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_db_parameter_group",
    mode: "echo",
    reason: "parameters come back without Source, so the provider takes none of them for the group's own",
    moto: "5.2.1",
  },
  {
    type: "aws_ec2_instance_metadata_defaults",
    mode: "simulate",
    reason: "ModifyInstanceMetadataDefaults is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_elasticache_parameter_group",
    mode: "simulate",
    reason: "CreateCacheParameterGroup is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_elasticache_replication_group",
    mode: "simulate",
    reason: "a group has no member clusters, so the provider cannot read it",
    moto: "5.2.1",
  },
  {
    type: "aws_elasticache_subnet_group",
    mode: "simulate",
    reason: "DeleteCacheSubnetGroup is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_launch_template",
    mode: "echo",
    reason: "tags of the template itself come back as a tag specification in it",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_lifecycle_configuration",
    mode: "simulate",
    reason:
      "newer_noncurrent_versions of a version expiration is lost, so the provider waits 3 min and fails",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_logging",
    mode: "simulate",
    reason: "every call to the bucket writes an object into the log bucket, which then cannot be deleted",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_policy",
    mode: "simulate",
    reason:
      "a Deny of plain HTTP refuses every object call, state files included: Condition is ignored, and plain HTTP is what it speaks",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_replication_configuration",
    mode: "echo",
    reason: "delete_marker_replication and source_selection_criteria are lost",
    moto: "5.2.1",
  },
  {
    type: "aws_vpc_security_group_egress_rule",
    mode: "echo",
    reason: "description is lost on rules that refer to a group or a prefix list",
    moto: "5.2.1",
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    mode: "echo",
    reason: "description is lost on rules that refer to a group or a prefix list",
    moto: "5.2.1",
  },
  {
    type: "aws_wafv2_web_acl",
    mode: "echo",
    reason: "data protection is lost",
    moto: "5.2.1",
  },
];

/** What stays real, as far as the rules allow, when everything else is simulated. */
export interface AlwaysReal {
  readonly type: string;
  /** Who needs it, in a sentence. */
  readonly reason: string;
}

export const ALWAYS_REAL: readonly AlwaysReal[] = [
  {
    type: "aws_secretsmanager_secret",
    reason: "a data source or an ephemeral resource of another stack reads the secret itself",
  },
  {
    type: "aws_secretsmanager_secret_version",
    reason: "its value is write-only: no state has it, so only a real secret can give it back",
  },
];

const REAL_TYPES: ReadonlySet<string> = new Set(ALWAYS_REAL.map((one) => one.type));

/** The rules of one relay, with the switch of `--quick`. */
export class RuleBook {
  private readonly modes: ReadonlyMap<string, RelayMode>;

  constructor(
    rules: readonly RelayRule[],
    public simulateAll: boolean,
  ) {
    this.modes = new Map(rules.map((rule) => [rule.type, rule.mode]));
  }

  treatmentOf(type: string): Treatment {
    if (this.simulateAll && !REAL_TYPES.has(type)) return "simulated";
    const mode = this.modes.get(type);
    if (mode === "simulate") return "simulated";
    return mode === "echo" ? "echoed" : "emulated";
  }
}
