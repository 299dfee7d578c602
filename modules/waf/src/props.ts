import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import type { ClientAddress } from "./client-address.js";
import type { ManagedGroup, ManagedRule } from "./managed-groups.js";
import type { PathPattern } from "./path-pattern.js";
import type { Rule } from "./rule.js";
import type { EvaluationWindow } from "./statement.js";

/** What the web ACL stands in front of. **A change replaces it.** */
export type WebAclScope =
  | {
      /** One or more CloudFront distributions: give them `arn` as `web_acl_id`. */
      readonly kind: "cloudfront";
      /** The provider in us-east-1, the only home of such ACLs, their logs and their metrics. */
      readonly provider: AwsProvider;
      /**
       * KiB of a body that the rules see; what lies beyond passes unseen. Above 16, AWS bills 0.30 US dollars a
       * million requests for every 16 KiB more that it really inspects.
       * @default 64
       */
      readonly bodyInspectionKiB?: BodyInspectionKiB | undefined;
    }
  | {
      /** One load balancer; here the rules see 8 KiB of a body, and nothing changes that. */
      readonly kind: "regional";
      readonly loadBalancerArn: string;
      /**
       * Whose address limits, countries and address lists mean. AWS's own address list always means the connection.
       * @default { from: "connection" }
       */
      readonly clientAddress?: ClientAddress | undefined;
    };

export const bodyInspectionKiBs = [16, 32, 48, 64] as const;
export type BodyInspectionKiB = (typeof bodyInspectionKiBs)[number];

/** Whether matches are blocked, or only counted and logged. Counting costs a reason, which becomes a tag. */
export type Mode = { readonly action: "block" } | { readonly action: "count"; readonly reason: string };

/** One of AWS's groups. */
export type GroupProps = Mode & {
  /**
   * Such as `Version_1.10`. A named version gets no new signatures, and when AWS ends it AWS takes the default one.
   * @default - AWS's default version: new signatures come by themselves, days after AWS announced them
   */
  readonly version?: string | undefined;
};

/** A rule of AWS that does not block on some paths. Everywhere else it still does. */
export interface ManagedRuleException {
  /** One that blocks, of `blockingRules`. */
  readonly rule: ManagedRule;
  readonly paths: readonly PathPattern[];
  /** Becomes the tag `Except-<rule>`. */
  readonly reason: string;
}

export interface RateLimit {
  /** Of one address within the window, 10 to 2,000,000,000. Everybody behind one office's router shares it. */
  readonly requests: number;
  /** @default 300 */
  readonly windowSeconds?: EvaluationWindow | undefined;
}

export interface RateLimits {
  /** All requests but those below `webSocketPaths`. @default { requests: 2000 } */
  readonly everything?: RateLimit | undefined;
  /** `POST` to `loginPaths`; far below what guessing a password needs. @default { requests: 100 } */
  readonly login?: RateLimit | undefined;
  /** Handshakes; counted apart, so that a busy page never costs a call its signalling. @default { requests: 2000 } */
  readonly webSockets?: RateLimit | undefined;
}

/** Where requests may come from. */
export type Countries =
  | { readonly kind: "all" }
  | {
      readonly kind: "only" | "except";
      /** ISO 3166, two capital letters. */
      readonly countries: readonly string[];
      /** Paths open to every country: health checks and webhooks come from abroad. @default ["/health"] */
      readonly openPaths?: readonly PathPattern[] | undefined;
    };

export interface TooManyRequests {
  readonly contentType: "TEXT_PLAIN" | "TEXT_HTML" | "APPLICATION_JSON";
  /** At most 4096 bytes. */
  readonly content: string;
}

export interface LogProps {
  /**
   * Key in the ACL's own region; its policy must let `logs.<region>.amazonaws.com` use it.
   * @default - encrypted with a key of AWS's
   */
  readonly kmsKeyArn?: string | undefined;
  /** Days that requests are kept: a period CloudWatch Logs knows. Shorter deletes. @default 365 */
  readonly retentionDays?: number | undefined;
  /**
   * `matched` leaves out requests that no rule matched, which are nearly all: 1 to 2 KB each at 0.50 US dollars a GB.
   * @default "all"
   */
  readonly requests?: "all" | "matched" | undefined;
  /**
   * Query strings carry names, addresses and signatures. `shown` hides only the arguments known to hold secrets, which
   * helps to see what a rule took offence at.
   * @default "hidden"
   */
  readonly queryStrings?: "hidden" | "shown" | undefined;
  /** Headers whose value is in no log and no sample, besides `authorization`, `cookie` and tokens. @default - none */
  readonly hiddenHeaders?: readonly string[] | undefined;
}

/** Capacity that the rules may use. More than 1500 costs more for every request, hence the reason. */
export type CapacityLimit = { readonly limit: 1500 } | { readonly limit: 5000; readonly reason: string };

export interface WebAclProps {
  /** What every name starts and ends with. **A change replaces the ACL and its log group.** */
  readonly names: NameScope;
  /** Only its log delivery may write the log. */
  readonly accountId: string;
  readonly scope: WebAclScope;
  /** With `count`, no rule blocks, yours neither. @default { action: "block" } */
  readonly mode?: Mode | undefined;
  /** @default - all five block, in AWS's default version */
  readonly groups?: { readonly [Group in ManagedGroup]?: GroupProps | undefined } | undefined;
  /**
   * Where the application takes files and long texts. `SizeRestrictions_BODY` (bodies over 8 KiB) and
   * `CrossSiteScripting_BODY` do not block there; everywhere else they do.
   * @default - nowhere: no body over 8 KiB passes
   */
  readonly uploadPaths?: readonly PathPattern[] | undefined;
  /** @default - none */
  readonly exceptions?: readonly ManagedRuleException[] | undefined;
  readonly rateLimits?: RateLimits | undefined;
  /** @default - what Laravel's starter kits and Fortify use */
  readonly loginPaths?: readonly PathPattern[] | undefined;
  /** @default - Reverb's: `/app/*` and `/apps/*` */
  readonly webSocketPaths?: readonly PathPattern[] | undefined;
  /** Body of the answer 429. @default - a Portuguese sentence, plain text */
  readonly tooManyRequests?: TooManyRequests | undefined;
  /** @default { kind: "all" } */
  readonly countries?: Countries | undefined;
  /** Countries whose users have to get in; `countries` may not shut them out. @default ["BR"] */
  readonly homeCountries?: readonly string[] | undefined;
  /** Networks that no rule sees, such as a penetration tester's. The reason becomes a tag. @default - none */
  readonly allowedNetworks?: { readonly cidrs: readonly string[]; readonly reason: string } | undefined;
  /** Networks that get nothing. @default - none */
  readonly blockedNetworks?: readonly string[] | undefined;
  /** Rules of your own, asked after all others, in this order. @default - none */
  readonly rules?: readonly Rule[] | undefined;
  /** @default { limit: 1500 } */
  readonly capacity?: CapacityLimit | undefined;
  readonly logs?: LogProps | undefined;
}
