import type { EnvironmentConfig } from "@telemedicina/config";
import type { WebAclProps } from "@telemedicina/waf";

type Firewall = Omit<WebAclProps, "names" | "accountId" | "scope">;

/** What `waf` of the environment file says, as the web ACL takes it. `undefined`: the file turns the firewall off. */
export function firewall({ waf }: EnvironmentConfig, logsKmsKeyArn: string): Firewall | undefined {
  const { mode, groups, uploadPaths, exceptions, rateLimits, countries, blockedNetworks, logs } = waf;
  if (mode.action === "off") return undefined;
  return {
    mode,
    groups,
    uploadPaths,
    exceptions,
    rateLimits,
    countries,
    blockedNetworks,
    logs: { ...logs, kmsKeyArn: logsKmsKeyArn },
    ...(waf.loginPaths === undefined ? {} : { loginPaths: waf.loginPaths }),
    ...(waf.allowedNetworks === undefined ? {} : { allowedNetworks: waf.allowedNetworks }),
    ...(waf.moreCapacity === undefined ? {} : { capacity: { limit: 5000, ...waf.moreCapacity } }),
    // Paths and names of rules are plain text in the file: its schema and the module's guards check what the types would.
  } as Firewall;
}
