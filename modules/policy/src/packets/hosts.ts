/** One end of a question. Made by `internet`, `prefixList`, `host` or `amazonService`. */
export type Host = InternetHost | PrefixListHost | VpcHost | AmazonServiceHost;

export interface InternetHost {
  readonly kind: "internet";
  readonly addresses: string | undefined;
}

export interface PrefixListHost {
  readonly kind: "prefix-list";
  readonly list: string;
}

export interface AmazonServiceHost {
  readonly kind: "amazon-service";
  readonly service: AmazonService;
}

/** `dns`: the VPC's resolver. `imds`: instance metadata. `time`: Amazon Time Sync. */
export type AmazonService = "dns" | "imds" | "time";

export interface VpcHost extends HostProps {
  readonly kind: "vpc";
}

/** Selects subnets: an address (`aws_subnet.app_a`), a construct path, or tags that they must all have. */
export type SubnetSelector = string | { readonly tags: Readonly<Record<string, string>> };

/** A network interface in a VPC: an instance, a load balancer node, a database, an interface endpoint. */
export interface HostProps {
  /** Where it stands; exactly one subnet. */
  readonly subnet: SubnetSelector;
  /**
   * The groups of the interface, by address or construct path.
   * @default the default group of the VPC, which is what AWS gives an interface without groups
   */
  readonly securityGroups?: readonly string[];
  /**
   * Whether it has a public IPv4 address, or which one. An address that is not given may be any one, so that
   * rules which allow only some public addresses prove nothing about it.
   * @default the subnet's map_public_ip_on_launch
   */
  readonly publicIp?: boolean | string;
  /** Its private address. @default every address of the subnet that AWS lets a host have */
  readonly ip?: string;
  /** What to call it in reasons. @default its subnet and groups */
  readonly name?: string;
}

/**
 * Hosts on the internet.
 * @param addresses an IPv4 address or CIDR; without it, every public address, and an answer must hold for all
 */
export function internet(addresses?: string): InternetHost {
  return { kind: "internet", addresses };
}

/**
 * The hosts of a prefix list: CloudFront's edge, or S3 as a gateway endpoint reaches it.
 * @param list its name (`com.amazonaws.sa-east-1.s3`), its id, or the address of the block that names it
 */
export function prefixList(list: string): PrefixListHost {
  return { kind: "prefix-list", list };
}

export function host(props: HostProps): VpcHost {
  return { ...props, kind: "vpc" };
}

/** What AWS serves inside every VPC, past security groups and NACLs. */
export function amazonService(service: AmazonService): AmazonServiceHost {
  return { kind: "amazon-service", service };
}
