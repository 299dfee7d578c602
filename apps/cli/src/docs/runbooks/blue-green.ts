import type { RunbookFacts } from "./facts.js";
import { keptFiles } from "./kept-files.js";
import { redeploy, succeeded } from "./releases.js";
import { code, commands, type Lines, paragraph } from "./text.js";

const run = (command: string) => `python3 blue-green.py ${command} --settings settings.json`;

/** The program and its settings stand in the CodeBuild project that runs it, as they were last applied. */
export function fetchProgram({ driverProject }: RunbookFacts): Lines {
  return commands(
    "mkdir -p ~/blue-green && cd ~/blue-green",
    `aws codebuild batch-get-projects --names ${driverProject} --query 'projects[0].source.buildspec' --output text |`,
    "  sed -n \"/<<'END_OF_THE_PROGRAM'/,/^ *END_OF_THE_PROGRAM\\$/p\" | sed '1d;$d;s/^ *//' | base64 -d | gunzip >blue-green.py",
    `aws codebuild batch-get-projects --names ${driverProject} \\`,
    "  --query \"projects[0].environment.environmentVariables[?name=='BLUE_GREEN_SETTINGS'].value | [0]\" --output text >settings.json",
    run("status"),
  );
}

export function blueGreenRollBack(facts: RunbookFacts, keepMinutes: number): Lines {
  const { companions } = facts;
  return [
    ...paragraph(
      "2. Get the program that moves the traffic, with its settings. `status` says which colour serves, with how many",
      "hosts, with which release:",
    ),
    ...fetchProgram(facts),
    ...paragraph(
      `3. All the traffic back to the colour before, in seconds. It keeps its hosts for ${keepMinutes} minutes after a shift.`,
      "Use it in the middle of a shift too, then with `--to` and the colour that is good: the run that is at work sees it and stops.",
    ),
    ...commands(run("back")),
    ...paragraph(
      "It refuses when that colour has no healthy host any more. Then start hosts with the release that it had last, and",
      "shift to them step by step (`status` says what each colour has):",
    ),
    ...commands("colour=blue   # or green: the one that does not serve", `${run("shift")} --to "$colour"`),
    ...paragraph("To an older release than both colours have: choose its key and version from these tables."),
    ...facts.serving.flatMap((group) => commands(...succeeded(facts, group))),
    ...commands(
      "key=releases/XXXXXXX.zip",
      "version=XXXXXXX",
      `${run("deploy")} --bucket ${facts.deploymentsBucket} --key "$key" --version "$version"`,
    ),
    ...(companions.length === 0
      ? []
      : [
          ...paragraph(
            "4. Workers and the scheduler have no colours and still run the new release. Find their last good deployment",
            "(the last line with **another key**) and deploy it again. `bundleType` must be `zip`:",
          ),
          ...companions.flatMap((group) => [
            ...commands(...succeeded(facts, group)),
            ...redeploy(facts, group),
          ]),
          ...keptFiles(facts),
        ]),
    ...paragraph(
      "5. Verify and watch as after every deployment. Once nobody needs the bad hosts any more, end them:",
    ),
    ...commands(run("status"), run("retire")),
    ...paragraph(
      `A release that has not moved any traffic yet is stopped with its build of ${code(facts.driverProject)}; then ${code("status")} again:`,
    ),
    ...commands(
      `build=$(aws codebuild list-builds-for-project --project-name ${facts.driverProject} --no-paginate --query 'ids[0]' --output text)`,
      'aws codebuild stop-build --id "$build" --query build.buildStatus --output text',
    ),
  ];
}
