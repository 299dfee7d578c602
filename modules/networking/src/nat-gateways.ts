import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzLetter, ByAz, Zone } from "./availability-zones.js";
import { tierTags } from "./tier-tags.js";

/**
 * How application subnets reach the internet:
 * - `none`: not at all. Gateway and interface endpoints are all there is.
 * - `single`: one gateway in zone a. Cheaper; when zone a fails nobody gets out, and traffic from
 *   the other zones pays for crossing over.
 * - `perAz`: one for each zone.
 */
export type NatMode = "none" | "single" | "perAz";

export const natModes: readonly NatMode[] = ["none", "single", "perAz"];

export interface NatGatewaysProps {
  readonly names: NameScope;
  readonly mode: NatMode;
  readonly zones: readonly Zone[];
  readonly publicSubnetIds: ByAz<string>;
  /** Elastic IPs that somebody else keeps. */
  readonly allocationIds: ByAz<string>;
  readonly internetGateway: ITerraformDependable;
}

/** NAT gateways in the public subnets, each with one fixed address. */
export class NatGateways extends Construct {
  readonly publicIps: ByAz<string>;
  private readonly gatewayIds: ByAz<string>;
  private readonly mode: NatMode;

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    this.mode = props.mode;
    const gateways = natZones(props.mode, props.zones).map((zone) => ({
      zone,
      gateway: this.gateway(props, zone),
    }));
    this.gatewayIds = Object.fromEntries(gateways.map(({ zone, gateway }) => [zone.letter, gateway.id]));
    this.publicIps = Object.fromEntries(gateways.map(({ zone, gateway }) => [zone.letter, gateway.publicIp]));
  }

  /** The gateway that serves the application subnet of a zone; undefined without NAT. */
  gatewayFor(letter: AzLetter): string | undefined {
    return this.gatewayIds[this.mode === "single" ? "a" : letter];
  }

  private gateway(props: NatGatewaysProps, zone: Zone): NatGateway {
    const subnetId = props.publicSubnetIds[zone.letter];
    if (subnetId === undefined)
      throw new Error(`No public subnet in zone ${zone.letter} for its NAT gateway`);
    return new NatGateway(this, `gateway-${zone.id}`, {
      subnetId,
      allocationId: props.allocationIds[zone.letter] ?? this.address(props.names, zone).allocationId,
      connectivityType: "public",
      // Terraform sees no reference, yet without the gateway the address leads nowhere.
      dependsOn: [props.internetGateway],
      tags: tierTags(resourceName(props.names, "nat", zone.id), "public"),
    });
  }

  private address(names: NameScope, zone: Zone): Eip {
    return new Eip(this, `address-${zone.id}`, {
      domain: "vpc",
      tags: tierTags(resourceName(names, "eip", `nat-${zone.id}`), "public"),
    });
  }
}

/** The zones that get a NAT gateway of their own. */
export function natZones(mode: NatMode, zones: readonly Zone[]): readonly Zone[] {
  switch (mode) {
    case "none":
      return [];
    case "single":
      return zones.filter((zone) => zone.letter === "a");
    case "perAz":
      return zones;
  }
}
