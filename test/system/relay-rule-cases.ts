/**
 * For each rule of the relay the smallest Terraform module that shows what the emulator does wrong: its apply
 * fails, or the plan after it wants a change. A case may use what every root here has: `var.vpc_id`.
 */
export const RULE_CASES: Readonly<Record<string, string>> = {
  aws_ec2_instance_metadata_defaults: `
resource "aws_ec2_instance_metadata_defaults" "it" {
  http_tokens = "required"
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
