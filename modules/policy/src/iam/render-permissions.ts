import { type PermissionFinding, rules } from "./finding.js";

/**
 * Findings as text for people, worst first: rule, place, what is wrong and what to do. Of what passes only the
 * exceptions are shown.
 */
export function renderPermissions(findings: readonly PermissionFinding[]): string {
  const order = ["fail", "unknown", "pass"];
  const shown = findings
    .filter(({ verdict, exception }) => verdict !== "pass" || exception !== undefined)
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const count = (verdict: PermissionFinding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const excepted = shown.filter(({ exception }) => exception !== undefined).length;
  return [
    ...shown.map(entry),
    `${findings.length} checks: ${count("pass")} pass (${excepted} by exception), ${count("fail")} fail, ${count("unknown")} unknown`,
  ].join("\n");
}

function entry({
  verdict,
  exception,
  rule,
  address,
  attribute,
  path,
  sid,
  text,
  remedy,
}: PermissionFinding): string {
  const status = exception === undefined ? verdict : "exception";
  const where = [address, attribute, sid].filter((part) => part !== undefined && part !== "").join(", ");
  return [
    `${status}  ${rule}  ${where}${path === undefined ? "" : ` (${path})`}`,
    `    ${text}`,
    exception === undefined ? `    To do: ${remedy}` : `    Reason: ${exception.reason}`,
    ...(exception === undefined ? [`    Rule: ${rules[rule]}`] : []),
  ].join("\n");
}
