import type { Wafv2WebAclRule, Wafv2WebAclRuleAction } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { isGroupRule, type PlacedRule, type Rule, type RuleAction } from "./rule.js";
import { statementJson } from "./statement-json.js";

/** A rule as the bindings want it. `statement` is `any` there: here it is what {@link statementJson} made. */
export function ruleJson({ priority, rule }: PlacedRule): Wafv2WebAclRule {
  return {
    name: rule.name,
    priority,
    ...decision(rule),
    statement: statementJson(rule.statement),
    visibilityConfig: visibility(rule.name),
  };
}

/** Counted in CloudWatch under the name, with samples of the last three hours in the console. */
export function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

function decision(rule: Rule): Partial<Wafv2WebAclRule> {
  if (isGroupRule(rule)) return { overrideAction: rule.mode === "count" ? { count: {} } : { none: {} } };
  return {
    action: actionJson(rule.action),
    ...(rule.labels === undefined ? {} : { ruleLabel: rule.labels.map((name) => ({ name })) }),
  };
}

function actionJson(action: RuleAction): Wafv2WebAclRuleAction {
  if (action.kind === "allow") return { allow: {} };
  if (action.kind === "count") return { count: {} };
  const { response } = action;
  if (response === undefined) return { block: {} };
  return {
    block: {
      customResponse: {
        responseCode: response.status,
        ...(response.bodyKey === undefined ? {} : { customResponseBodyKey: response.bodyKey }),
        responseHeader: Object.entries(response.headers).map(([name, value]) => ({ name, value })),
      },
    },
  };
}
