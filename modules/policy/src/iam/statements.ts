import { isBody } from "../terraform/document.js";
import type { Condition, PolicyKind, Principal, Statement, Text } from "./model.js";
import type { Parsed } from "./policy-text.js";

/** What may stand in a statement. */
const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const NEGATIONS = ["NotAction", "NotPrincipal", "NotResource"];

/** The statements of a policy; a text when it is no policy at all. */
export function statementsOf({ json, text }: Parsed, kind: PolicyKind): Statement[] | string {
  if (!isBody(json) || json["Statement"] === undefined) return "it has no Statement";
  const listed = Array.isArray(json["Statement"]) ? json["Statement"] : [json["Statement"]];
  if (!listed.every(isBody)) return "a Statement is not an object";
  const old = json["Version"] === "2012-10-17" ? [] : ['its policy has no "Version": "2012-10-17"'];
  const sids = listed.map((raw) => raw["Sid"]);
  return listed.map((raw, index) => {
    const sid = typeof raw["Sid"] === "string" && raw["Sid"] !== "" ? raw["Sid"] : undefined;
    const twice = sid !== undefined && sids.indexOf(sid) !== index;
    return {
      sid: sid ?? `statement ${index + 1}`,
      effect: raw["Effect"] === "Deny" ? "Deny" : "Allow",
      principals: principalsOf(raw["Principal"] ?? raw["NotPrincipal"], text),
      actions: textsOf(raw["Action"] ?? raw["NotAction"], text),
      resources: textsOf(raw["Resource"] ?? raw["NotResource"], text),
      conditions: conditionsOf(raw["Condition"], text),
      negations: NEGATIONS.filter((name) => raw[name] !== undefined),
      faults: [
        ...old,
        ...(sid === undefined ? ["it has no Sid, by which findings and exceptions name it"] : []),
        ...(twice ? [`the Sid ${sid} is taken by an earlier statement`] : []),
        ...formFaults(raw, kind),
      ],
    };
  });
}

function formFaults(raw: Readonly<Record<string, unknown>>, kind: PolicyKind): string[] {
  const faults = Object.keys(raw)
    .filter((name) => !ELEMENTS.includes(name))
    .map((name) => `${name} is no element of a statement`);
  if (raw["Effect"] !== "Allow" && raw["Effect"] !== "Deny")
    faults.push(`its Effect is ${JSON.stringify(raw["Effect"])}, not "Allow" or "Deny"`);
  const needs = (name: string, wanted: boolean): void => {
    const given = [name, `Not${name}`].filter((each) => !isEmpty(raw[each]));
    if (wanted && given.length === 0) faults.push(`it has no ${name}`);
    if (!wanted && given.length > 0) faults.push(`${given.join(" and ")} can't stand in a policy of ${kind}`);
    if (given.length > 1) faults.push(`it has both ${given.join(" and ")}`);
  };
  needs("Action", true);
  needs("Resource", kind !== "trust");
  needs("Principal", kind !== "identity");
  return faults;
}

function principalsOf(raw: unknown, text: Parsed["text"]): Principal[] {
  if (typeof raw === "string") return [{ type: "*", id: text(raw) }];
  if (!isBody(raw)) return [];
  return Object.entries(raw).flatMap(([type, ids]) => textsOf(ids, text).map((id) => ({ type, id })));
}

function conditionsOf(raw: unknown, text: Parsed["text"]): Condition[] {
  if (!isBody(raw)) return [];
  return Object.entries(raw).flatMap(([operator, keys]) =>
    isBody(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator,
          key: text(key),
          values: textsOf(values, text),
        }))
      : [],
  );
}

function textsOf(raw: unknown, text: Parsed["text"]): Text[] {
  if (raw === undefined) return [];
  return (Array.isArray(raw) ? raw : [raw]).map((value) =>
    text(typeof value === "string" ? value : JSON.stringify(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
