import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import type { ClientAddress } from "./client-address.js";
import { type ManagedGroup, managedGroupOrder } from "./managed-groups.js";
import type { PathPattern } from "./path-pattern.js";
import type {
  BodyInspectionKiB,
  CapacityLimit,
  GroupProps,
  ManagedRuleException,
  Mode,
  RateLimit,
  TooManyRequests,
  WebAclProps,
  WebAclScope,
} from "./props.js";
import type { Rule } from "./rule.js";
import type { EvaluationWindow } from "./statement.js";

/** Home of everything that belongs to CloudFront. */
export const CLOUDFRONT_REGION = "us-east-1";

export interface CountrySettings {
  readonly kind: "only" | "except";
  readonly countries: readonly string[];
  readonly openPaths: readonly PathPattern[];
}

export interface LimitSettings {
  readonly requests: number;
  readonly windowSeconds: EvaluationWindow;
}

type ScopeSettings =
  | {
      readonly kind: "cloudfront";
      readonly provider: AwsProvider;
      readonly bodyInspectionKiB: BodyInspectionKiB;
    }
  | { readonly kind: "regional"; readonly loadBalancerArn: string };

/** The props with every default in its place. */
export interface WebAclSettings {
  /** With the region in which the ACL is. */
  readonly names: NameScope;
  readonly accountId: string;
  readonly scope: ScopeSettings;
  readonly clientAddress: ClientAddress;
  readonly mode: Mode;
  readonly groups: Readonly<Record<ManagedGroup, GroupProps>>;
  readonly uploadPaths: readonly PathPattern[];
  readonly exceptions: readonly ManagedRuleException[];
  readonly rateLimits: Readonly<Record<"everything" | "login" | "webSockets", LimitSettings>>;
  readonly loginPaths: readonly PathPattern[];
  readonly webSocketPaths: readonly PathPattern[];
  readonly tooManyRequests: TooManyRequests;
  readonly countries: CountrySettings | undefined;
  readonly homeCountries: readonly string[];
  readonly allowedNetworks: { readonly cidrs: readonly string[]; readonly reason: string } | undefined;
  readonly blockedNetworks: readonly string[];
  readonly rules: readonly Rule[];
  readonly capacity: CapacityLimit;
  readonly logs: LogSettings;
}

export interface LogSettings {
  readonly kmsKeyArn: string | undefined;
  readonly retentionDays: number;
  readonly requests: "all" | "matched";
  readonly queryStrings: "hidden" | "shown";
  readonly hiddenHeaders: readonly string[];
}

const loginPaths: readonly PathPattern[] = [
  "/login",
  "/register",
  "/forgot-password",
  "/reset-password",
  "/two-factor-challenge",
  "/confirm-password",
  "/user/confirm-password",
  "/api/login",
  "/api/register",
];

export function resolveSettings(props: WebAclProps): WebAclSettings {
  return {
    names: namesAt(props),
    accountId: props.accountId,
    scope: resolveScope(props.scope),
    clientAddress: clientAddress(props.scope),
    mode: props.mode ?? { action: "block" },
    groups: resolveGroups(props),
    uploadPaths: props.uploadPaths ?? [],
    exceptions: props.exceptions ?? [],
    rateLimits: {
      everything: resolveLimit(props.rateLimits?.everything, 2000),
      login: resolveLimit(props.rateLimits?.login, 100),
      webSockets: resolveLimit(props.rateLimits?.webSockets, 2000),
    },
    loginPaths: props.loginPaths ?? loginPaths,
    webSocketPaths: props.webSocketPaths ?? ["/app/*", "/apps/*"],
    tooManyRequests: props.tooManyRequests ?? {
      contentType: "TEXT_PLAIN",
      content: "Muitas requisições em pouco tempo. Aguarde alguns minutos e tente de novo.\n",
    },
    countries: resolveCountries(props),
    homeCountries: props.homeCountries ?? ["BR"],
    allowedNetworks: props.allowedNetworks,
    blockedNetworks: props.blockedNetworks ?? [],
    rules: props.rules ?? [],
    capacity: props.capacity ?? { limit: 1500 },
    logs: {
      kmsKeyArn: props.logs?.kmsKeyArn,
      retentionDays: props.logs?.retentionDays ?? 365,
      requests: props.logs?.requests ?? "all",
      queryStrings: props.logs?.queryStrings ?? "hidden",
      hiddenHeaders: props.logs?.hiddenHeaders ?? [],
    },
  };
}

function namesAt({ names, scope }: WebAclProps): NameScope {
  if (scope.kind === "regional") return names;
  return { project: names.project, environment: names.environment, region: CLOUDFRONT_REGION };
}

function resolveScope(scope: WebAclScope): ScopeSettings {
  if (scope.kind === "regional") return { kind: "regional", loadBalancerArn: scope.loadBalancerArn };
  return {
    kind: "cloudfront",
    provider: scope.provider,
    bodyInspectionKiB: scope.bodyInspectionKiB ?? 64,
  };
}

/** In front of CloudFront the connection is the client's own. */
function clientAddress(scope: WebAclScope): ClientAddress {
  return (scope.kind === "regional" ? scope.clientAddress : undefined) ?? { from: "connection" };
}

function resolveGroups({ groups }: WebAclProps): Readonly<Record<ManagedGroup, GroupProps>> {
  return Object.fromEntries(
    managedGroupOrder.map((group) => [group, groups?.[group] ?? { action: "block" }]),
  ) as Record<ManagedGroup, GroupProps>;
}

function resolveLimit(limit: RateLimit | undefined, requests: number): LimitSettings {
  return { requests: limit?.requests ?? requests, windowSeconds: limit?.windowSeconds ?? 300 };
}

function resolveCountries({ countries }: WebAclProps): CountrySettings | undefined {
  if (countries === undefined || countries.kind === "all") return undefined;
  return {
    kind: countries.kind,
    countries: countries.countries,
    openPaths: countries.openPaths ?? ["/health"],
  };
}
