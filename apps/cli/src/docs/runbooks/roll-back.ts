import { blueGreenRollBack } from "./blue-green.js";
import { rollBackSigns } from "./deploy.js";
import type { RunbookFacts } from "./facts.js";
import { keptFiles } from "./kept-files.js";
import { redeploy, running, succeeded } from "./releases.js";
import { code, commands, heading, type Lines, list, paragraph } from "./text.js";

/** Runbook 2: the release is bad. */
export function rollBackSection(facts: RunbookFacts): Lines {
  const { strategy } = facts.config.pipeline;
  return [
    ...heading("Roll back"),
    ...paragraph("When one of these holds. If in doubt, go back first and look later:"),
    ...list(...rollBackSigns(facts.config.domain, facts.alarms)),
    ...paragraph(
      "A deployment that fails, or during which an alarm rings, goes back by itself; see that it succeeds.",
      "**Migrations are not taken back**: the release before runs on the new schema, which is why they only add. If one",
      "has removed something, no rollback helps: mend forward, or restore the database.",
    ),
    ...closeTheDoor(facts),
    ...(strategy.kind === "blueGreen" ? blueGreenRollBack(facts, strategy.keepMinutes) : inPlace(facts)),
    ...afterwards(facts),
  ];
}

function closeTheDoor({ pipeline, repository: { owner, repository } }: RunbookFacts): Lines {
  return [
    ...paragraph("1. Let nothing more out:"),
    ...(pipeline === undefined
      ? [
          ...commands(
            `gh workflow disable deploy.yml --repo ${owner}/${repository}`,
            `gh run list --repo ${owner}/${repository} --workflow deploy.yml --status in_progress`,
          ),
          ...paragraph("A run that is at work goes on nevertheless. End it, by the id in that list:"),
          ...commands("run=XXXXXXX", `gh run cancel "$run" --repo ${owner}/${repository}`),
        ]
      : commands(
          `aws codepipeline disable-stage-transition --pipeline-name ${pipeline} --stage-name Deploy \\`,
          '  --transition-type Inbound --reason "rollback"',
        )),
  ];
}

function inPlace(facts: RunbookFacts): Lines {
  // What serves first: then nobody queues jobs that workers of the release before do not know.
  const groups = [...facts.serving, ...facts.companions];
  return [
    ...paragraph("2. Is a deployment still at work? This prints its id, or nothing:"),
    ...commands(...groups.map((group) => running(facts, group))),
    ...paragraph(
      "If there is one, stop it **with** `--auto-rollback-enabled`: CodeDeploy then deploys the last good release itself.",
      "Without that, stopping is no going back: some hosts keep the new release, some the old. Then go to step 5.",
    ),
    ...commands(
      "deployment=d-XXXXXXXXX",
      'aws deploy stop-deployment --deployment-id "$deployment" --auto-rollback-enabled',
    ),
    ...paragraph(
      "3. Find the last good one. The newest is at the bottom, and is what runs now; you want the last line with **another key**.",
      "Single hosts that scaling started are left out.",
    ),
    ...groups.flatMap((group) => commands(...succeeded(facts, group))),
    ...paragraph(
      "4. Deploy its release again. `bundleType` must be `zip`. The alarm that rings because of the bad release would stop",
      "the way back too, so this one deployment does not look at it (you need `codedeploy:UpdateDeploymentGroup` for that):",
    ),
    ...groups.flatMap((group) => redeploy(facts, group)),
    ...paragraph(
      "5. Where it is, until it says `Succeeded`; then verify and watch as after every deployment:",
    ),
    ...commands(
      "deployment=d-XXXXXXXXX",
      "aws deploy get-deployment --deployment-id \"$deployment\" --query 'deploymentInfo.[status,deploymentOverview,errorInformation.message]'",
      `curl --fail --silent --show-error --max-time 20 https://${facts.config.domain}/health`,
    ),
    ...keptFiles(facts),
  ];
}

function afterwards({ pipeline, config, repository: { owner, repository } }: RunbookFacts): Lines {
  const branch = config.pipeline.branch;
  return [
    ...paragraph(
      `Afterwards: the bad commit is still on ${code(branch)}, and the next push would deploy it again. Take it back there with`,
      `\`git revert\`, and only then let releases out again:`,
    ),
    ...(pipeline === undefined
      ? commands(`gh workflow enable deploy.yml --repo ${owner}/${repository}`)
      : [
          ...commands(
            `aws codepipeline enable-stage-transition --pipeline-name ${pipeline} --stage-name Deploy --transition-type Inbound`,
          ),
          ...paragraph(
            "What waits before `Deploy` goes on at once. To throw an execution away first (its id is in the second table of “Deploy”):",
          ),
          ...commands(
            "execution=00000000-0000-0000-0000-000000000000",
            `aws codepipeline stop-pipeline-execution --pipeline-name ${pipeline} --pipeline-execution-id "$execution" --abandon --reason "rolled back"`,
          ),
        ]),
  ];
}
