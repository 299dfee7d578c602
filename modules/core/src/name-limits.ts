/** What AWS accepts as the name of one kind of thing. */
export interface NameLimit {
  /** What stands in the name instead of the type: names that exist outlive a type that is split. @default - the type */
  readonly segment?: string;
  /** Longest name, in characters. */
  readonly maxLength: number;
  /** Every name must match this; what shortening yields always does. */
  readonly pattern: RegExp;
  /** The character set in words, for error messages. */
  readonly characters: string;
  /** Where the figure comes from: the AWS API reference's parameter or the provider's own validator. */
  readonly source: string;
}

const LOWER = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const LOWER_WORDS = "lower-case letters, digits and single hyphens";
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_WORDS = "letters, digits, spaces and _ . : / = + - @";

/** A thing that has no name of its own in AWS and shows its `Name` tag instead. */
const byTag: NameLimit = {
  maxLength: 255,
  pattern: TAG,
  characters: TAG_WORDS,
  source: "EC2: tag value, at most 256 characters",
};

/**
 * The limits table: one line for each resource type segment that may stand in
 * `{project}-{environment}-{resource-type}-{region}`. A type that is not here has no name
 * until somebody has looked its limit up: {@link resourceName} refuses to guess.
 */
export const nameLimits = {
  vpc: byTag,
  subnet: byTag,
  igw: byTag,
  nat: byTag,
  eip: byTag,
  rtb: byTag,
  nacl: byTag,
  vpce: byTag,
  "flow-log": byTag,
  "default-sg": byTag,
  "default-rtb": byTag,
  "default-nacl": byTag,
  sgr: byTag,
  sg: {
    maxLength: 228,
    pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
    characters: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-",
    source:
      "EC2 CreateSecurityGroup: GroupName, 255 less the hyphen and 26 characters that Terraform adds to a name_prefix",
  },
  "log-group": {
    maxLength: 512,
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    characters: "letters, digits and . - _ / #",
    source: "CloudWatch Logs CreateLogGroup: logGroupName",
  },
  role: {
    maxLength: 64,
    pattern: /^[\w+=,.@-]+$/,
    characters: "letters, digits and _ + = , . @ -",
    source: "IAM CreateRole: RoleName",
  },
  policy: {
    maxLength: 128,
    pattern: /^[\w+=,.@-]+$/,
    characters: "letters, digits and _ + = , . @ -",
    source: "IAM CreatePolicy: PolicyName",
  },
  kms: {
    maxLength: 250,
    pattern: /^(?!aws\/)[a-zA-Z0-9/_-]+$/,
    characters: "letters, digits and / _ -, not starting with aws/",
    source: "KMS CreateAlias: AliasName (256 with the prefix alias/)",
  },
  rds: {
    maxLength: 63,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "RDS CreateDBInstance: DBInstanceIdentifier",
  },
  "rds-snapshot": {
    maxLength: 255,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "RDS DeleteDBInstance: FinalDBSnapshotIdentifier",
  },
  "db-subnet-group": {
    maxLength: 255,
    pattern: /^(?!default$)[a-z0-9 ._-]+$/,
    characters: "lower-case letters, digits, spaces and . _ -, not default",
    source: "RDS CreateDBSubnetGroup: DBSubnetGroupName",
  },
  "db-parameter-group": {
    maxLength: 226,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source:
      "RDS CreateDBParameterGroup: DBParameterGroupName, 255 less the hyphen and 26 characters that Terraform adds to a name_prefix, kept below the provider's own limit of 226",
  },
  "db-proxy": {
    maxLength: 63,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "RDS CreateDBProxy: DBProxyName",
  },
  waf: {
    maxLength: 128,
    pattern: /^[\w-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "WAF CreateWebACL: Name",
  },
  "cloudfront-policy": {
    maxLength: 128,
    pattern: /^[\w-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "CloudFront CreateCachePolicy and its kin: Name",
  },
  "cloudfront-function": {
    segment: "cloudfront-policy",
    maxLength: 64,
    pattern: /^[\w-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "CloudFront CreateFunction: Name",
  },
  oac: {
    maxLength: 64,
    pattern: /^[\w-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "CloudFront CreateOriginAccessControl: Name",
  },
  "vpc-origin": {
    maxLength: 64,
    pattern: /^[\w-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "CloudFront CreateVpcOrigin: Name",
  },
  cloudfront: byTag,
  "health-check": byTag,
  ec2: byTag,
  ebs: byTag,
  eni: byTag,
  acm: byTag,
  zone: byTag,
  alb: {
    maxLength: 32,
    pattern: /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
    characters: "letters, digits and inner hyphens, not starting with internal-",
    source: "Elastic Load Balancing CreateLoadBalancer: Name",
  },
  tg: {
    maxLength: 32,
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
    characters: "letters, digits and inner hyphens",
    source: "Elastic Load Balancing CreateTargetGroup: Name",
  },
  asg: {
    maxLength: 255,
    pattern: /^[A-Za-z0-9-]+$/,
    characters: "letters, digits and hyphens",
    source: "EC2 Auto Scaling CreateAutoScalingGroup: AutoScalingGroupName",
  },
  lt: {
    maxLength: 125,
    pattern: /^[a-zA-Z0-9().\-/_]+$/,
    characters: "letters, digits and ( ) . - / _",
    source: "EC2 CreateLaunchTemplate: LaunchTemplateName (128), the provider's own limit is 125",
  },
  alarm: {
    maxLength: 255,
    pattern: /^[A-Za-z0-9-]+$/,
    characters: "letters, digits and hyphens",
    source: "CloudWatch PutMetricAlarm: AlarmName",
  },
  "instance-profile": {
    maxLength: 128,
    pattern: /^[\w+=,.@-]+$/,
    characters: "letters, digits and _ + = , . @ -",
    source: "IAM CreateInstanceProfile: InstanceProfileName",
  },
  "scaling-policy": {
    maxLength: 255,
    pattern: /^[A-Za-z0-9-]+$/,
    characters: "letters, digits and hyphens",
    source: "EC2 Auto Scaling PutScalingPolicy: PolicyName",
  },
  secret: {
    maxLength: 512,
    pattern: /^[A-Za-z0-9/_+=.@-]+$/,
    characters: "letters, digits and / _ + = . @ -",
    source: "Secrets Manager CreateSecret: Name",
  },
  sns: {
    maxLength: 256,
    pattern: /^[A-Za-z0-9_-]+$/,
    characters: "letters, digits, hyphens and _",
    source: "SNS CreateTopic: Name",
  },
  redis: {
    maxLength: 40,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "ElastiCache CreateReplicationGroup: ReplicationGroupId",
  },
  "redis-snapshot": {
    maxLength: 255,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "ElastiCache CreateSnapshot: SnapshotName",
  },
  "redis-parameter-group": {
    maxLength: 255,
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and single hyphens, starting with a letter",
    source: "ElastiCache CreateCacheParameterGroup: CacheParameterGroupName",
  },
  "redis-subnet-group": {
    maxLength: 255,
    pattern: /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    characters: "lower-case letters, digits and hyphens",
    source: "ElastiCache CreateCacheSubnetGroup: CacheSubnetGroupName",
  },
  codebuild: {
    maxLength: 255,
    pattern: /^[A-Za-z0-9][A-Za-z0-9\-_]+$/,
    characters: "letters, digits, hyphens and _, a letter or digit first",
    source: "CodeBuild CreateProject: name",
  },
  connection: {
    maxLength: 32,
    pattern: /^[A-Za-z0-9-]+$/,
    characters: "letters, digits and hyphens",
    source: "CodeConnections CreateConnection: ConnectionName, which takes any character",
  },
  "event-rule": {
    maxLength: 64,
    pattern: /^[.\-_A-Za-z0-9]+$/,
    characters: "letters, digits and . - _",
    source: "EventBridge PutRule: Name",
  },
  s3: {
    maxLength: 63,
    pattern: LOWER,
    characters: LOWER_WORDS,
    source: "S3: bucket naming rules, 3 to 63 characters",
  },
  athena: {
    maxLength: 128,
    pattern: /^[a-zA-Z0-9._-]+$/,
    characters: "letters, digits and . _ -",
    source: "Athena CreateWorkGroup: Name",
  },
  "glue-database": {
    maxLength: 255,
    pattern: LOWER,
    characters: LOWER_WORDS,
    source: "Glue CreateDatabase: DatabaseInput.Name; the module turns the hyphens into underscores",
  },
  tfstate: {
    maxLength: 63,
    pattern: LOWER,
    characters: LOWER_WORDS,
    source: "S3: bucket naming rules, 3 to 63 characters",
  },
} as const satisfies Record<string, NameLimit>;

/** The resource-type segments that have a naming rule. */
export type NamedType = keyof typeof nameLimits;
