import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import {
  type NameScope,
  type PolicyStatement,
  policyDocument,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";

export interface MessageTopicProps {
  readonly names: NameScope;
  /** What the messages are about; part of the name. */
  readonly about: string;
  /** Its policy must let whoever publishes use it. */
  readonly kmsKeyArn: string;
  /** Each confirms once, by the e-mail that AWS sends; until then nothing reaches it. */
  readonly emails: readonly string[];
  /** Who may publish. */
  readonly publishers: (topicArn: string) => readonly PolicyStatement[];
}

/** Messages to people, by e-mail. Nothing is kept in it. */
export class MessageTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: MessageTopicProps) {
    super(scope, id);
    const name = resourceName(props.names, "sns", props.about);
    const topic = new SnsTopic(this, "topic", {
      name,
      kmsMasterKeyId: props.kmsKeyArn,
      tags: resourceTags(name),
    });
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument([...props.publishers(topic.arn), onlyByTls(topic.arn)]),
    });
    // By address: who joins or leaves moves nobody else.
    for (const email of new Set(props.emails)) {
      new SnsTopicSubscription(this, email, { topicArn: topic.arn, protocol: "email", endpoint: email });
    }
    this.arn = topic.arn;
  }
}

function onlyByTls(topicArn: string): PolicyStatement {
  return {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
