/** One statement, in IAM's own words. */
export interface PolicyStatement {
  /** What the statement is for; Access Analyzer and error messages show it. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Only in policies of resources and of trust. */
  readonly Principal?:
    | "*"
    | { readonly AWS: string | readonly string[] }
    | { readonly Federated: string }
    | { readonly Service: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy as the JSON text that AWS takes; the same statements always give the same text. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
