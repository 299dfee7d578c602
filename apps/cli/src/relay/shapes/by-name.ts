/**
 * What an attribute's name says about its form, for the types that have no templates of their own. The first
 * rule that matches wins. `{service}` is the service in the resource type, `{attribute}` the attribute's name.
 */
export const BY_NAME: readonly (readonly [pattern: RegExp, template: string])[] = [
  [/^(owner|owner_id|account_id|aws_account_id|registry_id|requester_account_id)$/, "{account}"],
  [/^(region|aws_region)$/, "{region}"],
  [/^(availability_zone|availability_zones)$/, "{region}a"],
  [/^arn$/, "arn:{partition}:{service}:{region}:{account}:{resource}/{id}"],
  [/^id$/, "{resource}-{hex17}"],
  [/^(name|identifier|bucket|replication_group_id|cluster_identifier)$/, "{prefix}{digits26}"],
  [/(^|_)vpc_ids?$/, "vpc-{hex17}"],
  [/(^|_)subnet_ids?$/, "subnet-{hex17}"],
  [/(^|_)security_group_ids?$/, "sg-{hex17}"],
  [/(^|_)security_group_rule_id$/, "sgr-{hex17}"],
  [/(^|_)(network_interface|eni)_ids?$/, "eni-{hex17}"],
  [/(^|_)route_table_ids?$/, "rtb-{hex17}"],
  [/(^|_)network_acl_ids?$/, "acl-{hex17}"],
  [/(^|_)dhcp_options_id$/, "dopt-{hex17}"],
  [/(^|_)allocation_id$/, "eipalloc-{hex17}"],
  [/^ipv6_association_id$/, "vpc-cidr-assoc-{hex17}"],
  [/^association_id$/, "eipassoc-{hex17}"],
  [/(^|_)instance_id$/, "i-{hex17}"],
  [/(^|_)(image|ami)_id$/, "ami-{hex17}"],
  [/(^|_)snapshot_id$/, "snap-{hex17}"],
  [/(^|_)volume_id$/, "vol-{hex17}"],
  [/(^|_)prefix_list_id$/, "pl-{hex17}"],
  [/(^|_)zone_id$/, "Z{upper20}"],
  [/(^|_)kms_(master_)?key_(id|arn)$|^key_arn$/, "arn:{partition}:kms:{region}:{account}:key/{uuid}"],
  [/^key_id$|(^|_)version_id$/, "{uuid}"],
  [/(^|_)role_arn$/, "arn:{partition}:iam::{account}:role/{hex17}"],
  [/(^|_)certificate_arn$/, "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"],
  [/(^|_)secret_arn$/, "arn:{partition}:secretsmanager:{region}:{account}:secret:{hex17}-{upper6}"],
  [/(^|_)topic_arn$/, "arn:{partition}:sns:{region}:{account}:{hex17}"],
  [/(^|_)log_group_arn$/, "arn:{partition}:logs:{region}:{account}:log-group:{hex17}"],
  [/_arns?$/, "arn:{partition}:{service}:{region}:{account}:{attribute}/{hex17}"],
  // A /56, so that a subnet's /64 can be cut out of it as on AWS.
  [/ipv6_cidr_blocks?$/, "2600:1f18:{hex4}:{hex2}00::/56"],
  [/cidr(_block)?s?$/, "10.{byte}.0.0/16"],
  [/ipv6(_address(es)?)?$/, "2600:1f18::{hex4}"],
  [/public_ip(_address|s)?$/, "203.0.113.{byte}"],
  [/(^|_)ip(_address|s)?$/, "10.{byte:a}.{byte:b}.{byte:c}"],
  // What a certificate is proven by.
  [/^resource_record_type$/, "CNAME"],
  [/^resource_record_(name|value)$/, "_{hex32}.acm-validations.aws."],
  [/^name_servers$/, "ns-{digits3}.awsdns-{digits2}.com"],
  [
    /endpoint$|(^|_)address$|dns(_name)?$|domain_name$|hostname$|fqdn$/,
    "{hex12}.{service}.{region}.amazonaws.com",
  ],
  [/(url|uri)$/, "https://{hex12}.{service}.{region}.amazonaws.com"],
  [/(^|_)policy(_json|_document)?$/, '{"Version":"2012-10-17","Statement":[]}'],
  [/maintenance_window$/, "sun:05:00-sun:06:00"],
  [/(backup|snapshot)_window$/, "03:00-04:00"],
  [/(_date|_at|_time|_timestamp|_modified|not_before|not_after)$/, "2026-01-01T00:00:00Z"],
  [/(^|_)versions?(_actual)?$/, "1"],
  [/(^|_)(status|state)$/, "available"],
  [/etag$/, "{hex32}"],
  [/(sha256|hash|checksum|fingerprint)$/, "{hex64}"],
];

/** Services whose resource types do not begin with the service's name in ARNs. */
export const SERVICE_OF: Readonly<Record<string, string>> = {
  ami: "ec2",
  db: "rds",
  default: "ec2",
  ebs: "ec2",
  efs: "elasticfilesystem",
  eip: "ec2",
  flow: "ec2",
  instance: "ec2",
  lb: "elasticloadbalancing",
  nat: "ec2",
  network: "ec2",
  route: "ec2",
  security: "ec2",
  sfn: "states",
  subnet: "ec2",
  vpc: "ec2",
};

/** Numbers that somebody may put into a rule or a URL; every other number is 0. */
export const NUMBERS: readonly (readonly [pattern: RegExp, value: number])[] = [
  [/(^|_)port$/, 443],
  [/version$/, 1],
];
