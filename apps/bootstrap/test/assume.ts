import type { PolicyStatement } from "@telemedicina/core";
import type { StackJson } from "@telemedicina/core/testing";
import { list, role } from "./support.js";

/** An OIDC token as AWS STS sees it: issuer without scheme, and claims. */
export interface Token {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly [claim: string]: string;
}

const PHASES = ["plan", "apply"] as const;

/** The deploy roles that STS would hand to the bearer of a token, by what the rendered policies say. */
export function rolesFor(stack: StackJson, token: Token): readonly string[] {
  return PHASES.filter((phase) => mayAssume(stack, role(stack, phase).trust, token));
}

function mayAssume(stack: StackJson, trust: readonly PolicyStatement[], token: Token): boolean {
  const hits = trust.filter((statement) => applies(stack, statement, token));
  return hits.length > 0 && hits.every(({ Effect }) => Effect === "Allow");
}

function applies(stack: StackJson, statement: PolicyStatement, token: Token): boolean {
  const known = ["Sid", "Effect", "Principal", "Action", "Condition"];
  const unknown = Object.keys(statement).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`the evaluator does not know ${unknown.join(", ")}`);
  return (
    list(statement.Action).includes("sts:AssumeRoleWithWebIdentity") &&
    acceptsIssuer(stack, statement, token) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, token))
  );
}

/** The provider must be the token's issuer, and the audience one that the provider was made for. */
function acceptsIssuer(stack: StackJson, { Principal }: PolicyStatement, { iss, aud }: Token): boolean {
  const arn = (Principal as { readonly Federated: string }).Federated;
  const [, address] = /^\$\{(.+)\.arn\}$/.exec(arn) ?? [];
  if (address === undefined) return arn.endsWith(`:oidc-provider/${iss}`);
  const { url, client_id_list: audiences } = stack.at(address);
  return url === `https://${iss}` && (audiences as readonly string[]).includes(aud);
}

/** All keys must match, each by one of its values; a claim that is missing matches nothing. */
function holds(operator: string, keys: object, token: Token): boolean {
  const matches = OPERATORS[operator];
  if (matches === undefined) throw new Error(`the evaluator does not know ${operator}`);
  return Object.entries(keys as Record<string, string | readonly string[]>).every(([key, values]) => {
    const claim = key.startsWith(`${token.iss}:`) ? token[key.slice(token.iss.length + 1)] : undefined;
    return claim !== undefined && list(values).some((value) => matches(claim, value));
  });
}

const OPERATORS: Readonly<Record<string, (claim: string, value: string) => boolean>> = {
  StringEquals: (claim, value) => claim === value,
  StringLike: (claim, value) => wildcard(value).test(claim),
};

function wildcard(value: string): RegExp {
  const pattern = value
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "s");
}
