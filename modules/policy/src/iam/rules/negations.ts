import type { Fault } from "../finding.js";
import type { Rule } from "./rule.js";

const REMEDIES: Readonly<Record<string, string>> = {
  NotAction: "List the actions: whatever AWS adds tomorrow is not on the list.",
  NotPrincipal: "Name the principals, or deny with a condition on aws:PrincipalArn.",
  NotResource: "Name the resources that are allowed.",
};

export const noNegations: Rule = {
  id: "no-negations",
  applies: () => true,
  judge: ({ statement: { effect, negations } }) =>
    negations
      // A denial of everything but a few resources is narrow where it should be: in what it leaves open.
      .filter((negation) => negation !== "NotResource" || effect === "Allow")
      .map(
        (negation): Fault => ({
          verdict: "fail",
          text: `The statement uses ${negation}, which takes in everything that nobody thought of.`,
          remedy: REMEDIES[negation] ?? "",
        }),
      ),
};
