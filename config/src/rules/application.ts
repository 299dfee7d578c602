import type { Rule } from "./rule.js";

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
  *check({ turn }) {
    for (const [index, letter] of turn.zones.entries()) {
      if (turn.zones.indexOf(letter) === index) continue;
      yield {
        path: `turn.zones[${index}]`,
        message: "the zone stands twice in the list",
        allowed: "each letter once",
        fix: "Remove one of the two; a zone has one relay.",
      };
    }
  },
};

export const turnSecretRotation: Rule = {
  id: "turn-secret-rotation",
  paths: ["turn.secretRotationDays", "turn.credentialTtlMinutes"],
  *check({ turn }) {
    const least = Math.ceil(turn.credentialTtlMinutes / (24 * 60));
    if (turn.secretRotationDays >= least) return;
    yield {
      path: "turn.secretRotationDays",
      message: "the secret would rotate away under credentials that are still valid",
      allowed: `${least} or more with turn.credentialTtlMinutes at ${turn.credentialTtlMinutes}`,
      fix: "Rotate less often, or let credentials live shorter.",
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
