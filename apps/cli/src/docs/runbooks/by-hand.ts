import { fetchProgram } from "./blue-green.js";
import type { RunbookFacts } from "./facts.js";
import { distributionId } from "./kept-files.js";
import { code, commands, heading, type Lines, paragraph } from "./text.js";

/** A release without CodePipeline or GitHub: when they are down, or the release cannot wait for them. */
export function byHandSection(facts: RunbookFacts): Lines {
  const { owner, repository } = facts.repository;
  return [
    ...heading("Deploy by hand"),
    ...paragraph(
      `For emergencies. On a machine with PHP, Composer, Node, jq and zip, in a clean checkout of ${code(`${owner}/${repository}`)};`,
      "see under “Roll back” that no deployment is at work.",
    ),
    ...paragraph("1. The commit, and what the build tells browsers:"),
    ...commands(
      "commit=XXXXXXX",
      'git fetch && git switch --detach "$commit" && git status --short   # must print nothing',
      `export CONTRACT_PARAMETER=${facts.contractParameter} ASSETS_BUCKET=${facts.assetsBucket}`,
      `export VITE_REVERB_APP_KEY=$(aws secretsmanager get-secret-value --secret-id ${facts.reverbSecret} \\`,
      "  --query SecretString --output text | jq --raw-output .app_key)",
    ),
    ...paragraph(
      "2. Build, with the tests (`scripts/build.sh install assets caches package` leaves them out), then the new files that its pages will name:",
    ),
    ...commands("scripts/build.sh", "scripts/assets.sh upload-new dist/release"),
    ...(facts.config.pipeline.strategy.kind === "blueGreen" ? byColours(facts) : inPlace(facts)),
    ...paragraph(
      "5. Only now what keeps its name, which everybody sees at once: into the bucket, and the old out of CloudFront's cache.",
      "Then verify and watch as after every deployment:",
    ),
    ...commands(
      ...distributionId(facts.config.domain),
      "scripts/assets.sh upload-kept dist/release",
      "scripts/assets.sh invalidate dist/release",
    ),
  ];
}

function inPlace(facts: RunbookFacts): Lines {
  return [
    ...paragraph("3. Upload, and let CodeDeploy have it:"),
    ...commands(
      "commit=$(git rev-parse HEAD)",
      `aws s3 cp dist/deployment-artifact.zip "s3://${facts.deploymentsBucket}/${facts.releasesPrefix}$commit.zip"`,
      // Workers then know the jobs that what serves will queue.
      ...[...facts.companions, ...facts.serving].flatMap(({ deploymentGroup }) =>
        createDeployment(facts, deploymentGroup),
      ),
    ),
    ...paragraph("4. Where it is, until it says `Succeeded`:"),
    ...deploymentState(),
  ];
}

function byColours(facts: RunbookFacts): Lines {
  const { companions, deploymentsBucket, releasesPrefix } = facts;
  return [
    ...paragraph(
      "3. Upload, then workers and the scheduler, so that they know the jobs that what serves will queue:",
    ),
    ...commands(
      "commit=$(git rev-parse HEAD)",
      `version=$(aws s3api put-object --bucket ${deploymentsBucket} --key "${releasesPrefix}$commit.zip" \\`,
      "  --body dist/deployment-artifact.zip --query VersionId --output text)",
      ...companions.flatMap(({ deploymentGroup }) => createDeployment(facts, deploymentGroup)),
    ),
    ...deploymentState(),
    ...paragraph(
      "4. Both say `Succeeded`: shift. In a shell that stays open and with credentials that last: it takes an hour and more.",
    ),
    ...fetchProgram(facts),
    ...commands(
      `python3 blue-green.py deploy --settings settings.json --bucket ${deploymentsBucket} --key "${releasesPrefix}$commit.zip" --version "$version"`,
      "cd -",
    ),
  ];
}

/** Without `bundleType` CodeDeploy refuses the location. */
function createDeployment(facts: RunbookFacts, group: string): Lines {
  return [
    `aws deploy create-deployment --application-name ${facts.application} --deployment-group-name ${group} \\`,
    `  --s3-location "bucket=${facts.deploymentsBucket},key=${facts.releasesPrefix}$commit.zip,bundleType=zip" \\`,
    '  --description "$commit, by hand" --query deploymentId --output text',
  ];
}

function deploymentState(): Lines {
  return commands(
    "deployment=d-XXXXXXXXX",
    "aws deploy get-deployment --deployment-id \"$deployment\" --query 'deploymentInfo.[status,deploymentOverview,errorInformation.message]'",
  );
}
