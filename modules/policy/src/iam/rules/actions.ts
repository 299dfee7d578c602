import type { Fault } from "../finding.js";
import { literal } from "../model.js";
import type { Rule } from "./rule.js";

export const knownActions: Rule = {
  id: "known-actions",
  applies: () => true,
  judge: ({ statement, catalog }) =>
    statement.actions.flatMap((text): Fault[] => {
      const action = literal(text);
      if (action === undefined)
        return [
          {
            verdict: "unknown",
            action: text.written,
            text: `The action ${text.written} can't be told from the file.`,
            remedy: "Write the action out.",
          },
        ];
      if (action === "*" || catalog.expand(action).length > 0) return [];
      const what = /[*?]/.test(action) ? "matches no action" : "is no action";
      return [
        {
          verdict: "fail",
          action,
          text: catalog.hasService(action)
            ? `${action} ${what} of the service.`
            : `${action} ${what}: AWS has no service of that prefix.`,
          remedy:
            "Look the action up in AWS's Service Authorization Reference; a wrong name allows or denies nothing.",
        },
      ];
    }),
};

export const namedActions: Rule = {
  id: "named-actions",
  // An endpoint's policy grants nothing: what passes must be allowed to the caller as well.
  applies: ({ kind }, { effect }) => effect === "Allow" && kind !== "endpoint",
  judge: ({ statement, catalog }) =>
    statement.actions.flatMap((text): Fault[] => {
      const action = literal(text);
      if (action === undefined || !/^(?:[^:]+:)?[*?]+$/.test(action)) return [];
      const count = catalog.expand(action).length;
      return [
        {
          verdict: "fail",
          action,
          text: `Allows ${action}: ${action.includes(":") ? `all ${count} actions of the service` : "every action of AWS"}.`,
          remedy: "List the actions that are needed, or give an exception with its reason.",
        },
      ];
    }),
};
