import type { RunbookFacts } from "./facts.js";
import { code, commands, heading, type Lines, list, paragraph } from "./text.js";

/** Runbook 1: a release goes out. */
export function deploySection(facts: RunbookFacts): Lines {
  return [
    ...heading("Deploy"),
    ...paragraph(
      "Before: the code is merged and its tests are green, no alarm rings (see “Watch”), new values of secrets are in",
      "Secrets Manager, and migrations only add: the release before has to run on the new schema.",
    ),
    ...(facts.pipeline === undefined ? startByGitHub(facts) : startByPipeline(facts, facts.pipeline)),
    ...verify(facts),
    ...watch(facts),
  ];
}

function startByPipeline({ config, buildLogGroup, driverLogGroup }: RunbookFacts, pipeline: string): Lines {
  const { branch, approval, strategy } = config.pipeline;
  const isTwice = strategy.kind === "blueGreen";
  return [
    ...paragraph(
      `1. Push to ${code(branch)}, and the pipeline starts. To deploy the branch's newest commit without a push:`,
    ),
    ...commands(`aws codepipeline start-pipeline-execution --name ${pipeline}`),
    ...paragraph("2. Where it is:"),
    ...commands(
      `aws codepipeline get-pipeline-state --name ${pipeline} \\`,
      "  --query 'stageStates[].actionStates[].[actionName,latestExecution.status,latestExecution.lastStatusChange,latestExecution.errorDetails.message]' --output table",
      `aws codepipeline list-pipeline-executions --pipeline-name ${pipeline} --max-items 5 \\`,
      "  --query 'pipelineExecutionSummaries[].[pipelineExecutionId,status,startTime,sourceRevisions[0].revisionId,sourceRevisions[0].revisionSummary]' --output table",
    ),
    ...(approval ? approve(pipeline) : []),
    ...paragraph(isTwice ? "What the build says, and then what moves the traffic:" : "What the build says:"),
    ...commands(
      `aws logs tail ${buildLogGroup} --since 1h`,
      ...(isTwice ? [`aws logs tail ${driverLogGroup} --since 1h --follow`] : []),
    ),
  ];
}

function approve(pipeline: string): Lines {
  return [
    ...paragraph(
      "It waits at `Approve` for somebody, 7 days at most; pushes wait their turn, the oldest first. Which commit it is:",
    ),
    ...commands(
      `execution=$(aws codepipeline get-pipeline-state --name ${pipeline} \\`,
      "  --query \"stageStates[?stageName=='Approve'].latestExecution.pipelineExecutionId | [0]\" --output text)",
      `aws codepipeline get-pipeline-execution --pipeline-name ${pipeline} --pipeline-execution-id "$execution" \\`,
      "  --query 'pipelineExecution.artifactRevisions[].[revisionId,revisionSummary]' --output table",
    ),
    ...paragraph("Read it, then say yes (or `status=Rejected`):"),
    ...commands(
      `token=$(aws codepipeline get-pipeline-state --name ${pipeline} \\`,
      "  --query \"stageStates[?stageName=='Approve'].actionStates[].latestExecution.token | [0]\" --output text)",
      `aws codepipeline put-approval-result --pipeline-name ${pipeline} --stage-name Approve --action-name Approve \\`,
      '  --token "$token" --result "status=Approved,summary=I have read the commit"',
    ),
  ];
}

function startByGitHub({ config, repository: { owner, repository } }: RunbookFacts): Lines {
  const { branch } = config.pipeline;
  const where = `--repo ${owner}/${repository}`;
  return [
    ...paragraph(
      `1. Push to ${code(branch)}, and the workflow starts. To deploy the branch's newest commit without a push:`,
    ),
    ...commands(`gh workflow run deploy.yml ${where} --ref ${branch}`),
    ...paragraph(
      `2. Where it is. Who must approve is asked by GitHub's environment ${code(config.name)}, on the page of the run:`,
    ),
    ...commands(
      `gh run list ${where} --workflow deploy.yml --limit 5`,
      `gh run watch ${where} "$(gh run list ${where} --workflow deploy.yml --limit 1 --json databaseId --jq '.[0].databaseId')"`,
    ),
  ];
}

function verify({ config: { domain } }: RunbookFacts): Lines {
  const ask = (path: string) =>
    `curl --silent --show-error --max-time 20 --output /dev/null --write-out '%{http_code} in %{time_total} s\\n' https://${domain}${path}`;
  return [
    ...paragraph("3. When it is out, ask from outside. `/health` must be 200:"),
    ...commands(ask("/health"), ask("/")),
    ...paragraph(
      "4. Smoke test, as a patient and as a doctor, with accounts that are made for it: sign in, book, open a",
      "consultation with picture and sound, send a message in it, upload a file, sign out.",
    ),
  ];
}

function watch({ config, alarms, loadBalancer, logGroups }: RunbookFacts): Lines {
  return [
    "### Watch",
    "",
    ...paragraph(
      "5. For 30 minutes. CodeDeploy looks at the alarms only while it deploys; after that it is you: **no alarm calls",
      "anybody yet**. All must be `OK`:",
    ),
    ...commands(
      `aws cloudwatch describe-alarms --alarm-names ${alarms.join(" ")} \\`,
      "  --query 'MetricAlarms[].[AlarmName,StateValue,StateUpdatedTimestamp]' --output table",
    ),
    ...paragraph(
      "Latency, 95 of 100 requests, seconds, each five minutes: compare with before the deployment.",
    ),
    ...commands(
      `balancer=$(aws elbv2 describe-load-balancers --names ${loadBalancer} --query 'LoadBalancers[0].LoadBalancerArn' --output text)`,
      "aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name TargetResponseTime \\",
      '  --dimensions "Name=LoadBalancer,Value=${balancer#*:loadbalancer/}" --period 300 --extended-statistics p95 \\',
      '  --start-time "$(date -u -d \'3 hours ago\' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)" \\',
      "  --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,ExtendedStatistics.p95]' --output table",
    ),
    ...paragraph("New errors (Ctrl-C ends it):"),
    ...commands(
      `aws logs tail ${logGroups.laravel} --since 30m --follow`,
      `aws logs tail ${logGroups["nginx-error"]} --since 30m`,
    ),
    ...paragraph(
      "6. All calm after 30 minutes: tell the team. If anything of this holds, do not wait, roll back:",
    ),
    ...list(...rollBackSigns(config.domain, alarms)),
  ];
}

/** When to go back; the same in both places. */
export function rollBackSigns(domain: string, alarms: readonly string[]): readonly string[] {
  const of = (end: string) =>
    alarms
      .filter((name) => name.includes(end))
      .map(code)
      .join(", ");
  return [
    `more than 10 answers of 5XX a minute: ${of("target-5xx")} is \`ALARM\``,
    `a host fails its health check for two minutes: ${of("unhealthy-hosts")} is \`ALARM\``,
    "latency is half as much again as before",
    `https://${domain}/health is not 200, or something of the smoke test is broken`,
  ];
}
