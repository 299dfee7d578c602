import type { BundleSettings } from "./settings.js";
import { lines, WRITTEN } from "./text.js";

/** Seconds of a hook; a job that may take longer than the usual hooks leave gets more. */
const USUAL = 300;
/** What a hook needs beside waiting for jobs. */
const BESIDE = 60;
/** What AfterInstall needs beside migrations: caches come first, the lock is given back after. */
const BESIDE_MIGRATIONS = 120;

/** `appspec.yml`: where the release goes, whose it is, and what runs when. */
export function appspec(settings: BundleSettings): string {
  const { application, jobSeconds, migrationSeconds } = settings;
  const stopping = Math.max(USUAL, jobSeconds + BESIDE);
  return lines(
    `# ${WRITTEN}`,
    "version: 0.0",
    "os: linux",
    "files:",
    "  - source: /",
    `    destination: ${application}`,
    "# What an image or an earlier way of deploying left is no reason to fail: the release's files take its place.",
    "file_exists_behavior: OVERWRITE",
    "# One entry only: the agent refuses a path that two of them take. root's, so that who takes over the application cannot",
    "# change its code. What it may write, storage and bootstrap/cache, after_install.sh gives it, with 775.",
    "permissions:",
    `  - object: ${application}`,
    '    pattern: "**"',
    "    owner: root",
    "    group: root",
    '    mode: "755"',
    "hooks:",
    ...hook("ApplicationStop", "application_stop", stopping),
    ...hook("BeforeInstall", "before_install", stopping),
    ...hook("AfterInstall", "after_install", migrationSeconds + BESIDE_MIGRATIONS),
    ...hook("ApplicationStart", "application_start", USUAL),
    ...hook("ValidateService", "validate_service", USUAL),
    ...hook("AfterAllowTraffic", "after_allow_traffic", USUAL),
  );
}

function hook(event: string, script: string, seconds: number): string[] {
  return [
    `  ${event}:`,
    `    - location: scripts/${script}.sh`,
    `      timeout: ${seconds}`,
    "      runas: root",
  ];
}
