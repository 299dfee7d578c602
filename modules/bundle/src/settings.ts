import type { BundleProps, GitHubDeployment } from "./props.js";

/** The props with every default in its place. */
export interface BundleSettings extends Required<Omit<BundleProps, "gitHubDeployment">> {
  readonly gitHubDeployment: GitHubDeployment | undefined;
}

/** Where browsers find Reverb. */
export const reverbVariables: readonly string[] = [
  "VITE_REVERB_APP_KEY",
  "VITE_REVERB_HOST",
  "VITE_REVERB_PORT",
  "VITE_REVERB_SCHEME",
];

/** What a hook of 300 s leaves for waiting. */
const USUAL_JOB_SECONDS = 240;

export function resolveSettings(props: BundleProps): BundleSettings {
  return {
    application: props.application ?? "/var/www/html",
    hostEnv: props.hostEnv ?? "/etc/telemedicina/host.env",
    hostPrograms: props.hostPrograms ?? "/usr/local/sbin",
    port: props.port ?? 8080,
    healthPath: props.healthPath ?? "/health",
    healthSeconds: props.healthSeconds ?? 60,
    jobSeconds: props.jobSeconds ?? USUAL_JOB_SECONDS,
    migration: props.migration ?? "hosts",
    migrationSeconds: props.migrationSeconds ?? 480,
    migrationConnection: props.migrationConnection ?? "migration",
    externalCheck: props.externalCheck ?? "appUrl",
    phpVersion: props.phpVersion ?? "8.3",
    nodeVersion: props.nodeVersion ?? 20,
    branch: props.branch ?? "main",
    gitHubDeployment: props.gitHubDeployment,
    gitHubEnvironment: props.gitHubEnvironment ?? "production",
    minimumCoverage: props.minimumCoverage ?? 0,
    staticFiles: props.staticFiles ?? ["favicon.ico", "favicon.svg", "apple-touch-icon.png", "robots.txt"],
    viteVariables: props.viteVariables ?? reverbVariables,
  };
}
