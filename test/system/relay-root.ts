/** Two regions at once, something simulated, something echoed, a write-only attribute, settings of the account. */
export const ROOT = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { Project = "relay" }
  }
}
provider "aws" {
  alias  = "dr"
  region = "us-west-2"
}
resource "aws_vpc" "main" {
  cidr_block = "10.20.0.0/16"
}
resource "aws_vpc" "dr" {
  provider   = aws.dr
  cidr_block = "10.21.0.0/16"
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
}
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.web.id
  description                  = "PostgreSQL from the web servers"
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}
resource "aws_cloudfront_cache_policy" "app" {
  name        = "app"
  default_ttl = 60
  max_ttl     = 600
  min_ttl     = 0
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = true
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = ["Origin", "Accept"]
      }
    }
    query_strings_config {
      query_string_behavior = "all"
    }
  }
}
resource "aws_cloudfront_response_headers_policy" "app" {
  name = "app"
  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      override                   = true
    }
  }
}
ephemeral "aws_secretsmanager_random_password" "db" {
  password_length = 24
}
resource "aws_secretsmanager_secret" "db" {
  name                    = "db"
  recovery_window_in_days = 0
}
resource "aws_secretsmanager_secret_version" "db" {
  secret_id                = aws_secretsmanager_secret.db.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.db.random_password
  secret_string_wo_version = 1
}
resource "aws_ebs_encryption_by_default" "main" {
  enabled = true
}
resource "aws_ecr_registry_scanning_configuration" "main" {
  scan_type = "BASIC"
}
output "cache_policy_arn" {
  value = aws_cloudfront_cache_policy.app.arn
}
output "vpc_arn" {
  value = aws_vpc.main.arn
}
output "dr_vpc_arn" {
  value = aws_vpc.dr.arn
}
output "rule_description" {
  value = aws_vpc_security_group_ingress_rule.db.description
}
`;
