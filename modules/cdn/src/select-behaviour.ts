import { comparedPath, matches } from "./path-pattern.js";

/** What is read of an `aws_cloudfront_distribution` as it stands in the synthesized JSON. */
export interface DistributionJson {
  readonly ordered_cache_behavior?: readonly BehaviourJson[];
  readonly default_cache_behavior: BehaviourJson;
}

export interface BehaviourJson {
  readonly path_pattern?: string;
  readonly target_origin_id: string;
  readonly cache_policy_id?: string;
  readonly origin_request_policy_id?: string;
  readonly response_headers_policy_id?: string;
  readonly allowed_methods: readonly string[];
  readonly trusted_key_groups?: readonly string[];
  readonly function_association?: readonly { readonly event_type: string; readonly function_arn: string }[];
  readonly viewer_protocol_policy: string;
  readonly compress?: boolean;
}

/**
 * The behaviour that CloudFront applies to a URL or path: the first in the JSON's order whose pattern takes it, else
 * the default one.
 */
export function selectBehaviour(distribution: DistributionJson, url: string): BehaviourJson {
  const path = comparedPath(url);
  const ordered = distribution.ordered_cache_behavior ?? [];
  return (
    ordered.find(({ path_pattern: pattern }) => pattern !== undefined && matches(pattern, path)) ??
    distribution.default_cache_behavior
  );
}
