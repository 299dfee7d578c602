import { buildStepNames, buildSteps, shellCommands } from "./build-steps.js";
import { lines, WRITTEN } from "./text.js";

/** `scripts/build.sh`: the build as CodeBuild does it, on a machine of one's own; and its archive. */
export function buildScript(): string {
  return lines(
    "#!/bin/bash",
    `# ${WRITTEN}`,
    `# Builds a release, or does some steps of that: build.sh [${buildStepNames.join("|")}]...`,
    "# package leaves it in dist/deployment-artifact.zip, which scripts/deploy.sh deploys.",
    "set -euo pipefail",
    'cd "$(dirname "$0")/.."',
    "",
    ...buildStepNames.flatMap((name) => [
      `do_${name}() {`,
      ...shellCommands(name).map(
        (command) => `  ${name === "package" ? `${command} dist/deployment-artifact.zip` : command}`,
      ),
      "}",
      "",
    ]),
    `(($#)) || set -- ${buildStepNames.join(" ")}`,
    'for step in "$@"; do',
    "  case $step in",
    `    ${buildStepNames.join(" | ")}) ;;`,
    "    *)",
    `      echo "build.sh: no step $step. Known: ${buildStepNames.join(", ")}" >&2`,
    "      exit 2",
    "      ;;",
    "  esac",
    "done",
    'for step in "$@"; do',
    '  echo "build.sh: $step"',
    '  "do_$step"',
    "done",
  );
}

/** `scripts/build.bat`: the same for Windows, without the archive, whose files would lose their modes there. */
export function buildBat(): string {
  const commands = buildStepNames.flatMap((name) =>
    buildSteps[name].flatMap(({ windows }) => (windows === undefined ? [] : [windows])),
  );
  return lines(
    "@echo off",
    `rem ${WRITTEN}`,
    "rem Everything but the archive: make that with scripts/build.sh, in WSL or Git Bash, or let CodeBuild do it.",
    'cd /d "%~dp0.."',
    // npm and composer are batch files themselves: without call they would not come back.
    ...commands.map((command) => (command.startsWith("if ") ? command : `call ${command} || exit /b 1`)),
  ).replaceAll("\n", "\r\n");
}
