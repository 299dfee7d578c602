import type { Fault } from "../finding.js";
import { doubt, literal, type Policy, type Principal, type Statement } from "../model.js";
import { CALLER_KEYS, isBound, SOURCE_KEYS, valuesOf } from "./binding.js";
import type { Rule } from "./rule.js";

export const namedPrincipals: Rule = {
  id: "named-principals",
  applies: (_, { effect, principals }) => effect === "Allow" && principals.length > 0,
  judge: ({ statement }) =>
    statement.principals.flatMap(({ id }): Fault[] => {
      const why = doubt(id);
      if (why !== undefined)
        return [
          {
            verdict: "unknown",
            text: `The principal ${id.written} can't be told from the file: ${why}.`,
            remedy: "Give its value to readPolicies, or name the principal.",
          },
        ];
      if (!(literal(id) ?? "").includes("*") || isBound(statement, CALLER_KEYS)) return [];
      return [
        {
          verdict: "fail",
          text: "Allows everybody, in every account of AWS and without one, and no condition says who.",
          remedy:
            "Name the principal, or add a condition on who calls, such as aws:PrincipalAccount, by an operator that a request without the key fails.",
        },
      ];
    }),
};

/** Services that hand a role to what runs in the account, and send no source along when they take it. */
const WITHOUT_SOURCE = ["ec2.amazonaws.com"];

export const boundServices: Rule = {
  id: "bound-services",
  applies: (policy, statement) => statement.effect === "Allow" && servicesOf(policy, statement).length > 0,
  judge: ({ policy, statement }) => {
    if (isBound(statement, SOURCE_KEYS)) return [];
    return servicesOf(policy, statement).map(
      ({ id }): Fault => ({
        verdict: "fail",
        text: `Trusts ${id.written} for whomever it acts: another customer could have it act on this resource.`,
        remedy: "Add a condition on aws:SourceAccount or aws:SourceArn.",
      }),
    );
  },
};

function servicesOf({ kind }: Policy, { principals }: Statement): Principal[] {
  const services = principals.filter(({ type }) => type === "Service");
  return kind === "trust" ? services.filter(({ id }) => !WITHOUT_SOURCE.includes(id.written)) : services;
}

export const trustedParties: Rule = {
  id: "trusted-parties",
  applies: ({ kind }, { effect }) => kind === "trust" && effect === "Allow",
  judge: ({ statement }) =>
    statement.principals
      .filter(({ type }) => type !== "Service" && type !== "Federated")
      .map(
        ({ id }): Fault => ({
          verdict: "fail",
          text: `Lets ${id.written} take the role, which is neither an AWS service nor an identity provider.`,
          remedy: "Trust a service or an identity provider, or give an exception with its reason.",
        }),
      ),
};

export const exactSubjects: Rule = {
  id: "exact-subjects",
  applies: ({ kind }, { effect, principals }) =>
    kind === "trust" && effect === "Allow" && principals.some(({ type }) => type === "Federated"),
  judge: ({ statement }) =>
    statement.principals
      .filter(({ type, id }) => type === "Federated" && !id.written.includes(":saml-provider/"))
      .flatMap(({ id }) =>
        (["aud", "sub"] as const).flatMap((claim): Fault[] => {
          if (asksFor(statement, issuerOf(id), claim)) return [];
          const whose = claim === "aud" ? "made for other audiences" : "of every subject of the provider";
          return [
            {
              verdict: "fail",
              text: `Takes tokens ${whose}: no StringEquals asks for ${claim}.`,
              remedy: `Ask by StringEquals for <issuer>:${claim} with exact values: StringLike would take a subject that somebody else can make up.`,
            },
          ];
        }),
      ),
};

/** Whether a condition asks for exact values of the claim, of this issuer where the issuer is known. */
function asksFor(statement: Statement, issuer: string | undefined, claim: "aud" | "sub"): boolean {
  const isClaim = (key: string): boolean =>
    issuer === undefined ? key.endsWith(`:${claim}`) : key === `${issuer}:${claim}`;
  const values = valuesOf(statement, "StringEquals", isClaim);
  return values.length > 0 && values.every((value) => doubt(value) === undefined);
}

/** `token.actions.githubusercontent.com`, by the provider's ARN or by the URL of the provider it refers to. */
function issuerOf(id: Principal["id"]): string | undefined {
  const arn = literal(id);
  if (arn !== undefined) return /:oidc-provider\/(.+)$/.exec(arn)?.[1];
  const [piece] = id.pieces;
  const url = piece?.kind === "reference" ? piece.block.body["url"] : undefined;
  return typeof url === "string" && !url.includes("${") ? url.replace(/^https:\/\//, "") : undefined;
}
