import type { Action } from "../catalog.js";
import type { Fault } from "../finding.js";
import { literal, type Statement, type Text } from "../model.js";
import { breadth, fits } from "../resources.js";
import type { Rule, Subject } from "./rule.js";

export const namedResources: Rule = {
  id: "named-resources",
  applies: ({ kind }, { effect, negations }) =>
    kind === "identity" && effect === "Allow" && !negations.includes("NotResource"),
  judge: (subject) => {
    const wide = subject.statement.resources.filter((resource) => breadth(resource) !== "named");
    return wide.flatMap((resource) => tooWide(subject, resource));
  },
};

function tooWide({ statement, catalog }: Subject, resource: Text): Fault[] {
  const limitable = statement.actions.flatMap((text): Fault[] => {
    const action = literal(text);
    if (action === undefined) return [];
    const types = catalog.expand(action).flatMap(({ resourceTypes }) => resourceTypes);
    if (action !== "*" && types.length === 0) return [];
    return [
      {
        verdict: "fail",
        action,
        text: `Allows ${action} on everything (${resource.written}).`,
        remedy: `${limitedTo(types)} Name the resources, or give an exception with its reason.`,
      },
    ];
  });
  if (breadth(resource) === "everything" || limitable.length === 0) return limitable;
  return [
    {
      verdict: "unknown",
      text: `The resource ${resource.written} may be everything.`,
      remedy: "Give its value to readPolicies, or write the resource so that the file tells it.",
    },
  ];
}

export const fittingResources: Rule = {
  id: "fitting-resources",
  applies: (_, { resources, negations }) =>
    resources.length > 0 &&
    !negations.some((negation) => negation !== "NotPrincipal") &&
    !resources.some((resource) => breadth(resource) === "everything"),
  judge: ({ statement, catalog }) => {
    const actions = statement.actions.map((text) => {
      const name = literal(text);
      return { name: text.written, means: name === undefined ? [] : catalog.expand(name) };
    });
    // What is no action at all, and what may be any, is the business of other rules.
    if (actions.some(({ means }) => means.length === 0)) return [];
    return [
      ...actions.flatMap(({ name, means }) => idleAction(statement, name, means)),
      ...statement.resources
        .filter((resource) => !actions.some(({ means }) => means.some((action) => actsOn(action, resource))))
        .map((resource): Fault => idleResource(statement, resource)),
    ];
  },
};

function actsOn(action: Action, resource: Text): boolean {
  return fits(resource, action.resourceTypes);
}

function idleAction(statement: Statement, name: string, means: readonly Action[]): Fault[] {
  const { effect, resources } = statement;
  if (means.some((action) => resources.some((resource) => actsOn(action, resource)))) return [];
  const types = means.flatMap(({ resourceTypes }) => resourceTypes);
  const verb = effect === "Allow" ? "allows" : "denies";
  const listed = resources.map(({ written }) => written).join(", ");
  return [
    {
      verdict: "fail",
      action: name,
      text:
        types.length === 0
          ? `${name} acts on no resource, so that a statement with resources ${verb} it nowhere.`
          : `${name} acts on none of the statement's resources (${listed}), so that the statement ${verb} it nowhere.`,
      remedy:
        types.length === 0
          ? 'Give it a statement of its own with "Resource": "*".'
          : `${limitedTo(types)} Name such a resource, or leave the action out.`,
    },
  ];
}

function idleResource({ actions }: Statement, resource: Text): Fault {
  return {
    verdict: "fail",
    text: `No action of the statement acts on ${resource.written}.`,
    remedy: `Leave it out, or see whether ${actions.map(({ written }) => written).join(", ")} is what was meant.`,
  };
}

/** What permissions of these kinds can be limited to; the first few, since some actions have dozens. */
function limitedTo(types: readonly { readonly arn: string }[]): string {
  const arns = [...new Set(types.map(({ arn }) => arn))].sort();
  if (arns.length === 0) return "AWS can limit it.";
  const more = arns.length > 3 ? ` and ${arns.length - 3} more` : "";
  return `AWS can limit it to ${arns.slice(0, 3).join(", ")}${more}.`;
}
