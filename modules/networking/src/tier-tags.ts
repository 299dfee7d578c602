import { resourceTags, type Tier } from "@telemedicina/core";
import type { SubnetTier } from "./subnet-plan.js";

/** The `Tier` tag knows three values; `SubnetTier` carries what a subnet really is. */
const architecturalTier: Readonly<Record<SubnetTier, Tier>> = {
  public: "frontend",
  app: "backend",
  data: "database",
  turn: "frontend",
};

/** Tags of what belongs to one tier of subnets. */
export function tierTags(name: string, tier: SubnetTier): Record<string, string> {
  return { ...resourceTags(name, { tier: architecturalTier[tier] }), SubnetTier: tier };
}
