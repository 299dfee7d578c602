import type { GroupFacts, RunbookFacts } from "./facts.js";
import { commands, type Lines } from "./text.js";

/** Ids of what CodeDeploy is doing in a group. */
export function running({ application }: RunbookFacts, { deploymentGroup }: GroupFacts): string {
  return (
    `aws deploy list-deployments --application-name ${application} --deployment-group-name ${deploymentGroup} ` +
    "--include-only-statuses Created Queued InProgress Ready --query deployments --output text"
  );
}

/** Those that went well, of the last hundred, with where their releases are; what scaling deployed to new hosts left out. */
export function succeeded({ application }: RunbookFacts, { deploymentGroup }: GroupFacts): Lines {
  return [
    `aws deploy list-deployments --application-name ${application} --deployment-group-name ${deploymentGroup} \\`,
    "  --include-only-statuses Succeeded --no-paginate --query deployments --output text |",
    "  xargs -n 25 aws deploy batch-get-deployments --output text \\",
    "  --query \"deploymentsInfo[?creator!='autoscaling'].[createTime,deploymentId,creator,revision.s3Location.key,revision.s3Location.version]\" \\",
    "  --deployment-ids | sort",
  ];
}

/** By the revision as CodeDeploy has noted it: the same object, in the same version. */
export function redeploy({ application }: RunbookFacts, { deploymentGroup }: GroupFacts): Lines {
  return commands(
    `good=d-XXXXXXXXX   # of ${deploymentGroup}`,
    "rm -f revision.json",
    'aws deploy get-deployment --deployment-id "$good" --query deploymentInfo.revision --output json >revision.json',
    "cat revision.json",
    `aws deploy create-deployment --application-name ${application} --deployment-group-name ${deploymentGroup} \\`,
    '  --revision file://revision.json --description "back to $good" --override-alarm-configuration enabled=false \\',
    "  --query deploymentId --output text",
  );
}
