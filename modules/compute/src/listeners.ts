import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version/index.js";
import { LbListener, type LbListenerDefaultAction } from "@cdktf/provider-aws/lib/lb-listener/index.js";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule/index.js";
import { ports } from "@telemedicina/core";
import { Construct } from "constructs";
import type { Exposure, OriginHeader } from "./load-balancer-props.js";

export interface ListenersProps {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  /** The second one, of two with weights between them. */
  readonly greenTargetGroupArn: string | undefined;
  readonly certificateArn: string;
  readonly tlsPolicy: string;
  readonly exposure: Exposure;
}

const FORBIDDEN: LbListenerDefaultAction = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Forbidden", statusCode: "403" },
};

/** 443 serves; 80 only says where 443 is. Where nobody may reach 80, its listener costs nothing and answers nobody. */
export class Listeners extends Construct {
  readonly https: LbListener;
  /** What connects the target group with the load balancer. */
  readonly forwarding: LbListener | LbListenerRule;

  constructor(scope: Construct, id: string, props: ListenersProps) {
    super(scope, id);
    this.redirect(props.loadBalancerArn);
    this.https = this.listener(props);
    this.forwarding =
      props.exposure.kind === "cloudfront" ? this.rule(props, props.exposure.originHeader) : this.https;
  }

  private redirect(loadBalancerArn: string): void {
    new LbListener(this, "http", {
      loadBalancerArn,
      port: ports.http,
      protocol: "HTTP",
      defaultAction: [
        {
          type: "redirect",
          redirect: { protocol: "HTTPS", port: String(ports.https), statusCode: "HTTP_301" },
        },
      ],
    });
  }

  private listener(props: ListenersProps): LbListener {
    return new LbListener(this, "https", {
      loadBalancerArn: props.loadBalancerArn,
      port: ports.https,
      protocol: "HTTPS",
      sslPolicy: props.tlsPolicy,
      certificateArn: props.certificateArn,
      defaultAction: [props.exposure.kind === "cloudfront" ? FORBIDDEN : forward(props)],
      ...(props.exposure.kind === "cloudfront" ? {} : weightsIgnored("default_action", props)),
    });
  }

  private rule(props: ListenersProps, { name, secretArns }: OriginHeader): LbListenerRule {
    return new LbListenerRule(this, "from-cloudfront", {
      listenerArn: this.https.arn,
      priority: 1,
      condition: [
        {
          httpHeader: {
            httpHeaderName: name,
            values: [
              this.value("origin-header-a", secretArns[0]),
              this.value("origin-header-b", secretArns[1]),
            ],
          },
        },
      ],
      action: [forward(props)],
      ...weightsIgnored("action", props),
    });
  }

  /** A reference; the value is read by Terraform and stays in the state, since a rule has no write-only form. */
  private value(id: string, secretId: string): string {
    return new DataAwsSecretsmanagerSecretVersion(this, id, { secretId }).secretString;
  }
}

function forward({ targetGroupArn, greenTargetGroupArn: green }: ListenersProps): LbListenerDefaultAction {
  if (green === undefined) return { type: "forward", targetGroupArn };
  return {
    type: "forward",
    forward: {
      targetGroup: [
        { arn: targetGroupArn, weight: 100 },
        { arn: green, weight: 0 },
      ],
    },
  };
}

/**
 * Weights stand in a set, whose members have no path: with them Terraform ignores which groups they belong to. The cookie
 * that ties a browser to a colour while both serve is the shifting program's as well. Type, number and order of the
 * actions, conditions and priority stay Terraform's. Ignored below `forward[0]`, not the block: from one group to two
 * the block has to come.
 */
function weightsIgnored(action: string, { greenTargetGroupArn }: ListenersProps) {
  if (greenTargetGroupArn === undefined) return {};
  const path = `${action}[0].forward[0]`;
  return { lifecycle: { ignoreChanges: [`${path}.target_group`, `${path}.stickiness`] } };
}
