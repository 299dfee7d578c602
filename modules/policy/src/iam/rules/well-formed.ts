import type { Rule } from "./rule.js";

export const wellFormed: Rule = {
  id: "well-formed",
  applies: () => true,
  judge: ({ statement }) =>
    statement.faults.map((fault) => ({
      verdict: "fail",
      text: `The statement is not well formed: ${fault}.`,
      remedy: "Write it as AWS takes it: Version 2012-10-17, a unique Sid, one of each element.",
    })),
};
