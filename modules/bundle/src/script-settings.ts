import type { BundleSettings } from "./settings.js";
import { lines, WRITTEN } from "./text.js";

/** `scripts/settings.sh`: all that the scripts are told. Values are checked to need no quoting beside this. */
export function scriptSettings(settings: BundleSettings): string {
  const { hostPrograms, port, healthPath } = settings;
  const values: Readonly<Record<string, string | number>> = {
    DESTINATION: settings.application,
    HOST_ENV: settings.hostEnv,
    LARAVELCTL: `${hostPrograms}/laravelctl`,
    RENDER_ENV: `${hostPrograms}/render-env`,
    JOB_SECONDS: settings.jobSeconds,
    MIGRATE_ON_HOSTS: settings.migration === "hosts" ? "yes" : "",
    MIGRATION_CONNECTION: settings.migrationConnection,
    MIGRATION_SECONDS: settings.migrationSeconds,
    MIGRATION_PAUSE_SECONDS: 5,
    HEALTH_URL: `http://127.0.0.1:${port}${healthPath}`,
    HEALTH_PATH: healthPath,
    HEALTH_SECONDS: settings.healthSeconds,
    PLACEHOLDER: "no release yet",
    EXTERNAL_CHECK: settings.externalCheck === "appUrl" ? "yes" : "",
    STATIC_FILES: settings.staticFiles.join(" "),
    VITE_VARIABLES: settings.viteVariables.join(" "),
    // Credentials of a workflow hold for an hour: waiting for another deployment is included, and the rest is for the uploads.
    DEPLOYMENT_SECONDS: 3000,
    DEPLOYMENT_BUSY_SECONDS: 900,
    DEPLOYMENT_PAUSE_SECONDS: 15,
  };
  return lines(
    "#!/bin/bash",
    `# ${WRITTEN}`,
    "# shellcheck disable=SC2034",
    ...Object.entries(values).map(([name, value]) => `${name}='${value}'`),
  );
}
