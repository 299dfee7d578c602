import type { Condition, Statement, Text } from "../model.js";

/** Operators by which a request must have the key and match it. `IfExists` and `ForAllValues` pass one without. */
const POSITIVE = [
  "StringEquals",
  "StringEqualsIgnoreCase",
  "StringLike",
  "ArnEquals",
  "ArnLike",
  "IpAddress",
];

/** Keys that say whose request it is or for whom it is made. */
export const CALLER_KEYS = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SourceIp",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "kms:CallerAccount",
];

/** Keys that say for whom a service acts. CloudWatch Logs sends no source with KMS requests but its log group's ARN. */
export const SOURCE_KEYS = [
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "kms:CallerAccount",
  "kms:EncryptionContext:aws:logs:arn",
];

/** Whether the statement holds only for requests that match one of these keys. */
export function isBound({ conditions }: Statement, keys: readonly string[]): boolean {
  const wanted = keys.map((key) => key.toLowerCase());
  return conditions.some(
    (condition) => wanted.includes(condition.key.written.toLowerCase()) && limits(condition),
  );
}

/** The values that a positive condition on the key asks for. */
export function valuesOf(
  { conditions }: Statement,
  operator: string,
  key: (name: string) => boolean,
): Text[] {
  return conditions.flatMap((one) => (one.operator === operator && key(one.key.written) ? one.values : []));
}

function limits({ operator, values }: Condition): boolean {
  return (
    POSITIVE.includes(operator.replace(/^ForAnyValue:/, "")) && values.length > 0 && !values.some(isAnything)
  );
}

/** A value that any request may have: every address, an ARN of whatever account, something the file doesn't tell. */
function isAnything({ pieces, written }: Text): boolean {
  if (["0.0.0.0/0", "::/0"].includes(written)) return true;
  const open = pieces.map((piece) =>
    piece.kind === "text" ? piece.text : piece.kind === "unknown" ? "*" : "x",
  );
  const text = open.join("");
  const arn = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.*)$/.exec(text);
  if (arn === null) return /^(?:arn:)?[*?:]*$/.test(text);
  const [, account = "", rest = ""] = arn;
  return account === "" ? /^[*?]/.test(rest) : /^[*?]+$/.test(account);
}
