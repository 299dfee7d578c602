import { Wafv2IpSet } from "@cdktf/provider-aws/lib/wafv2-ip-set/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type Family, families, familyOf } from "./network.js";

export interface NetworkSetsProps {
  readonly names: NameScope;
  /** As WAF's API has it. */
  readonly scope: "CLOUDFRONT" | "REGIONAL";
  readonly provider: TerraformProvider | undefined;
  readonly description: string;
  readonly cidrs: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The networks of one list, in a set for each family that occurs. */
export class NetworkSets extends Construct {
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkSetsProps) {
    super(scope, id);
    this.arns = families.flatMap((family) => this.set(id, family, props));
  }

  private set(list: string, family: Family, props: NetworkSetsProps): string[] {
    const addresses = props.cidrs.filter((cidr) => familyOf(cidr) === family);
    if (addresses.length === 0) return [];
    const name = resourceName(props.names, "waf", `${props.scope.toLowerCase()}-${list}-${family}`);
    const set = new Wafv2IpSet(this, family, {
      ...(props.provider === undefined ? {} : { provider: props.provider }),
      name,
      description: props.description,
      scope: props.scope,
      ipAddressVersion: family === "ipv4" ? "IPV4" : "IPV6",
      addresses,
      tags: { ...resourceTags(name, { tier: "frontend" }), ...props.tags },
      // AWS deletes no set that a rule refers to.
      lifecycle: { createBeforeDestroy: true },
    });
    return [set.arn];
  }
}
