/** The id is another attribute of the same resource: the provider repeats what the caller named. */
export const ID_IS: Readonly<Record<string, readonly string[]>> = {
  arn: words(`
    aws_acm_certificate aws_cloudtrail aws_codeconnections_connection
    aws_codestarconnections_connection aws_codestarnotifications_notification_rule
    aws_config_configuration_aggregator aws_iam_openid_connect_provider aws_iam_policy aws_lb
    aws_lb_listener aws_lb_listener_rule aws_lb_target_group aws_secretsmanager_secret
    aws_sfn_state_machine aws_sns_topic aws_sns_topic_subscription
  `),
  name: words(`
    aws_athena_workgroup aws_autoscaling_group aws_backup_vault aws_cloudwatch_event_rule
    aws_cloudwatch_log_group aws_codepipeline aws_config_config_rule
    aws_config_configuration_recorder aws_db_option_group aws_db_parameter_group aws_db_proxy
    aws_db_subnet_group aws_dynamodb_table aws_ecr_repository aws_elasticache_parameter_group
    aws_elasticache_subnet_group aws_iam_group aws_iam_instance_profile aws_iam_role aws_iam_user
    aws_kms_alias aws_rds_cluster_parameter_group aws_ssm_document aws_ssm_parameter
  `),
  bucket: words(`
    aws_s3_bucket aws_s3_bucket_accelerate_configuration aws_s3_bucket_cors_configuration
    aws_s3_bucket_lifecycle_configuration aws_s3_bucket_logging aws_s3_bucket_notification
    aws_s3_bucket_object_lock_configuration aws_s3_bucket_ownership_controls aws_s3_bucket_policy
    aws_s3_bucket_public_access_block aws_s3_bucket_replication_configuration
    aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning
    aws_s3_bucket_website_configuration
  `),
  identifier: words(`aws_db_instance aws_rds_cluster_instance`),
  replication_group_id: words(`aws_elasticache_replication_group`),
  distribution_id: words(`aws_cloudfront_monitoring_subscription`),
  cluster_id: words(`aws_elasticache_cluster`),
  cluster_identifier: words(`aws_rds_cluster`),
  url: words(`aws_sqs_queue`),
  alarm_name: words(`aws_cloudwatch_composite_alarm aws_cloudwatch_metric_alarm`),
  function_name: words(`aws_lambda_function`),
  key_id: words(`aws_kms_key aws_kms_replica_key`),
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
