import { stringify } from "yaml";
import type { HostFile } from "./host-file.js";
import { PROGRAMS } from "./paths.js";
import { type HostSettings, hasRole } from "./settings.js";

/** EC2 takes 16 KB after gzip and before base64; what is left over is room for what AWS or a caller adds. */
export const USER_DATA_BUDGET_BYTES = 15_000;

/** Packages of the host's roles. */
export function packagesOf(settings: HostSettings): string[] {
  const { base, web, pgbouncer } = settings.distribution.packages;
  return [
    ...base,
    ...(hasRole(settings, "web") ? web : []),
    ...(settings.pgbouncer === undefined ? [] : pgbouncer),
  ];
}

/** One cloud-init document: packages, then the files over theirs, then `host-setup`. */
export function userDataOf(settings: HostSettings, files: readonly HostFile[]): string {
  const document = {
    ...(settings.pgbouncer === undefined || settings.distribution.repositories.length === 0
      ? {}
      : { bootcmd: settings.distribution.repositories }),
    package_update: true,
    packages: packagesOf(settings),
    write_files: files.map(({ path, content, mode, owner }) => ({
      path,
      // cloud-init's own otherwise.
      ...(mode === "0644" ? {} : { permissions: mode }),
      ...(owner === undefined ? {} : { owner }),
      // After the packages, whose files and users must be there.
      defer: true,
      content,
    })),
    runcmd: [[`${PROGRAMS}/host-setup`]],
  };
  // cloud-init reads YAML 1.1, where more words than in 1.2 are no strings.
  return `#cloud-config\n${stringify(document, { version: "1.1", lineWidth: 0, blockQuote: "literal", indentSeq: false })}`;
}
