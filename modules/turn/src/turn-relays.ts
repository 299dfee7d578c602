import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";

import { type IceServerContract, iceServers } from "./ice-servers.js";
import type { TurnRelaysProps } from "./props.js";
import { RelayAlarms } from "./relay-alarms.js";
import { RelayLog, relayLogName } from "./relay-log.js";
import { RelayNode } from "./relay-node.js";
import { resolveTurn, type TurnSettings, turnFaults } from "./settings.js";

/** Namespace of what the relays and their log tell. */
export const TURN_METRIC_NAMESPACE = "Telemedicina/TURN";

/**
 * STUN and TURN for video calls: in each zone one self-healing node with a fixed address, its name and certificate. A
 * new node takes over when the old one's calls have ended.
 *
 * @throws one error with every fault of the props
 */
export class TurnRelays extends Construct {
  /** `turn-<zone>.<domain>` by zone letter, literals. */
  readonly hostNames: Readonly<Record<string, string>>;
  /** The fixed addresses by zone letter, for clients' firewalls. */
  readonly publicIps: Readonly<Record<string, string>>;
  /** What the application has to tell browsers, but for the secret. All literals. */
  readonly iceServers: IceServerContract;
  /** Auto Scaling groups by zone letter, literals. */
  readonly groupNames: Readonly<Record<string, string>>;
  /** Replaces a zone's node: it drains, and a new one comes. One zone after the other. Literals by zone letter. */
  readonly refreshCommands: Readonly<Record<string, string>>;
  /** Literals. */
  readonly alarmNames: readonly string[];
  /** A literal. */
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, props: TurnRelaysProps) {
    super(scope, id);
    const settings = resolveTurn(props);
    const faults = turnFaults(settings);
    if (faults.length > 0) throw faultsError(this.node.path, faults);
    const metricNamespace = TURN_METRIC_NAMESPACE;

    const log = new RelayLog(this, "log", { ...settings.logs, names: settings.names, metricNamespace });
    const nodes = this.nodes(settings, log);
    const alarms = new RelayAlarms(this, "alarms", {
      names: settings.names,
      actionArns: settings.alarmActionArns,
      metricNamespace,
    });

    this.hostNames = byZone(nodes, ({ hostName }) => hostName);
    this.publicIps = byZone(nodes, ({ publicIp }) => publicIp);
    this.iceServers = iceServers({
      hostNames: this.hostNames,
      ttlSeconds: settings.credentialTtlMinutes * 60,
    });
    this.groupNames = byZone(nodes, ({ groupName }) => groupName);
    this.refreshCommands = byZone(nodes, ({ groupName }) => refreshCommand(groupName, settings));
    this.alarmNames = [...alarms.names, ...Object.values(nodes).flatMap(({ alarmNames }) => alarmNames)];
    this.logGroupName = relayLogName(settings.names);
    this.logGroupArn = log.resource.arn;
  }

  private nodes(settings: TurnSettings, log: RelayLog): Readonly<Record<string, RelayNode>> {
    return Object.fromEntries(
      settings.zones.map((zone) => [
        zone,
        new RelayNode(this, `node-${zone}`, {
          settings,
          zone,
          subnetId: settings.subnetIds[zone] ?? "",
          logGroup: log.resource,
          metricNamespace: TURN_METRIC_NAMESPACE,
        }),
      ]),
    );
  }
}

function byZone<T>(
  nodes: Readonly<Record<string, RelayNode>>,
  value: (node: RelayNode) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(nodes).map(([zone, node]) => [zone, value(node)]));
}

/** The percentages are the group's own policy. */
function refreshCommand(groupName: string, { names }: TurnSettings): string {
  return `aws autoscaling start-instance-refresh --region ${names.region} --auto-scaling-group-name ${groupName}`;
}
