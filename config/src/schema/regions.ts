/**
 * The regions an environment may live in, each with the ids of its availability zones.
 *
 * Ids (`use1-az1`) name the same physical zone in every account; names (`us-east-1a`) do not. The list follows
 * AWS's "Regions and Availability Zones" guide ("Availability Zone IDs"). Another region is one line here.
 */
export const zoneIdsByRegion = {
  "us-east-1": ["use1-az1", "use1-az2", "use1-az3", "use1-az4", "use1-az5", "use1-az6"],
  "us-east-2": ["use2-az1", "use2-az2", "use2-az3"],
  "us-west-2": ["usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"],
  "sa-east-1": ["sae1-az1", "sae1-az2", "sae1-az3"],
} as const;

/** Where they stand, ISO 3166: what CloudFront and the firewall take the platform's own hosts and builds for. */
export const countryOfRegion: Readonly<Record<keyof typeof zoneIdsByRegion, string>> = {
  "us-east-1": "US",
  "us-east-2": "US",
  "us-west-2": "US",
  "sa-east-1": "BR",
};

export type Region = keyof typeof zoneIdsByRegion;

export const regions = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "sa-east-1",
] as const satisfies readonly Region[];

/** Zones that exist but lack services that the platform uses, with the reason that the fault prints. */
export const constrainedZones: Readonly<Record<string, string>> = {
  "use1-az3": "AWS does not offer RDS Proxy and other services there",
};
