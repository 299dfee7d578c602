import type { Rule } from "./rule.js";
import { twiceFaults } from "./twice.js";

export const turnZonesKnown: Rule = {
  id: "turn-zones-known",
  paths: ["turn.zones", "network.availabilityZones"],
  *check({ turn, network }) {
    const known = Object.keys(network.availabilityZones);
    for (const [index, letter] of turn.zones.entries()) {
      if (known.includes(letter)) continue;
      yield {
        path: `turn.zones[${index}]`,
        message: `network.availabilityZones has no zone ${letter}`,
        allowed: known.join(", "),
        fix: "Take another letter, or add the zone to network.availabilityZones.",
      };
    }
  },
};

export const turnZonesDistinct: Rule = {
  id: "turn-zones-distinct",
  paths: ["turn.zones"],
  *check({ turn: { zones } }) {
    const fix = "Remove one of the two; a zone has one relay.";
    yield* twiceFaults(zones, (index) => `turn.zones[${index}]`, "zone", fix);
  },
};

export const turnCredentialLife: Rule = {
  id: "turn-credential-life",
  paths: ["turn.credentialTtlMinutes", "turn.drainMinutes"],
  *check({ turn: { credentialTtlMinutes, drainMinutes } }) {
    if (credentialTtlMinutes >= drainMinutes) return;
    yield {
      path: "turn.credentialTtlMinutes",
      message:
        "a browser that has to connect anew late in a consultation would be refused: its credentials have expired",
      allowed: `${drainMinutes} or more, as long as the longest consultation (turn.drainMinutes)`,
      fix: "Let credentials live longer, or lower turn.drainMinutes.",
    };
  },
};

export const cdnPriceClass: Rule = {
  id: "cdn-price-class",
  paths: ["region", "cdn.priceClass"],
  *check({ region, cdn }) {
    if (region !== "sa-east-1" || cdn.priceClass === "PriceClass_All") return;
    yield {
      path: "cdn.priceClass",
      message: "leaves out CloudFront's edges in South America, where this environment's users are",
      allowed: "PriceClass_All in sa-east-1",
      fix: "Write PriceClass_All.",
    };
  },
};
