import { loadCatalog } from "./catalog.js";
import {
  type Fault,
  type PermissionFinding,
  type PolicyException,
  type RuleId,
  rules as sentences,
} from "./finding.js";
import { type Attachment, literal, type Place, type PolicyModel, type Unread } from "./model.js";
import { matches } from "./patterns.js";
import { knownActions, namedActions } from "./rules/actions.js";
import { knownConditions } from "./rules/conditions.js";
import { noNegations } from "./rules/negations.js";
import { boundServices, exactSubjects, namedPrincipals, trustedParties } from "./rules/principals.js";
import { fittingResources, namedResources } from "./rules/resources.js";
import type { Rule } from "./rules/rule.js";
import { wellFormed } from "./rules/well-formed.js";

const statementRules: readonly Rule[] = [
  wellFormed,
  knownActions,
  namedActions,
  namedResources,
  fittingResources,
  knownConditions,
  noNegations,
  namedPrincipals,
  boundServices,
  trustedParties,
  exactSubjects,
];

/**
 * Judges every statement by every rule that applies to it. A fault that an exception names passes, with the exception
 * beside it; an exception that names none is a fault itself.
 */
export async function checkPolicies(
  model: PolicyModel,
  exceptions: readonly PolicyException[] = [],
): Promise<PermissionFinding[]> {
  const findings = [
    ...model.unread.flatMap(unreadable),
    ...model.policies.flatMap((policy) => findingsOf("readable-policies", policy, "", [])),
    ...(await judgeStatements(model)),
    ...model.attachments.flatMap(judgeAttachment),
  ];
  const excepted = findings.map((finding) => except(finding, exceptions));
  const used = new Set(excepted.map(({ exception }) => exception));
  return [...excepted, ...exceptions.map((exception) => judgeException(exception, used.has(exception)))];
}

/** The name by which findings and exceptions know an attached policy. */
export function attachedName({ policy }: Attachment): string {
  return policy.written.replace(/^arn:aws:iam::aws:policy\//, "");
}

async function judgeStatements(model: PolicyModel): Promise<PermissionFinding[]> {
  const catalog = await loadCatalog(model);
  return model.policies.flatMap((policy) =>
    policy.statements.flatMap((statement) =>
      statementRules
        .filter((rule) => rule.applies(policy, statement))
        .flatMap((rule) =>
          findingsOf(rule.id, policy, statement.sid, rule.judge({ policy, statement, catalog })),
        ),
    ),
  );
}

function findingsOf(rule: RuleId, place: Place, sid: string, faults: readonly Fault[]): PermissionFinding[] {
  const { document, address, attribute, path } = place;
  const where = { rule, document, address, attribute, path, sid };
  if (faults.length === 0) return [{ ...where, verdict: "pass", text: sentences[rule] }];
  return faults.map((fault) => ({ ...where, ...fault }));
}

function unreadable(unread: Unread): PermissionFinding[] {
  const fault: Fault = {
    verdict: "unknown",
    text: `The policy can't be read: ${unread.why}.`,
    remedy: "Write the policy out as JSON text in an argument that takes one.",
  };
  return findingsOf("readable-policies", unread, "", [fault]);
}

function judgeAttachment(attachment: Attachment): PermissionFinding[] {
  const { policy } = attachment;
  const [piece] = policy.pieces;
  const own =
    piece?.kind === "reference" && piece.block.mode === "resource" && piece.block.type === "aws_iam_policy";
  const aws = literal(policy)?.startsWith("arn:aws:iam::aws:policy/") ?? false;
  const faults: Fault[] = own
    ? []
    : [
        {
          verdict: aws ? "fail" : "unknown",
          text: aws
            ? `Attaches ${attachedName(attachment)}, a policy of AWS: AWS writes it, and changes it without asking.`
            : `Attaches ${policy.written}, whose text is not in the documents.`,
          remedy:
            "Write the permissions that are needed into a policy of your own, or give an exception with its reason.",
        },
      ];
  return findingsOf("own-policies", attachment, attachedName(attachment), faults);
}

function except(finding: PermissionFinding, exceptions: readonly PolicyException[]): PermissionFinding {
  if (finding.verdict === "pass") return finding;
  const exception = exceptions.find(
    ({ address, sid, rule, action }) =>
      rule === finding.rule &&
      sid === finding.sid &&
      matches(address, finding.address) &&
      (action === undefined || action === finding.action),
  );
  return exception === undefined ? finding : { ...finding, verdict: "pass", exception };
}

function judgeException(exception: PolicyException, used: boolean): PermissionFinding {
  const { address, sid, rule, reason } = exception;
  const where = { rule: "used-exceptions", address, sid } as const;
  if (reason.trim() === "")
    return {
      ...where,
      verdict: "fail",
      text: `The exception from ${rule} has no reason.`,
      remedy: "Write why it has to be so, for whoever audits.",
    };
  if (!used)
    return {
      ...where,
      verdict: "fail",
      text: `The exception from ${rule} is not needed: nothing breaks the rule there.`,
      remedy: "Remove it, or see whether its address and Sid still name what was meant.",
    };
  return { ...where, verdict: "pass", text: sentences["used-exceptions"] };
}
