/**
 * By it the load balancer knows CloudFront. nginx passes it on to nobody: PHP would show it to whatever writes down requests,
 * and whoever has it can come past the firewall.
 */
export const ORIGIN_HEADER = "X-Origin-Verify";
