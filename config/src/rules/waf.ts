import { Address4, Address6 } from "ip-address";
import type { EnvironmentConfig } from "../schema/environment.js";
import type { Rule, RuleFault } from "./rule.js";
import { twiceFaults } from "./twice.js";

type Limit = EnvironmentConfig["waf"]["rateLimits"]["login"];

const HOME = "BR";

export const wafCountries: Rule = {
  id: "waf-countries",
  paths: ["waf.countries"],
  *check({ waf: { countries } }) {
    if (countries.kind === "all") return;
    const index = countries.countries.indexOf(HOME);
    if (countries.kind === "only" && index < 0) {
      yield {
        path: "waf.countries.countries",
        message: "shuts out Brazil, where patients and physicians are",
        allowed: "a list that contains BR",
        fix: "Add BR.",
      };
    }
    if (countries.kind === "except" && index >= 0) {
      yield {
        path: `waf.countries.countries[${index}]`,
        message: "shuts out Brazil, where patients and physicians are",
        allowed: "any country but BR",
        fix: "Remove it.",
      };
    }
  },
};

export const wafLoginLimit: Rule = {
  id: "waf-login-limit",
  paths: ["waf.rateLimits"],
  *check({ waf: { rateLimits } }) {
    const { login, everything } = rateLimits;
    if (inFiveMinutes(login) < inFiveMinutes(everything)) return;
    yield {
      path: "waf.rateLimits.login.requests",
      message: `never reached: a login counts for rateLimits.everything too, whose ${everything.requests} in ${everything.windowSeconds} seconds come first`,
      allowed: `below ${inFiveMinutes(everything) * (login.windowSeconds / 300)} in ${login.windowSeconds} seconds`,
      fix: "Lower it, or raise waf.rateLimits.everything.",
    };
  },
};

/**
 * What 20 people behind one router need within 5 minutes: a page of 50 files each; a password, a code and now and then
 * a mistake; five attempts to connect anew after a deployment.
 */
const office = { everything: 1000, login: 50, webSockets: 100 } as const;

export const wafOffice: Rule = {
  id: "waf-office",
  paths: ["waf.rateLimits"],
  *check({ waf: { rateLimits } }) {
    for (const name of ["everything", "login", "webSockets"] as const) {
      const limit = rateLimits[name];
      if (inFiveMinutes(limit) >= office[name]) continue;
      yield {
        path: `waf.rateLimits.${name}.requests`,
        message: "would lock out a clinic: its 20 people share one address",
        allowed: `${Math.ceil((office[name] * limit.windowSeconds) / 300)} or more in ${limit.windowSeconds} seconds`,
        fix: "Raise it. What guesses at one account's password is Laravel's own limit to stop.",
      };
    }
  },
};

export const wafExceptionsDistinct: Rule = {
  id: "waf-exceptions-distinct",
  paths: ["waf.exceptions"],
  *check({ waf: { exceptions } }) {
    const names = exceptions.map(({ rule }) => rule);
    const fix = "Join the two: one list of paths, one reason.";
    yield* twiceFaults(names, (index) => `waf.exceptions[${index}].rule`, "rule", fix);
  },
};

export const wafNetworks: Rule = {
  id: "waf-networks",
  // One of the keys is optional, so the section has to be sound.
  paths: ["waf"],
  *check({ waf: { allowedNetworks, blockedNetworks } }) {
    yield* networkFaults("waf.allowedNetworks.cidrs", allowedNetworks?.cidrs ?? [], { ipv4: 16, ipv6: 32 });
    yield* networkFaults("waf.blockedNetworks", blockedNetworks, { ipv4: 1, ipv6: 1 });
  },
};

export const productionWaf: Rule = {
  id: "production-waf",
  paths: ["name", "waf.mode"],
  *check({ name, waf }) {
    if (name !== "production" || waf.mode.action !== "off") return;
    yield {
      path: "waf.mode.action",
      message: "nothing would stand between production and whoever guesses passwords or probes it",
      allowed: "block, or count with a reason, in production",
      fix: "Write { action: block }. To find out what it would block, count: { action: count, reason: … }.",
    };
  },
};

export const productionWafLogs: Rule = {
  id: "production-waf-logs",
  paths: ["name", "waf.logs.retentionDays", "waf.logs.requests"],
  *check({ name, waf }) {
    if (name !== "production") return;
    if (waf.logs.requests !== "all") {
      yield {
        path: "waf.logs.requests",
        message: "nothing would keep who accessed the service for the six months of the Marco Civil, art. 15",
        allowed: "all in production",
        fix: "Write all.",
      };
    }
    if (waf.logs.retentionDays >= 365) return;
    yield {
      path: "waf.logs.retentionDays",
      message: "production's WAF logs have to be kept longer",
      allowed: "365 or more in production",
      fix: "Write 365, the strategy's figure.",
    };
  },
};

function inFiveMinutes({ requests, windowSeconds }: Limit): number {
  return (requests * 300) / windowSeconds;
}

function* networkFaults(
  list: string,
  cidrs: readonly string[],
  widest: { readonly ipv4: number; readonly ipv6: number },
): Iterable<RuleFault> {
  for (const [index, cidr] of cidrs.entries()) {
    const path = `${list}[${index}]`;
    const block = parsed(cidr);
    const most = cidr.includes(":") ? widest.ipv6 : widest.ipv4;
    if (block === undefined) {
      yield {
        path,
        message: "no network",
        allowed: "an IPv4 or IPv6 network such as 203.0.113.0/24 or 2001:db8::/48",
        fix: "Write the address, a slash and the prefix length; /32 or /128 for a single one.",
      };
    } else if (block.subnetMask < most) {
      yield {
        path,
        message: "too large a part of the internet",
        allowed: `a prefix of /${most} or longer`,
        fix: "Write the network's own block.",
      };
    } else if (block.startAddress().correctForm() !== block.correctForm()) {
      yield {
        path,
        message: "the address has bits set beyond its prefix length",
        allowed: `${block.startAddress().correctForm()}/${block.subnetMask}`,
        fix: "Write that, or correct the prefix length.",
      };
    }
  }
}

function parsed(cidr: string): Address4 | Address6 | undefined {
  try {
    return cidr.includes(":") ? new Address6(cidr) : new Address4(cidr);
  } catch {
    return undefined;
  }
}
