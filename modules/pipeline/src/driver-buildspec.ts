import { gzipSync } from "node:zlib";

/** Ends the text of the program where the shell reads it. */
const END = "END_OF_THE_PROGRAM";

const LINE_LENGTH = 100;

/**
 * The buildspec of the driver: it makes a zip of the release that it gets as its source, puts it where CodeDeploy can be
 * told to find it, and runs the program, which takes what to do from the line `BLUE_GREEN_SETTINGS` of its environment.
 *
 * @param program text of a Python program that knows `deploy --settings --bucket --key --version`
 */
export function driverBuildspec(program: string): string {
  return [
    "version: 0.2",
    "env:",
    "  shell: bash",
    "phases:",
    "  build:",
    "    commands:",
    "      - work=$(mktemp --directory)",
    "      - |",
    "        # The program, compressed: CodeBuild takes no buildspec as long as it is.",
    `        base64 --decode <<'${END}' | gunzip > "$work/blue-green.py"`,
    ...compressed(program).map((line) => `        ${line}`),
    `        ${END}`,
    '      - printf "%s" "${BLUE_GREEN_SETTINGS:?what the program reads}" > "$work/settings.json"',
    '      - key="$RELEASES_PREFIX$RELEASE_COMMIT.zip"',
    "      - |",
    "        # What the pipeline puts back after a smoke test that failed is the artifact of an earlier run. Under the version",
    "        # that it had then the program knows it, and the hosts that are kept with it.",
    '        known=$(aws s3api head-object --bucket "$DEPLOYMENTS_BUCKET" --key "$key" --query \'[Metadata.artifact, VersionId]\' --output text 2>/dev/null || true)',
    '        read -r artifact version <<<"$known"',
    '        if [[ $artifact != "${CODEBUILD_SOURCE_VERSION:?the artifact that this build is given}" ]]; then',
    "          # With links as links, and what begins with a dot.",
    '          zip --quiet --recurse-paths --symlinks "$work/release.zip" .',
    '          version=$(aws s3api put-object --bucket "$DEPLOYMENTS_BUCKET" --key "$key" --body "$work/release.zip" --metadata "artifact=$CODEBUILD_SOURCE_VERSION" --query VersionId --output text)',
    "        fi",
    // The version: another run may put the same commit there again.
    '      - python3 "$work/blue-green.py" deploy --settings "$work/settings.json" --bucket "$DEPLOYMENTS_BUCKET" --key "$key" --version "$version"',
    "",
  ].join("\n");
}

/** Lines of base64, the same whenever and wherever they are made. */
function compressed(program: string): readonly string[] {
  const bytes = gzipSync(program, { level: 9 });
  // Which system compressed it: zlib writes the one that it was built for.
  bytes.writeUInt8(255, 9);
  return bytes.toString("base64").match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
}
