/**
 * Whose address counts. `header` is for a load balancer behind CloudFront, where the connection is CloudFront's: a
 * header that CloudFront itself writes and overwrites. WAF takes the first address in it, so `X-Forwarded-For`, whose
 * first address is what the client wrote, is refused.
 */
export type ClientAddress =
  | { readonly from: "connection" }
  | {
      readonly from: "header";
      readonly name: string;
      /** What a request is whose header holds no address. Without the header the rule does not apply at all. */
      readonly invalid: "MATCH" | "NO_MATCH";
    };
