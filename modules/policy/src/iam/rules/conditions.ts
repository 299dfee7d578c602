import { type Action, isGlobalKey, keyMatches } from "../catalog.js";
import type { Fault } from "../finding.js";
import { literal } from "../model.js";
import type { Rule, Subject } from "./rule.js";

const OPERATORS = [
  ...["String", "Arn"].flatMap((type) => [
    `${type}Equals`,
    `${type}NotEquals`,
    `${type}Like`,
    `${type}NotLike`,
  ]),
  ...[
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
  ],
  ...["Numeric", "Date"].flatMap((type) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
      (comparison) => `${type}${comparison}`,
    ),
  ),
];

/** Claims of every OIDC token; the reference lists only what providers have beyond them. */
const OIDC_CLAIM = /^[\w.-]+\.[\w./-]+:(?:aud|sub|amr|oaud)$/;

/** Global keys that only some actions carry; for these the reference lists each. */
const TAG_KEY = /^aws:(?:RequestTag\/.|ResourceTag\/.|TagKeys$)/i;

export const knownConditions: Rule = {
  id: "known-conditions",
  applies: (_, { conditions }) => conditions.length > 0,
  judge: (subject) =>
    subject.statement.conditions.flatMap(({ operator, key }) => {
      const name = literal(key);
      if (name === undefined)
        return [
          {
            verdict: "unknown",
            text: `The condition key ${key.written} can't be told from the file.`,
            remedy: "Write the key out.",
          },
        ];
      return [...operatorFaults(operator), ...keyFaults(subject, name)];
    }),
};

function operatorFaults(operator: string): Fault[] {
  const bare = operator.replace(/^For(?:AllValues|AnyValue):/, "").replace(/IfExists$/, "");
  if (bare === "Null" ? !operator.endsWith("IfExists") : OPERATORS.includes(bare)) return [];
  return [
    {
      verdict: "fail",
      text: `${operator} is no condition operator.`,
      remedy: "AWS refuses the policy: use an operator of IAM's reference.",
    },
  ];
}

function keyFaults({ statement, catalog }: Subject, key: string): Fault[] {
  if (/^aws:/i.test(key) && !TAG_KEY.test(key)) {
    if (isGlobalKey(key)) return [];
    return [
      {
        verdict: "fail",
        text: `${key} is no global condition key.`,
        remedy: "Look the key up among AWS's global condition keys; no request carries one of this name.",
      },
    ];
  }
  return statement.actions.flatMap((text): Fault[] => {
    const action = literal(text);
    // Which actions a bare asterisk stands for is not listed; one that is unknown is another rule's business.
    if (action === undefined || action === "*") return [];
    const means = catalog.expand(action);
    if (means.length === 0 || means.some((each) => carries(each, key))) return [];
    return [
      {
        verdict: "fail",
        action,
        text: `No request of ${action} carries ${key}, so that the condition decides the same whatever is asked.`,
        remedy: "Move the action to a statement without this condition, or leave it out.",
      },
    ];
  });
}

function carries({ name, conditionKeys }: Action, key: string): boolean {
  if (name === "sts:AssumeRoleWithWebIdentity" && OIDC_CLAIM.test(key)) return true;
  return conditionKeys.some((listed) => keyMatches(listed, key));
}
