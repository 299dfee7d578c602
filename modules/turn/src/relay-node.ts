import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { Construct } from "constructs";
import { turnCapacityOf } from "./capacity.js";
import { certificateSecret } from "./certificate-secret.js";
import { turnHost } from "./host/turn-host.js";
import { hookNames } from "./lifecycle-hooks.js";
import { NodeAddress } from "./node-address.js";
import { NodeAlarms } from "./node-alarms.js";
import { NodeGroup } from "./node-group.js";
import { type NodeNames, nodeNames } from "./node-names.js";
import { NodeRole } from "./node-role.js";
import { NodeTemplate } from "./node-template.js";
import { relayLogName } from "./relay-log.js";
import type { TurnSettings } from "./settings.js";

/** Seconds that the application's hosts have to take over a rotated secret. */
const ROTATION_SECONDS = 86_400;

export interface RelayNodeProps {
  readonly settings: TurnSettings;
  readonly zone: string;
  readonly subnetId: string;
  readonly logGroup: CloudwatchLogGroup;
  readonly metricNamespace: string;
}

/** The relay of one zone: its address and name, what it may, what it is, and the group that keeps one of it alive. */
export class RelayNode extends Construct {
  readonly hostName: string;
  readonly groupName: string;
  readonly publicIp: string;
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: RelayNodeProps) {
    super(scope, id);
    const { settings, zone } = props;
    const { names } = settings;
    const node = nodeNames(names, settings.domain, zone);

    const address = new NodeAddress(this, "address", { ...settings, node });
    const certificate = certificateSecret(this, "certificate", {
      node,
      kmsKeyArn: settings.secretsKmsKeyArn,
      recoveryDays: settings.certificateRecoveryDays,
    });
    const role = this.role(props, node, address, certificate);
    const template = new NodeTemplate(this, "template", {
      ...settings,
      node,
      instanceProfileName: role.instanceProfileName,
      userData: userData(props, node),
    });
    new NodeGroup(this, "group", {
      ...settings,
      name: node.group,
      subnetId: props.subnetId,
      template: template.resource,
      dependsOn: [address.resource, certificate, props.logGroup],
    });
    const alarms = new NodeAlarms(this, "alarms", {
      names,
      node,
      actionArns: settings.alarmActionArns,
      networkGbpsBaseline: turnCapacityOf(settings.instanceType).networkGbpsBaseline,
    });

    this.hostName = node.hostName;
    this.groupName = node.group;
    this.publicIp = address.resource.publicIp;
    this.alarmNames = alarms.names;
  }

  private role(
    { settings, logGroup, metricNamespace }: RelayNodeProps,
    node: NodeNames,
    address: NodeAddress,
    certificate: SecretsmanagerSecret,
  ): NodeRole {
    return new NodeRole(this, "role", {
      ...settings,
      qualifier: node.qualifier,
      hostName: node.hostName,
      groupName: node.group,
      addressArn: address.resource.arn,
      secretArn: settings.secret.arn,
      certificateSecretArn: certificate.arn,
      logGroupArn: logGroup.arn,
      metricNamespace,
    });
  }
}

function userData({ settings, metricNamespace }: RelayNodeProps, node: NodeNames): string {
  const credentialTtlSeconds = settings.credentialTtlMinutes * 60;
  return turnHost({
    region: settings.names.region,
    environment: settings.names.environment,
    hostName: node.hostName,
    realm: settings.domain,
    groupName: node.group,
    launchHook: hookNames.launch,
    terminateHook: hookNames.terminate,
    secretName: settings.secret.name,
    certificateSecretName: node.certificateSecret,
    vpcCidrs: settings.vpcCidrs,
    logGroupName: relayLogName(settings.names),
    metricNamespace,
    capacity: turnCapacityOf(settings.instanceType),
    acmeEmail: settings.acmeEmail,
    ...(settings.acmeDirectory === undefined ? {} : { acmeDirectory: settings.acmeDirectory }),
    credentialTtlSeconds,
    // The last credential of the old secret may be signed at the end of the day.
    secretOverlapSeconds: ROTATION_SECONDS + credentialTtlSeconds,
    drainSeconds: settings.drainMinutes * 60,
    userQuota: settings.userQuota,
    maxBps: settings.maxBps,
  }).userData;
}
