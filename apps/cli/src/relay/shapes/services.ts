/** Templates of the services whose ids and ARNs follow no common rule. */
export const SERVICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_acm_certificate: { arn: regional("acm", "certificate/{uuid}") },
  aws_cloudfront_cache_policy: {
    id: "{uuid}",
    etag: "E{upper13}",
    arn: global("cloudfront", "cache-policy/{id}"),
  },
  aws_cloudfront_distribution: {
    id: "E{upper13}",
    etag: "E{upper13}",
    arn: global("cloudfront", "distribution/{id}"),
    domain_name: "d{hex13}.cloudfront.net",
    hosted_zone_id: "Z2FDTNDATAQYW2",
    status: "Deployed",
  },
  aws_cloudfront_function: { id: "{name}", etag: "E{upper13}", arn: global("cloudfront", "function/{name}") },
  aws_cloudfront_key_group: { id: "{uuid}", etag: "E{upper13}" },
  aws_cloudfront_origin_access_control: {
    id: "E{upper13}",
    etag: "E{upper13}",
    arn: global("cloudfront", "origin-access-control/{id}"),
  },
  aws_cloudfront_origin_request_policy: {
    id: "{uuid}",
    etag: "E{upper13}",
    arn: global("cloudfront", "origin-request-policy/{id}"),
  },
  aws_cloudfront_public_key: { id: "K{upper13}", etag: "E{upper13}" },
  aws_cloudfront_response_headers_policy: {
    id: "{uuid}",
    etag: "E{upper13}",
    arn: global("cloudfront", "response-headers-policy/{id}"),
  },
  aws_cloudfront_vpc_origin: { id: "vo_{hex22}", arn: global("cloudfront", "vpcorigin/{id}") },
  aws_cloudwatch_log_delivery: { id: "{hex16}", arn: regional("logs", "delivery:{id}") },
  aws_cloudwatch_log_delivery_destination: {
    arn: regional("logs", "delivery-destination:{name}"),
    delivery_destination_type: "S3",
  },
  aws_cloudwatch_log_delivery_source: {
    arn: regional("logs", "delivery-source:{name}"),
    service: "cloudfront",
  },
  aws_cloudwatch_log_group: { arn: regional("logs", "log-group:{name}") },
  // Only a person in the console can make it AVAILABLE.
  aws_codeconnections_connection: {
    arn: regional("codeconnections", "connection/{uuid}"),
    connection_status: "PENDING",
  },
  aws_codestarconnections_connection: {
    arn: regional("codestar-connections", "connection/{uuid}"),
    connection_status: "PENDING",
  },
  aws_db_instance: {
    arn: regional("rds", "db:{identifier}"),
    address: "{identifier}.c{hex11}.{region}.rds.amazonaws.com",
    endpoint: "{address}:{port}",
    resource_id: "db-{upper26}",
    hosted_zone_id: "Z2R2ITUGPM61AM",
    port: "5432",
    license_model: "postgresql-license",
  },
  aws_db_proxy: {
    arn: regional("rds", "db-proxy:prx-{hex17}"),
    endpoint: "{name}.proxy-c{hex11}.{region}.rds.amazonaws.com",
  },
  aws_ecr_repository: {
    arn: regional("ecr", "repository/{name}"),
    repository_url: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
  },
  aws_efs_file_system: {
    id: "fs-{hex17}",
    arn: regional("elasticfilesystem", "file-system/{id}"),
    dns_name: "{id}.efs.{region}.amazonaws.com",
  },
  aws_elasticache_replication_group: {
    arn: regional("elasticache", "replicationgroup:{replication_group_id}"),
    port: "6379",
    primary_endpoint_address: "master.{replication_group_id}.{hex6:cache}.{region}.cache.amazonaws.com",
    reader_endpoint_address: "replica.{replication_group_id}.{hex6:cache}.{region}.cache.amazonaws.com",
    configuration_endpoint_address:
      "clustercfg.{replication_group_id}.{hex6:cache}.{region}.cache.amazonaws.com",
  },
  aws_elasticache_cluster: { arn: regional("elasticache", "cluster:{cluster_id}"), port: "6379" },
  aws_iam_instance_profile: { arn: iam("instance-profile{path}{name}"), unique_id: "AIPA{upper17}" },
  aws_iam_openid_connect_provider: { arn: iam("oidc-provider/{url}") },
  aws_iam_policy: { arn: iam("policy{path}{name}"), policy_id: "ANPA{upper17}" },
  aws_iam_role: { arn: iam("role{path}{name}"), unique_id: "AROA{upper17}" },
  aws_iam_user: { arn: iam("user{path}{name}"), unique_id: "AIDA{upper17}" },
  aws_kms_alias: { arn: regional("kms", "{name}") },
  aws_kms_key: { key_id: "{uuid}", arn: regional("kms", "key/{key_id}") },
  aws_kms_replica_key: { key_id: "mrk-{hex32}", arn: regional("kms", "key/{key_id}") },
  aws_lambda_function: {
    arn: regional("lambda", "function:{function_name}"),
    qualified_arn: "{arn}:{version}",
    version: "$LATEST",
    invoke_arn: "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
  },
  aws_lb: {
    arn: regional("elasticloadbalancing", "loadbalancer/{lb_kind}/{name}/{hex16:lb}"),
    arn_suffix: "{lb_kind}/{name}/{hex16:lb}",
    dns_name: "{name}-{digits10}.{region}.elb.amazonaws.com",
  },
  aws_lb_listener: { arn: regional("elasticloadbalancing", "listener/app/lb/{hex16}/{hex16:listener}") },
  aws_lb_listener_rule: {
    arn: regional("elasticloadbalancing", "listener-rule/app/lb/{hex16}/{hex16:listener}/{hex16:rule}"),
  },
  aws_lb_target_group: {
    arn: regional("elasticloadbalancing", "targetgroup/{name}/{hex16:tg}"),
    arn_suffix: "targetgroup/{name}/{hex16:tg}",
  },
  aws_route53_health_check: { id: "{uuid}", arn: "arn:{partition}:route53:::healthcheck/{id}" },
  aws_route53_record: { id: "{zone_id}_{name}_{type}", fqdn: "{name}" },
  aws_route53_zone: {
    id: "{zone_id}",
    zone_id: "Z{upper20}",
    arn: "arn:{partition}:route53:::hostedzone/{zone_id}",
    primary_name_server: "ns-{digits3}.awsdns-{digits2}.com",
  },
  aws_s3_bucket: {
    arn: "arn:{partition}:s3:::{bucket}",
    bucket_domain_name: "{bucket}.s3.amazonaws.com",
    bucket_regional_domain_name: "{bucket}.s3.{region}.amazonaws.com",
    hosted_zone_id: "Z3AQBSTGFYJSTF",
  },
  aws_secretsmanager_secret: { arn: regional("secretsmanager", "secret:{name}-{upper6}") },
  aws_secretsmanager_secret_version: {
    id: "{secret_id}|{version_id}",
    version_id: "{uuid}",
    arn: "{secret_id}",
  },
  // What AWS leaves empty for a topic that is not FIFO, and the provider refuses to see anything else.
  aws_sns_topic: { arn: regional("sns", "{name}"), fifo_throughput_scope: "" },
  aws_sns_topic_subscription: { arn: "{topic_arn}:{uuid}" },
  aws_sqs_queue: {
    arn: regional("sqs", "{name}"),
    url: "https://sqs.{region}.amazonaws.com/{account}/{name}",
  },
  aws_ssm_parameter: { arn: regional("ssm", "parameter/{name}") },
  aws_wafv2_web_acl: { id: "{uuid}", arn: regional("wafv2", "{waf_scope}/webacl/{name}/{id}") },
  aws_wafv2_ip_set: { id: "{uuid}", arn: regional("wafv2", "{waf_scope}/ipset/{name}/{id}") },
  aws_wafv2_rule_group: { id: "{uuid}", arn: regional("wafv2", "{waf_scope}/rulegroup/{name}/{id}") },
};

function regional(service: string, resource: string): string {
  return `arn:{partition}:${service}:{region}:{account}:${resource}`;
}

function global(service: string, resource: string): string {
  return `arn:{partition}:${service}::{account}:${resource}`;
}

function iam(resource: string): string {
  return global("iam", resource);
}
