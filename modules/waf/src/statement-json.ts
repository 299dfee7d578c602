import type { ClientAddress } from "./client-address.js";
import { unknownKindError } from "./errors.js";
import type { Field, TextTransformations } from "./field.js";
import { managedGroups } from "./managed-groups.js";
import type { Condition, ManagedGroupStatement, Match, RateStatement } from "./statement.js";

type Value = string | number | readonly string[] | readonly number[] | Json | readonly Json[];

/** A block as Terraform's JSON has it: the bindings pass a statement on as it is, so its keys are the schema's. */
export interface Json {
  readonly [name: string]: Value;
}

export function statementJson(statement: Condition | RateStatement | ManagedGroupStatement): Json {
  switch (statement.kind) {
    case "rate":
      return { rate_based_statement: rateJson(statement) };
    case "managedGroup":
      return { managed_rule_group_statement: managedGroupJson(statement) };
    default:
      return conditionJson(statement);
  }
}

function conditionJson(condition: Condition): Json {
  switch (condition.kind) {
    case "and":
      return { and_statement: { statement: condition.statements.map(conditionJson) } };
    case "or":
      return { or_statement: { statement: condition.statements.map(conditionJson) } };
    case "not":
      return { not_statement: { statement: [conditionJson(condition.statement)] } };
    default:
      return matchJson(condition);
  }
}

function matchJson(match: Match): Json {
  switch (match.kind) {
    case "byteMatch":
      return {
        byte_match_statement: {
          search_string: match.search,
          positional_constraint: match.position,
          ...inspectsJson(match),
        },
      };
    case "regexMatch":
      return { regex_match_statement: { regex_string: match.pattern, ...inspectsJson(match) } };
    case "regexPatternSet":
      return { regex_pattern_set_reference_statement: { arn: match.arn, ...inspectsJson(match) } };
    case "sizeConstraint":
      return {
        size_constraint_statement: {
          comparison_operator: match.comparison,
          size: match.bytes,
          ...inspectsJson(match),
        },
      };
    case "sqliMatch":
      return { sqli_match_statement: { sensitivity_level: match.sensitivity, ...inspectsJson(match) } };
    case "xssMatch":
      return { xss_match_statement: inspectsJson(match) };
    case "geoMatch":
      return {
        geo_match_statement: { country_codes: match.countries, ...forwardedJson(match.address) },
      };
    case "ipSet":
      return { ip_set_reference_statement: { arn: match.arn, ...ipSetForwardedJson(match.address) } };
    case "asnMatch":
      return { asn_match_statement: { asn_list: match.numbers, ...forwardedJson(match.address) } };
    case "labelMatch":
      return { label_match_statement: { scope: match.look, key: match.key } };
    default:
      throw unknownKindError("statement", match satisfies never);
  }
}

function rateJson({ limit, windowSeconds, address, scope }: RateStatement): Json {
  return {
    limit,
    evaluation_window_sec: windowSeconds,
    aggregate_key_type: address.from === "connection" ? "IP" : "FORWARDED_IP",
    ...forwardedJson(address),
    ...(scope === undefined ? {} : { scope_down_statement: conditionJson(scope) }),
  };
}

function managedGroupJson({ group, version, counted, scope }: ManagedGroupStatement): Json {
  return {
    vendor_name: "AWS",
    name: managedGroups[group].name,
    ...(version === undefined ? {} : { version }),
    ...(counted.length === 0
      ? {}
      : { rule_action_override: counted.map((name) => ({ name, action_to_use: { count: {} } })) }),
    ...(scope === undefined ? {} : { scope_down_statement: conditionJson(scope) }),
  };
}

function inspectsJson({
  field,
  transformations,
}: {
  readonly field: Field;
  readonly transformations: TextTransformations;
}): Json {
  return {
    field_to_match: fieldJson(field),
    text_transformation: transformations.map((type, priority) => ({ priority, type })),
  };
}

function fieldJson(field: Field): Json {
  switch (field.part) {
    case "uriPath":
      return { uri_path: {} };
    case "queryString":
      return { query_string: {} };
    case "allQueryArguments":
      return { all_query_arguments: {} };
    case "method":
      return { method: {} };
    case "header":
      // The API compares names in lower case and the provider refuses any other.
      return { single_header: { name: field.name.toLowerCase() } };
    case "queryArgument":
      return { single_query_argument: { name: field.name.toLowerCase() } };
    case "body":
      return { body: { oversize_handling: field.oversize } };
    case "jsonBody":
      return {
        json_body: {
          match_scope: field.look,
          match_pattern: field.paths === undefined ? { all: {} } : { included_paths: field.paths },
          invalid_fallback_behavior: field.invalid,
          oversize_handling: field.oversize,
        },
      };
    default:
      throw unknownKindError("field", field satisfies never);
  }
}

function forwardedJson(address: ClientAddress): Json {
  if (address.from === "connection") return {};
  return { forwarded_ip_config: { header_name: address.name, fallback_behavior: address.invalid } };
}

function ipSetForwardedJson(address: ClientAddress): Json {
  if (address.from === "connection") return {};
  return {
    ip_set_forwarded_ip_config: {
      header_name: address.name,
      fallback_behavior: address.invalid,
      position: "FIRST",
    },
  };
}
