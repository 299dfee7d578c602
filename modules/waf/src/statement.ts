import type { ClientAddress } from "./client-address.js";
import type { Field, TextTransformations } from "./field.js";
import type { ManagedGroup, ManagedRule } from "./managed-groups.js";
import type { Some } from "./some.js";

interface Inspects {
  readonly field: Field;
  readonly transformations: TextTransformations;
}

/** One look at the request. */
export type Match =
  | (Inspects & {
      readonly kind: "byteMatch";
      readonly search: string;
      readonly position: "EXACTLY" | "STARTS_WITH" | "ENDS_WITH" | "CONTAINS" | "CONTAINS_WORD";
    })
  | (Inspects & { readonly kind: "regexMatch"; readonly pattern: string })
  | (Inspects & { readonly kind: "regexPatternSet"; readonly arn: string })
  | (Inspects & {
      readonly kind: "sizeConstraint";
      readonly comparison: "EQ" | "NE" | "LE" | "LT" | "GE" | "GT";
      readonly bytes: number;
    })
  | (Inspects & { readonly kind: "sqliMatch"; readonly sensitivity: "LOW" | "HIGH" })
  | (Inspects & { readonly kind: "xssMatch" })
  | {
      readonly kind: "geoMatch";
      /** ISO 3166, two letters. */
      readonly countries: Some<string>;
      readonly address: ClientAddress;
    }
  | { readonly kind: "ipSet"; readonly arn: string; readonly address: ClientAddress }
  | {
      readonly kind: "asnMatch";
      readonly numbers: Some<number>;
      readonly address: ClientAddress;
    }
  | {
      readonly kind: "labelMatch";
      readonly look: "LABEL" | "NAMESPACE";
      /** A label of an earlier rule, such as `awswaf:managed:aws:core-rule-set:SizeRestrictions_Body`. */
      readonly key: string;
    };

/** WAF refuses `and` and `or` of a single statement. */
export type Several<Inner> = readonly [Inner, Inner, ...Inner[]];

type Logical<Inner> =
  | { readonly kind: "and"; readonly statements: Several<Inner> }
  | { readonly kind: "or"; readonly statements: Several<Inner> }
  | { readonly kind: "not"; readonly statement: Inner };

/** A match, or matches joined once. */
export type Condition1 = Match | Logical<Match>;

/** As deep as the provider's schema goes in a statement that narrows another one. */
export type ScopeDown = Condition1 | Logical<Condition1>;

/** As deep as the provider's schema goes. One level more is an error of the compiler, not of the plan. */
export type Condition = ScopeDown | Logical<ScopeDown>;

/** Seconds that WAF looks back when it counts. */
export const evaluationWindows = [60, 120, 300, 600] as const;
export type EvaluationWindow = (typeof evaluationWindows)[number];

/** More requests of one address than the limit. WAF notices within about half a minute and counts about right, no better. */
export interface RateStatement {
  readonly kind: "rate";
  readonly limit: number;
  readonly windowSeconds: EvaluationWindow;
  readonly address: ClientAddress;
  /** Which requests are counted and blocked. @default - all */
  readonly scope?: ScopeDown | undefined;
}

/** Rules that AWS maintains. */
export interface ManagedGroupStatement {
  readonly kind: "managedGroup";
  readonly group: ManagedGroup;
  /** @default - AWS's default version, which AWS moves on */
  readonly version?: string | undefined;
  /** Rules of the group that label and do not block. */
  readonly counted: readonly ManagedRule[];
  /** Which requests the group sees. @default - all */
  readonly scope?: ScopeDown | undefined;
}
