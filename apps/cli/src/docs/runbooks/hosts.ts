import type { RunbookFacts } from "./facts.js";
import { running } from "./releases.js";
import { code, commands, heading, type Lines, paragraph, table } from "./text.js";

const LARAVELCTL = "/usr/local/sbin/laravelctl";

/** The cheatsheet: look at hosts, restart what runs on them, find out why a release hangs. */
export function hostsSection(facts: RunbookFacts): Lines {
  return [
    ...heading("Hosts"),
    ...find(facts),
    ...onTheHost(facts),
    ...logs(facts),
    ...restartWorkers(facts),
    ...hangs(facts),
  ];
}

function groups({ serving, companions }: RunbookFacts): readonly string[] {
  return [...serving, ...companions].map(({ autoScalingGroup }) => autoScalingGroup);
}

function find(facts: RunbookFacts): Lines {
  return [
    ...paragraph("Which there are:"),
    ...commands(
      `aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names ${groups(facts).join(" ")} \\`,
      "  --query 'AutoScalingGroups[].Instances[].[InstanceId,AvailabilityZone,LifecycleState,HealthStatus,LaunchTemplate.LaunchTemplateName]' --output table",
    ),
  ];
}

function onTheHost({ webUser, fpmUnit }: RunbookFacts): Lines {
  return [
    ...paragraph(
      "A shell on one, by Session Manager. No port is open for it, and it leaves a trace in CloudTrail:",
    ),
    ...commands("host=i-XXXXXXXXXXXXXXXXX", 'aws ssm start-session --target "$host"'),
    ...paragraph("There:"),
    ...commands(
      `sudo ${LARAVELCTL} status                        # every program of Laravel's on this host`,
      `sudo ${LARAVELCTL} restart laravel-reverb        # ends this host's WebSockets; browsers connect again`,
      `sudo systemctl status ${fpmUnit} nginx codedeploy-agent`,
      `sudo systemctl restart ${fpmUnit} && sudo systemctl reload nginx`,
      "curl --silent --output /dev/null --write-out '%{http_code}\\n' http://127.0.0.1:8080/health",
      "sudo tail -n 100 /var/www/html/storage/logs/laravel.log",
      `cd /var/www/html && sudo -u ${webUser} php artisan about`,
    ),
    ...paragraph(
      "**Never `php artisan cache:clear`**: it empties the store that has everybody's sessions in it. Nothing that is changed",
      "on a host by hand stays: the next deployment, or the next host, does not have it.",
    ),
  ];
}

function logs({ logGroups }: RunbookFacts): Lines {
  return [
    "### Logs",
    "",
    ...paragraph(
      "Of all hosts; the log stream is the host's id. `--since 2h`, `--filter-pattern ERROR` and `--log-stream-name-prefix i-…` narrow it down.",
    ),
    ...table(
      ["What", "Command"],
      Object.entries(logGroups).map(([stream, group]) => [stream, code(`aws logs tail ${group} --follow`)]),
    ),
  ];
}

function restartWorkers(facts: RunbookFacts): Lines {
  const { companions, serving, config } = facts;
  const { workerStopSeconds } = config.compute;
  const group = (companions.find(({ deploymentGroup }) => deploymentGroup.endsWith("-workers")) ?? serving[0])
    ?.autoScalingGroup;
  return [
    "### Restart workers",
    "",
    ...paragraph(
      `On every host that works. Each waits for the job that it is at, up to ${workerStopSeconds} s; then the job is cut off. Others wait in the queue meanwhile.`,
    ),
    ...commands(
      "command=$(aws ssm send-command --document-name AWS-RunShellScript \\",
      `  --targets "Key=tag:aws:autoscaling:groupName,Values=${group}" \\`,
      `  --parameters '{"commands":["${LARAVELCTL} restart laravel-worker"],"executionTimeout":["${workerStopSeconds + 300}"]}' \\`,
      "  --query Command.CommandId --output text)",
      'aws ssm list-command-invocations --command-id "$command" --details \\',
      "  --query 'CommandInvocations[].[InstanceId,Status,CommandPlugins[0].Output]' --output table",
    ),
  ];
}

function hangs(facts: RunbookFacts): Lines {
  const { logGroups, webUser, pipeline, config, serving, companions } = facts;
  return [
    "### A release hangs, or has failed",
    "",
    ...paragraph("Deployments that are at work, by their ids:"),
    ...commands(...[...serving, ...companions].map((group) => running(facts, group))),
    ...paragraph(
      "One of them, or that of a message: on which hosts, in which hook, and the last lines of that hook:",
    ),
    ...commands(
      "deployment=d-XXXXXXXXX",
      'aws deploy list-deployment-targets --deployment-id "$deployment" --query targetIds --output text |',
      '  xargs aws deploy batch-get-deployment-targets --deployment-id "$deployment" --output json --query \\',
      "  'deploymentTargets[].instanceTarget.{host:targetId,status:status,hooks:lifecycleEvents[?status!=`Succeeded`].[lifecycleEventName,status,diagnostics.logTail]}' --target-ids",
      `aws logs tail ${logGroups.codedeploy} --since 1h`,
    ),
    ...paragraph("On the host itself, every line that hooks have said:"),
    ...commands(
      "sudo tail -n 200 /opt/codedeploy-agent/deployment-root/deployment-logs/codedeploy-agent-deployments.log",
    ),
    ...table(
      ["Where it stands", "Why, and what to do"],
      [
        [
          "`ApplicationStop`, `BeforeInstall`",
          "A job still runs; nothing is changed yet. Wait. If it fails each time, `jobSeconds` in the application's `bundle.json` is shorter than the longest job.",
        ],
        [
          "`AfterInstall`",
          "`render-env`, a cache or a migration. “another host has held the migrations' lock”: if no host migrates any more, free it (below) and deploy again.",
        ],
        [
          "`ApplicationStart`, `ValidateService`",
          "The new release does not start, or its `/health` is not 200: `laravel` and `php-fpm` under “Logs”.",
        ],
        [
          "`AfterAllowTraffic`",
          `https://${config.domain}/health is not 200 from outside: DNS, CloudFront, firewall.`,
        ],
        [
          "nothing begins, all `Pending`",
          "The agent does not answer: `sudo systemctl restart codedeploy-agent`, or end the host (below).",
        ],
        ...(pipeline !== undefined && config.pipeline.approval
          ? [
              [
                "`Approve` in the pipeline",
                "Somebody has to say yes: see “Deploy”. After 7 days it fails; start the pipeline again.",
              ],
            ]
          : []),
      ],
    ),
    ...paragraph("To give up, with the last good release put back:"),
    ...commands('aws deploy stop-deployment --deployment-id "$deployment" --auto-rollback-enabled'),
    ...paragraph("To free the migrations' lock, on a host:"),
    ...commands(
      `cd /var/www/html && sudo -u ${webUser} php artisan tinker --execute="Cache::lock('framework/command-migrate')->forceRelease()"`,
    ),
    ...paragraph("To end a host; another takes its place:"),
    ...commands(
      "host=i-XXXXXXXXXXXXXXXXX",
      'aws autoscaling terminate-instance-in-auto-scaling-group --instance-id "$host" --no-should-decrement-desired-capacity',
    ),
  ];
}
