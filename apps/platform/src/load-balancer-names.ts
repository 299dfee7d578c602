/** The load balancer's own name: CloudFront finds a public one by it, and asks every one by it for its certificate. */
export function originName(domain: string): string {
  return `origin.${domain}`;
}
