import type { RunbookFacts } from "./facts.js";
import { code, heading, type Lines, paragraph, table } from "./text.js";

interface Meaning {
  /** Of the rule in the delivery that sends it. */
  readonly id: string;
  /** Words of the message by which it is known. */
  readonly words: string;
  readonly meaning: string;
  readonly act: string;
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
    id: "smoke-test-failed",
    words: "the smoke test failed",
    meaning: "The release is out and the site does not answer. The pipeline deploys the release before.",
    act: "See that this succeeds (“Deploy”, 2). If the pipeline was changed since its last release it has none to go back to: “Roll back”.",
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
];

/** What comes by e-mail, and what to do then. */
export function messagesSection({ pipeline, config, companions, messageRule }: RunbookFacts): Lines {
  const meanings = [...(pipeline === undefined ? [] : ofPipeline), ...ofDeployments];
  return [
    ...heading("Messages by e-mail"),
    ...table(
      ["It says", "Rule", "It means", "Do"],
      meanings.map(({ id, words, meaning, act }) => [`“${words}”`, code(messageRule(id)), meaning, act]),
    ),
    ...(pipeline !== undefined && config.pipeline.approval
      ? paragraph("`APPROVAL NEEDED`, from AWS itself: a release waits for somebody's yes, see “Deploy”.")
      : []),
    ...(pipeline === undefined || companions.length === 0
      ? []
      : paragraph(
          `After a failure in \`Deploy\`, ${companions.map(({ deploymentGroup }) => code(deploymentGroup)).join(" and ")} may already have the new`,
          "release: they get it first, and nothing takes it back there when what serves fails. Deploy the release before to them,",
          "“Roll back”, the commands for these groups.",
        )),
    ...paragraph(
      "Nothing arrives at all: whoever stands in `observability.alarmEmails` has to confirm once, by a link in a message of AWS's.",
      pipeline === undefined
        ? "Of failed tests, and of success, GitHub tells and not AWS."
        : "That a deployment by hand succeeded is told by nobody: look.",
    ),
  ];
}
