import type { EnvironmentConfig } from "@telemedicina/config";
import { resourceName } from "@telemedicina/core";
import { TurnRelays } from "@telemedicina/turn";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { EnvironmentStack } from "../environment-stack.js";
import type { NetworkStack } from "./network.js";
import type { SecurityStack } from "./security.js";

interface Needs {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
}

/** coturn, one node in each zone. Nothing here holds data, but clients' firewalls know the addresses. */
export class TurnStack extends EnvironmentStack {
  readonly relays: TurnRelays;

  constructor(scope: Construct, config: EnvironmentConfig, { network, security }: Needs) {
    super(scope, config, "turn");
    const { turn, observability } = config;
    const { subnetIdsByAz, securityGroupIds, cidr } = network.network;
    this.relays = new TurnRelays(this, "relays", {
      names: this.names,
      accountId: config.accountId,
      tags: this.mandatoryTags,
      domain: config.domain,
      zoneId: network.zoneId,
      zones: turn.zones,
      subnetIds: subnetIdsByAz.turn,
      securityGroupIds: [securityGroupIds.turn],
      vpcCidrs: [cidr],
      secret: { name: resourceName(this.names, "secret", "turn"), arn: security.secretArns.turn },
      secretsKmsKeyArn: security.keyArns.application,
      logs: { kmsKeyArn: security.keyArns.logs, retentionDays: observability.infrastructureLogDays },
      acmeEmail: config.owner,
      instanceType: turn.instanceType,
      credentialTtlMinutes: turn.credentialTtlMinutes,
      drainMinutes: turn.drainMinutes,
      userQuota: turn.userQuota,
      deletionProtection: turn.deletionProtection,
      certificateRecoveryDays: config.security.secretRecoveryDays,
    });
    this.output("turn_addresses", this.relays.publicIps);
    this.output("turn_refresh_commands", this.relays.refreshCommands);
  }

  private output(id: string, value: object): void {
    new TerraformOutput(this, id, { value, staticId: true });
  }
}
