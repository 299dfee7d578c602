import type { Some } from "./some.js";

/** What WAF does when a body is longer than it inspects: look at the part it has, or take it for a match or for none. */
export type Oversize = "CONTINUE" | "MATCH" | "NO_MATCH";

/** The part of a request that a statement looks at. */
export type Field =
  | { readonly part: "uriPath" }
  | { readonly part: "queryString" }
  | { readonly part: "allQueryArguments" }
  | { readonly part: "method" }
  | { readonly part: "header"; readonly name: string }
  | { readonly part: "queryArgument"; readonly name: string }
  | { readonly part: "body"; readonly oversize: Oversize }
  | {
      readonly part: "jsonBody";
      readonly look: "KEY" | "VALUE" | "ALL";
      /** JSON pointers, such as `/patient/name`. @default - the whole body */
      readonly paths?: Some<string> | undefined;
      /** What a body is that is no JSON. */
      readonly invalid: "MATCH" | "NO_MATCH" | "EVALUATE_AS_STRING";
      readonly oversize: Oversize;
    };

/** What is done to the part before it is compared. */
export const textTransformations = [
  "NONE",
  "BASE64_DECODE",
  "BASE64_DECODE_EXT",
  "CMD_LINE",
  "COMPRESS_WHITE_SPACE",
  "CSS_DECODE",
  "ESCAPE_SEQ_DECODE",
  "HEX_DECODE",
  "HTML_ENTITY_DECODE",
  "JS_DECODE",
  "LOWERCASE",
  "MD5",
  "NORMALIZE_PATH",
  "NORMALIZE_PATH_WIN",
  "REMOVE_NULLS",
  "REPLACE_COMMENTS",
  "REPLACE_NULLS",
  "SQL_HEX_DECODE",
  "URL_DECODE",
  "URL_DECODE_UNI",
  "UTF8_TO_UNICODE",
] as const;

export type TextTransformation = (typeof textTransformations)[number];

/** In the order in which they are done. Each but `NONE` costs 10 capacity units. */
export type TextTransformations = Some<TextTransformation>;
