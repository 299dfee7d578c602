import type { RunbookFacts } from "./facts.js";
import { commands, type Lines, paragraph } from "./text.js";

/** Files that keep their name are the new release's still; the pipeline's own way back has a step for them. */
export function keptFiles({ assetsBucket, config }: RunbookFacts): Lines {
  return [
    ...paragraph(
      "Was the bad release out everywhere? Then icons and other files that keep their name are still its own. If it has changed any,",
      "put back those of the release that you have deployed in step 4. A deployment that you only stopped has changed none.",
    ),
    ...commands(
      `export ASSETS_BUCKET=${assetsBucket}`,
      ...distributionId(config.domain),
      'field() { jq --raw-output ".s3Location.$1 // empty" revision.json; }',
      'aws s3api get-object --bucket "$(field bucket)" --key "$(field key)" $(field version | sed \'s/^/--version-id /\') release.zip',
      "rm -rf release && unzip -q release.zip -d release",
      "bash release/scripts/assets.sh upload-kept && bash release/scripts/assets.sh invalidate",
    ),
  ];
}

/** For `assets.sh`, which takes the id from the environment. */
export function distributionId(domain: string): Lines {
  return [
    'export DISTRIBUTION_ID=$(aws cloudfront list-distributions --output json --query "DistributionList.Items" |',
    `  jq --raw-output '.[] | select(.Aliases.Items // [] | index("${domain}")) | .Id')`,
  ];
}
