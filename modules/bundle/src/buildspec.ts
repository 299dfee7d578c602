import { shellCommands } from "./build-steps.js";
import type { BundleSettings } from "./settings.js";
import { lines, WRITTEN } from "./text.js";

/**
 * `buildspec.yml`. Tests run with what they need; the release has only what serves. New files are in the bucket before the
 * release is anywhere; what keeps its name is not, since nobody has approved the release yet.
 */
export function buildspec({ phpVersion, nodeVersion }: BundleSettings): string {
  return lines(
    `# ${WRITTEN}`,
    "version: 0.2",
    "env:",
    "  shell: bash",
    "  variables:",
    "    COMPOSER_CACHE_DIR: /root/.composer/cache",
    "phases:",
    "  install:",
    "    runtime-versions:",
    `      php: "${phpVersion}"`,
    `      nodejs: ${nodeVersion}`,
    ...phase("pre_build", shellCommands("install", "check")),
    ...phase("build", shellCommands("assets", "caches")),
    ...phase("post_build", [
      // This phase runs after a failed build too.
      'test "$CODEBUILD_BUILD_SUCCEEDING" = 1',
      ...shellCommands("package"),
      'test -z "${ASSETS_BUCKET:-}" || bash scripts/assets.sh upload-new dist/release',
    ]),
    "artifacts:",
    "  name: deployment-artifact",
    "  base-directory: dist/release",
    "  files:",
    '    - "**/*"',
    // Of CodeBuild's image, whose user is root. Beside the sources they would end up in the release.
    "cache:",
    "  paths:",
    '    - "/root/.composer/cache/**/*"',
    '    - "/root/.npm/**/*"',
  );
}

/** For a step of the pipeline after the deployment, which gets the release as its source. */
export function afterDeploymentBuildspec(): string {
  return lines(
    `# ${WRITTEN}`,
    "version: 0.2",
    "env:",
    "  shell: bash",
    "phases:",
    ...phase("build", [
      'test -z "${ASSETS_BUCKET:-}" || bash scripts/assets.sh upload-kept',
      "bash scripts/assets.sh invalidate",
    ]),
  );
}

function phase(name: string, commands: readonly string[]): string[] {
  // JSON's strings are YAML's.
  return [`  ${name}:`, "    commands:", ...commands.map((command) => `      - ${JSON.stringify(command)}`)];
}
