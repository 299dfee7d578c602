/**
 * Asks the site from outside, as a visitor does, after a deployment: CloudFront, firewall, load balancer and a host answer
 * together or not at all. What the pages themselves need is for the application's own tests.
 */
export function smokeTestBuildspec(domain: string): string {
  const ask = (path: string, most: string) =>
    `curl --fail --silent --show-error --location --output /dev/null --max-time 20 --retry 6 --retry-all-errors --retry-delay 10 ${most}https://${domain}${path}`;
  return `version: 0.2
env:
  shell: bash
phases:
  build:
    commands:
      - "${ask("/health", "")}"
      - "${ask("/", "--max-redirs 5 ")}"
`;
}
