import type { Wafv2WebAclDataProtectionConfig } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import type { Wafv2WebAclLoggingConfigurationRedactedFields } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js";
import type { LogSettings } from "./settings.js";

/** Whoever has one of these is the user, or CloudFront. */
const headers = ["authorization", "cookie", "x-csrf-token", "x-xsrf-token", "x-origin-verify"] as const;

/** Of Laravel's signed and mailed links, Reverb's API, CloudFront and S3. WAF compares names without regard to case. */
const secretArguments = [
  "auth_key",
  "auth_signature",
  "email",
  "expires",
  "hash",
  "key-pair-id",
  "policy",
  "signature",
  "token",
  "x-amz-credential",
  "x-amz-security-token",
  "x-amz-signature",
] as const;

/**
 * What neither logs nor the console's samples show. Of bodies WAF keeps only what a rule found, which can be a line of
 * a patient's record.
 */
export function dataProtection(logs: LogSettings): Wafv2WebAclDataProtectionConfig {
  const hidden = (fieldType: string, fieldKeys?: readonly string[]) => ({
    action: "SUBSTITUTION",
    excludeRateBasedDetails: false,
    excludeRuleMatchDetails: false,
    field: { fieldType, ...(fieldKeys === undefined ? {} : { fieldKeys: [...fieldKeys] }) },
  });
  return {
    dataProtection: [
      hidden("SINGLE_HEADER", hiddenHeaders(logs)),
      logs.queryStrings === "hidden"
        ? hidden("QUERY_STRING")
        : hidden("SINGLE_QUERY_ARGUMENT", secretArguments),
      hidden("BODY"),
    ],
  };
}

/** The log's own way to the same end, which knows query strings only as a whole. */
export function redactedFields(logs: LogSettings): Wafv2WebAclLoggingConfigurationRedactedFields[] {
  return [
    ...hiddenHeaders(logs).map((name) => ({ singleHeader: { name } })),
    ...(logs.queryStrings === "hidden" ? [{ queryString: {} }] : []),
  ];
}

function hiddenHeaders(logs: LogSettings): readonly string[] {
  return [...new Set([...headers, ...logs.hiddenHeaders.map((name) => name.toLowerCase())])];
}
