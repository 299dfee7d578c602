/** A group that runs nothing. */
const emptyGroup = (name: string, more = ""): string => `
resource "aws_launch_template" "it" {
  name          = "${name}"
  image_id      = "ami-12c6146b"
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "it" {
  name               = "${name}"
  min_size           = 0
  max_size           = 0
  availability_zones = ["us-east-1a"]
  launch_template {
    id      = aws_launch_template.it.id
    version = aws_launch_template.it.latest_version
  }
  ${more}
}
`;

const distribution = `
resource "aws_cloudfront_distribution" "it" {
  enabled             = true
  wait_for_deployment = false
  origin {
    origin_id                = "it"
    domain_name              = "it.s3.us-east-1.amazonaws.com"
    origin_access_control_id = "E123"
  }
  default_cache_behavior {
    target_origin_id       = "it"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
`;

/** What one of AWS's services works as. */
const serviceRole = (name: string, service: string): string => `
resource "aws_iam_role" "it" {
  name = "relay-rule-${name}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "${service}.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
`;

/**
 * For each rule of the relay the smallest Terraform module that shows what the emulator does wrong: its apply
 * fails, or the plan after it wants a change, or its destroy fails. A case may use what every root here has: `var.vpc_id`.
 */
export const RULE_CASES: Readonly<Record<string, string>> = {
  aws_athena_named_query: `
resource "aws_athena_named_query" "it" {
  name     = "it"
  database = "it"
  query    = "SELECT 1"
}
`,
  aws_autoscaling_group: emptyGroup("relay-rule-group", "default_instance_warmup = 60"),
  aws_autoscaling_lifecycle_hook: `
${emptyGroup("relay-rule-hook")}
resource "aws_autoscaling_lifecycle_hook" "it" {
  name                   = "it"
  autoscaling_group_name = aws_autoscaling_group.it.name
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_LAUNCHING"
}
`,
  aws_autoscaling_policy: `
${emptyGroup("relay-rule-policy")}
resource "aws_autoscaling_policy" "it" {
  name                   = "it"
  autoscaling_group_name = aws_autoscaling_group.it.name
  policy_type            = "StepScaling"
  adjustment_type        = "ChangeInCapacity"
  step_adjustment {
    scaling_adjustment          = 1
    metric_interval_lower_bound = 0
  }
}
`,
  aws_cloudfront_cache_policy: `
resource "aws_cloudfront_cache_policy" "it" {
  name    = "relay-rule"
  min_ttl = 0
  parameters_in_cache_key_and_forwarded_to_origin {
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}
`,
  aws_cloudfront_distribution: distribution,
  aws_cloudfront_function: `
resource "aws_cloudfront_function" "it" {
  name    = "relay-rule"
  runtime = "cloudfront-js-2.0"
  code    = "function handler(event) { return event.response; }"
}
`,
  aws_cloudfront_key_group: `
resource "aws_cloudfront_key_group" "it" {
  name  = "relay-rule"
  items = ["K123"]
}
`,
  aws_cloudfront_monitoring_subscription: `
${distribution}
resource "aws_cloudfront_monitoring_subscription" "it" {
  distribution_id = aws_cloudfront_distribution.it.id
  monitoring_subscription {
    realtime_metrics_subscription_config {
      realtime_metrics_subscription_status = "Enabled"
    }
  }
}
`,
  aws_cloudfront_response_headers_policy: `
resource "aws_cloudfront_response_headers_policy" "it" {
  name = "relay-rule"
  security_headers_config {
    content_type_options {
      override = true
    }
  }
}
`,
  aws_cloudfront_vpc_origin: `
resource "aws_cloudfront_vpc_origin" "it" {
  vpc_origin_endpoint_config {
    name                   = "relay-rule"
    arn                    = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/it/0123456789abcdef"
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "https-only"
    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}
`,
  aws_codebuild_project: `
${serviceRole("build", "codebuild")}
resource "aws_codebuild_project" "it" {
  name         = "relay-rule"
  service_role = aws_iam_role.it.arn
  source {
    type = "CODEPIPELINE"
  }
  artifacts {
    type = "CODEPIPELINE"
  }
  environment {
    type         = "LINUX_CONTAINER"
    image        = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    compute_type = "BUILD_GENERAL1_SMALL"
  }
}
`,
  aws_codeconnections_connection: `
resource "aws_codeconnections_connection" "it" {
  name          = "relay-rule"
  provider_type = "GitHub"
}
`,
  aws_codedeploy_app: `
resource "aws_codedeploy_app" "it" {
  name = "relay-rule-app"
}
`,
  aws_codedeploy_deployment_group: `
${serviceRole("deploy", "codedeploy")}
resource "aws_codedeploy_app" "it" {
  name = "relay-rule-group"
}
resource "aws_codedeploy_deployment_group" "it" {
  app_name              = aws_codedeploy_app.it.name
  deployment_group_name = "it"
  service_role_arn      = aws_iam_role.it.arn
}
`,
  aws_codepipeline: `
${serviceRole("pipeline", "codepipeline")}
resource "aws_codepipeline" "it" {
  name          = "relay-rule"
  pipeline_type = "V2"
  role_arn      = aws_iam_role.it.arn
  artifact_store {
    type     = "S3"
    location = "relay-rule"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["source"]
      configuration = {
        S3Bucket    = "relay-rule"
        S3ObjectKey = "source.zip"
      }
    }
  }
  stage {
    name = "Approve"
    action {
      name     = "Approve"
      category = "Approval"
      owner    = "AWS"
      provider = "Manual"
      version  = "1"
    }
  }
}
`,
  aws_db_instance: `
resource "aws_db_instance" "it" {
  count                       = 2
  identifier                  = "relay-rule-\${count.index}"
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  username                    = "it"
  manage_master_user_password = true
  skip_final_snapshot         = true
}
`,
  aws_db_instance_automated_backups_replication: `
resource "aws_db_instance_automated_backups_replication" "it" {
  source_db_instance_arn = "arn:aws:rds:us-west-2:111111111111:db:relay-rule"
}
`,
  aws_db_parameter_group: `
resource "aws_db_parameter_group" "it" {
  name   = "relay-rule"
  family = "postgres16"
  parameter {
    name  = "log_connections"
    value = "1"
  }
}
`,
  aws_ec2_instance_metadata_defaults: `
resource "aws_ec2_instance_metadata_defaults" "it" {
  http_tokens = "required"
}
`,
  aws_elasticache_parameter_group: `
resource "aws_elasticache_parameter_group" "it" {
  name   = "relay-rule"
  family = "redis7"
}
`,
  aws_elasticache_replication_group: `
resource "aws_elasticache_replication_group" "it" {
  replication_group_id       = "relay-rule"
  description                = "it"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  timeouts {
    create = "60s"
    delete = "60s"
  }
}
`,
  aws_elasticache_subnet_group: `
resource "aws_subnet" "it" {
  vpc_id     = var.vpc_id
  cidr_block = "10.40.1.0/24"
}
resource "aws_elasticache_subnet_group" "it" {
  name       = "relay-rule"
  subnet_ids = [aws_subnet.it.id]
}
`,
  aws_launch_template: `
resource "aws_launch_template" "it" {
  name = "relay-rule-template"
  tags = { Name = "it" }
}
`,
  // The provider waits three minutes by default; a sound emulator satisfies it within one.
  aws_s3_bucket_lifecycle_configuration: `
resource "aws_s3_bucket" "it" {
  bucket        = "relay-rule-lifecycle"
  force_destroy = true
}
resource "aws_s3_bucket_lifecycle_configuration" "it" {
  bucket = aws_s3_bucket.it.id
  rule {
    id     = "expire"
    status = "Enabled"
    filter {
      prefix = ""
    }
    noncurrent_version_expiration {
      noncurrent_days           = 90
      newer_noncurrent_versions = 50
    }
  }
  timeouts {
    create = "100s"
  }
}
`,
  aws_s3_bucket_logging: `
resource "aws_s3_bucket" "it" {
  bucket = "relay-rule-logging"
}
resource "aws_s3_bucket" "log" {
  bucket = "relay-rule-logging-log"
}
resource "aws_s3_bucket_policy" "log" {
  bucket = aws_s3_bucket.log.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "\${aws_s3_bucket.log.arn}/*"
    }]
  })
}
resource "aws_s3_bucket_logging" "it" {
  bucket        = aws_s3_bucket.it.id
  target_bucket = aws_s3_bucket_policy.log.bucket
  target_prefix = "s3/"
}
`,
  aws_s3_bucket_policy: `
resource "aws_s3_bucket" "it" {
  bucket        = "relay-rule-policy"
  force_destroy = true
}
resource "aws_s3_bucket_policy" "it" {
  bucket = aws_s3_bucket.it.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.it.arn, "\${aws_s3_bucket.it.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
resource "aws_s3_object" "it" {
  bucket     = aws_s3_bucket.it.id
  key        = "it"
  content    = "it"
  depends_on = [aws_s3_bucket_policy.it]
}
`,
  aws_s3_bucket_replication_configuration: `
resource "aws_s3_bucket" "it" {
  bucket        = "relay-rule-replication"
  force_destroy = true
}
resource "aws_s3_bucket_versioning" "it" {
  bucket = aws_s3_bucket.it.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_replication_configuration" "it" {
  bucket = aws_s3_bucket_versioning.it.bucket
  role   = "arn:aws:iam::111111111111:role/relay-rule"
  rule {
    id       = "all"
    status   = "Enabled"
    priority = 1
    filter {
      prefix = ""
    }
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket = "arn:aws:s3:::relay-rule-replica"
    }
  }
}
`,
  aws_vpc_security_group_egress_rule: `
resource "aws_security_group" "it" {
  name   = "relay-rule-egress"
  vpc_id = var.vpc_id
}
resource "aws_vpc_security_group_egress_rule" "it" {
  security_group_id            = aws_security_group.it.id
  referenced_security_group_id = aws_security_group.it.id
  description                  = "to its own kind"
  ip_protocol                  = "-1"
}
`,
  aws_vpc_security_group_ingress_rule: `
resource "aws_security_group" "it" {
  name   = "relay-rule-ingress"
  vpc_id = var.vpc_id
}
resource "aws_vpc_security_group_ingress_rule" "it" {
  security_group_id            = aws_security_group.it.id
  referenced_security_group_id = aws_security_group.it.id
  description                  = "from its own kind"
  ip_protocol                  = "-1"
}
`,
  aws_wafv2_web_acl: `
resource "aws_wafv2_web_acl" "it" {
  name  = "relay-rule"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  data_protection_config {
    data_protection {
      action = "SUBSTITUTION"
      field {
        field_type = "BODY"
      }
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "it"
    sampled_requests_enabled   = false
  }
}
`,
};
