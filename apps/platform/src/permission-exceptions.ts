import type { PolicyException } from "@telemedicina/policy";

/** What departs from a rule and is right as it is. One that no environment needs any more fails. */
export const permissionExceptions: readonly PolicyException[] = [
  {
    address: "aws_iam_role_policy_attachment.database_monitoring_permission_*",
    sid: "service-role/AmazonRDSEnhancedMonitoringRole",
    rule: "own-policies",
    reason:
      "RDS documents this policy of AWS for enhanced monitoring and no other. It lets RDS write log streams of the group RDSOSMetrics.",
  },
  {
    address: "aws_iam_role_policy_attachment.delivery_deployment_managed-policy_*",
    sid: "service-role/AWSCodeDeployRole",
    rule: "own-policies",
    reason: "CodeDeploy documents this policy of AWS, which AWS keeps in step with what CodeDeploy needs.",
  },
  {
    address: "aws_sns_topic_policy.messages_policy_*",
    sid: "DeliveryMessages",
    rule: "bound-services",
    reason:
      "EventBridge tells a topic no source, so that a condition on one refuses every message. The topic is named; what strangers could make it carry is a message.",
  },
  {
    address: "aws_kms_key.application-key_*",
    sid: "DeliveryMessages",
    rule: "bound-services",
    reason:
      "EventBridge uses the topic's key as AWS documents it, without a source. It calls the key for messages to topics only, and topics of other accounts have other keys.",
  },
  {
    address: "aws_iam_role_policy.*",
    sid: "SessionManager",
    rule: "named-resources",
    reason:
      "A host that Systems Manager does not know yet has no name to be limited to; it can register itself only. Session Manager's own channels have no resource.",
  },
  {
    address: "aws_iam_role_policy.*",
    sid: "OwnMetrics",
    rule: "named-resources",
    reason: "Metrics have no resource that a policy could name. The condition limits them to one namespace.",
  },
  {
    address: "aws_iam_role_policy.delivery_pipeline_blue-green_role_policy_*",
    sid: "WatchAlarms",
    rule: "named-resources",
    reason:
      "CloudWatch tells of composite alarms only who may read all alarms, as AWS documents, and one that is not seen would stop every shift. It reads, in one region.",
  },
  {
    address: "aws_s3_bucket_policy.storage_access-logs_*",
    sid: "AllowLoadBalancerLogs",
    rule: "bound-services",
    reason:
      "For an Application Load Balancer AWS documents this statement without a source. The service writes only below AWSLogs/ and the account that owns the load balancer, and the statement's resource is that of this account.",
  },
  {
    address: "aws_vpc_endpoint.network_gateway-endpoints_s3_*",
    sid: "ReadWhatAwsServes",
    rule: "named-principals",
    reason:
      "Hosts read packages from buckets of AWS, named one by one, and package managers don't sign. An endpoint's policy grants nothing: the bucket's owner has to allow it too.",
  },
];
