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
};
