import type { RunbookFacts } from "./facts.js";
import { code, commands, heading, type Lines, paragraph, table } from "./text.js";

interface Meaning {
  /** Of the rule in the delivery that sends it. */
  readonly id: string;
  /** Words of the message by which it is known. */
  readonly words: string;
  readonly meaning: string;
  readonly act: string;
  /** More of it, where two colours take turns. */
  readonly ofColours?: string;
}

const ofPipeline: readonly Meaning[] = [
  {
    id: "pipeline-failed",
    words: "This push is not out",
    meaning: "Tests, build, approval or deployment failed. What served before still serves.",
    act: "Follow the link. `Source`: the connection to GitHub. `Build`: mend the code. `Deploy`: a second message says more.",
  },
  {
    id: "pipeline-rollback",
    words: "deploys the release before",
    meaning:
      "The smoke test failed, or somebody rolls back. The message of success that names the same execution means the release before.",
    act: "See that it succeeds (“Deploy”, 2), then find out why the release was bad.",
  },
  {
    id: "pipeline-succeeded",
    words: "its release is out",
    meaning:
      "A release is out, and the smoke test found the site. After a rollback it is the release before.",
    act: "“Watch”, 30 minutes. Was there a message of a rollback with the same execution? Then your push is not out.",
  },
  {
    id: "after-deployment-failed",
    words: "the release is out, but the step after it failed",
    meaning:
      "Everybody has the release, without its smoke test; files that keep their name may be those of the one before.",
    act: "Run the step again, below; the smoke test follows. Then “Watch”.",
  },
  {
    id: "smoke-test-failed",
    words: "the smoke test failed",
    meaning: "The release is out and the site does not answer. The pipeline deploys the release before.",
    act: "See that this succeeds (“Deploy”, 2). It does not when an alarm rings, which stops CodeDeploy, nor when the pipeline was changed since its last release: then “Roll back”, at once.",
  },
];

const ofDeployments: readonly Meaning[] = [
  {
    id: "deployment-failed",
    words: "puts the last good release back",
    meaning:
      "A deployment failed, was stopped, or an alarm rang during it; also of one host that scaling started.",
    act: "See that the rollback succeeds (“Roll back”, 5), then find out why (“A release hangs, or has failed”).",
  },
  {
    id: "host-failed",
    words: "has not got the release, even if the deployment succeeds",
    meaning:
      "One host failed. To CodeDeploy the deployment is a success while enough others have the release; this one may be out of the load balancer, or work with half of it.",
    act: "Find out why (“A release hangs, or has failed”). Has the deployment succeeded? Then end the host, the last command there.",
    ofColours:
      " A host of a colour leave as it is: the program moves no traffic to it, and ends it after a while.",
  },
];

/** What comes by e-mail, and what to do then. */
export function messagesSection({ pipeline, config, companions, messageRule }: RunbookFacts): Lines {
  const meanings = [...(pipeline === undefined ? [] : ofPipeline), ...ofDeployments];
  return [
    ...heading("Messages by e-mail"),
    ...table(
      ["It says", "Rule", "It means", "Do"],
      meanings.map(({ id, words, meaning, act, ofColours = "" }) => [
        `“${words}”`,
        code(messageRule(id)),
        meaning,
        config.pipeline.strategy.kind === "blueGreen" ? `${act}${ofColours}` : act,
      ]),
    ),
    ...(pipeline !== undefined && config.pipeline.approval
      ? paragraph("`APPROVAL NEEDED`, from AWS itself: a release waits for somebody's yes, see “Deploy”.")
      : []),
    ...(pipeline === undefined ? [] : againAfterDeployment(pipeline)),
    ...(pipeline === undefined || companions.length === 0
      ? []
      : paragraph(
          `After a failure in \`Deploy\`, ${companions.map(({ deploymentGroup }) => code(deploymentGroup)).join(" and ")} may already have the new`,
          "release: they get it first, and nothing takes it back there when what serves fails. Deploy the release before to them,",
          "“Roll back”, the commands for these groups.",
        )),
    ...paragraph(
      config.observability.alarmEmails.length === 0
        ? "**None of these reaches anybody here**: nobody stands in `observability.alarmEmails`."
        : "Nothing arrives at all: whoever stands in `observability.alarmEmails` has to confirm once, by a link in a message of AWS's.",
      pipeline === undefined
        ? "Of failed tests, and of success, GitHub tells and not AWS."
        : "That a deployment by hand succeeded is told by nobody: look.",
    ),
  ];
}

function againAfterDeployment(pipeline: string): Lines {
  return [
    ...paragraph("The step after a deployment, again:"),
    ...commands(
      `execution=$(aws codepipeline get-pipeline-state --name ${pipeline} \\`,
      "  --query \"stageStates[?stageName=='Deploy'].latestExecution.pipelineExecutionId | [0]\" --output text)",
      `aws codepipeline retry-stage-execution --pipeline-name ${pipeline} --stage-name Deploy \\`,
      '  --pipeline-execution-id "$execution" --retry-mode FAILED_ACTIONS',
    ),
  ];
}
