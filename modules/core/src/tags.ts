import type { EnvironmentName } from "./names.js";

/** Sensitivity of what a resource holds, as the strategy document classes it. */
export type DataClassification = "sensitive" | "confidential" | "public";

/** Architectural tier a resource belongs to. */
export type Tier = "frontend" | "backend" | "database";

export interface MandatoryTagsProps {
  /** Team or address that answers for the resource. */
  readonly owner: string;
  readonly environment: EnvironmentName;
  /** Where the bill goes. */
  readonly costCenter: string;
  readonly project: string;
  /**
   * Whether AWS Backup plans select the resource.
   * @default false - stateful modules turn it on for what they hold
   */
  readonly backup?: boolean;
}

/** The six tags every taggable resource carries; the provider sets them as default tags. */
export function mandatoryTags(props: MandatoryTagsProps): Record<string, string> {
  return {
    Owner: props.owner,
    Environment: props.environment,
    CostCenter: props.costCenter,
    Project: props.project,
    ManagedBy: "infrastructure-as-code",
    Backup: String(props.backup ?? false),
  };
}

export interface OptionalTags {
  readonly tier?: Tier;
  readonly dataClassification?: DataClassification;
  /** Version of what runs on the resource. */
  readonly version?: string;
}

/** Tags with a meaning for one resource: its `Name`, and the optional ones given. */
export function resourceTags(name: string, optional: OptionalTags = {}): Record<string, string> {
  return {
    Name: name,
    ...(optional.tier === undefined ? {} : { Tier: optional.tier }),
    ...(optional.dataClassification === undefined ? {} : { DataClassification: optional.dataClassification }),
    ...(optional.version === undefined ? {} : { Version: optional.version }),
  };
}
