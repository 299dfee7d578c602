import type { Rule } from "./rule.js";
import { twiceFaults } from "./twice.js";

export const cdnGeoBrazil: Rule = {
  id: "cdn-geo-brazil",
  paths: ["cdn.geo"],
  *check({ cdn: { geo } }) {
    if (geo.kind === "none") return;
    const isNamed = geo.countries.includes("BR");
    if (geo.kind === "allow" && !isNamed) {
      yield {
        path: "cdn.geo.countries",
        message: "every patient in Brazil would be refused",
        allowed: "countries with BR among them",
        fix: "Add BR.",
      };
    }
    if (geo.kind === "block" && isNamed) {
      yield {
        path: "cdn.geo.countries",
        message: "every patient in Brazil would be refused",
        allowed: "countries without BR",
        fix: "Remove BR.",
      };
    }
  },
};

/** Countries that Route 53's checkers stand in, and how many places each has. */
const checkers: Readonly<Record<string, number>> = { US: 3, IE: 1, SG: 1, AU: 1, JP: 1, BR: 1 };
const FEWEST_CHECKERS = 3;

export const cdnGeoHealthCheck: Rule = {
  id: "cdn-geo-health-check",
  paths: ["cdn.geo", "cdn.healthCheck"],
  *check({ cdn: { geo, healthCheck } }) {
    if (!healthCheck || geo.kind === "none") return;
    const { kind, countries } = geo;
    const open = Object.entries(checkers)
      .filter(([country]) => countries.includes(country) === (kind === "allow"))
      .reduce((sum, [, places]) => sum + places, 0);
    if (open >= FEWEST_CHECKERS) return;
    yield {
      path: "cdn.geo.countries",
      message:
        "lets in too few of the places that Route 53 checks the site from, so that it would look down for ever",
      allowed: "countries that let in three of them: US has three, AU, BR, IE, JP and SG one each",
      fix: "Let US in too, or write cdn.healthCheck: false.",
    };
  },
};

export const dnsFailoverHealthCheck: Rule = {
  id: "dns-failover-health-check",
  // One of the keys is optional, so the section has to be sound.
  paths: ["dns", "cdn.healthCheck"],
  *check({ dns: { failover }, cdn: { healthCheck } }) {
    if (failover === undefined || healthCheck) return;
    yield {
      path: "cdn.healthCheck",
      message: "dns.failover waits for this check, so that the visitors would never be sent there",
      allowed: "true with dns.failover",
      fix: "Write true, or remove dns.failover.",
    };
  },
};

export const dnsFailoverRegion: Rule = {
  id: "dns-failover-region",
  paths: ["dns", "drRegion"],
  *check({ dns: { failover }, drRegion }) {
    if (failover === undefined || failover.dnsName.endsWith(`.${drRegion}.elb.amazonaws.com`)) return;
    yield {
      path: "dns.failover.dnsName",
      message: "not a load balancer of drRegion, so that one loss could take both",
      allowed: `a name that ends in .${drRegion}.elb.amazonaws.com`,
      fix: "Name the load balancer in drRegion.",
    };
  },
};

/** Who issues certificates for names below the domain in every environment, and for whom. */
const issuers = [
  ["amazon.com", "ACM could not renew CloudFront's certificate, and the site would be down when it ends"],
  [
    "letsencrypt.org",
    "the relays could not renew their certificates, and video calls behind strict firewalls would fail when they end",
  ],
] as const;

export const dnsAuthoritiesNeeded: Rule = {
  id: "dns-authorities-needed",
  paths: ["dns.certificateAuthorities"],
  *check({ dns: { certificateAuthorities } }) {
    for (const [issuer, otherwise] of issuers) {
      if (certificateAuthorities.includes(issuer)) continue;
      yield {
        path: "dns.certificateAuthorities",
        message: `without ${issuer} ${otherwise}`,
        allowed: `a list that contains ${issuer}`,
        fix: `Add ${issuer}.`,
      };
    }
  },
};

export const dnsAuthoritiesDistinct: Rule = {
  id: "dns-authorities-distinct",
  paths: ["dns.certificateAuthorities"],
  *check({ dns: { certificateAuthorities } }) {
    yield* twiceFaults(
      certificateAuthorities,
      (index) => `dns.certificateAuthorities[${index}]`,
      "authority",
    );
  },
};

export const cdnCacheOrder: Rule = {
  id: "cdn-cache-order",
  paths: ["cdn.immutableMaxAgeSeconds", "cdn.dynamicMaxAgeSeconds"],
  *check({ cdn: { immutableMaxAgeSeconds, dynamicMaxAgeSeconds } }) {
    if (dynamicMaxAgeSeconds <= immutableMaxAgeSeconds) return;
    yield {
      path: "cdn.dynamicMaxAgeSeconds",
      message: `files that change would be kept longer than files that never do (cdn.immutableMaxAgeSeconds is ${immutableMaxAgeSeconds})`,
      allowed: `at most ${immutableMaxAgeSeconds}`,
      fix: "Swap the two.",
    };
  },
};

export const cdnFileKeysDistinct: Rule = {
  id: "cdn-file-keys-distinct",
  paths: ["cdn.signedFiles.publicKeys"],
  *check({ cdn: { signedFiles } }) {
    const keys = signedFiles.publicKeys.map((pem) => pem.replace(/\s/g, ""));
    yield* twiceFaults(keys, (index) => `cdn.signedFiles.publicKeys[${index}]`, "key");
  },
};

export const cdnHsts: Rule = {
  id: "production-hsts",
  paths: ["name", "cdn.hstsMaxAgeSeconds"],
  *check({ name, cdn }) {
    if (name !== "production" || cdn.hstsMaxAgeSeconds >= 31_536_000) return;
    yield {
      path: "cdn.hstsMaxAgeSeconds",
      message: "browsers would soon take plain HTTP to production again",
      allowed: "31536000, one year, or more in production",
      fix: "Write 31536000, the strategy's figure, or more.",
    };
  },
};
