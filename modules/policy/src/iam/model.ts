import type { Block } from "../terraform/document.js";

/**
 * Where a policy works. `identity`: what a role may do. `trust`: who may take a role. `resource`: who may do what to
 * the resource that carries it. `endpoint`: what may pass a VPC endpoint; it grants nothing by itself.
 */
export type PolicyKind = "identity" | "trust" | "resource" | "endpoint";

/** A piece of a text in a policy: what the file says, what AWS will fill in, or what nobody can tell from the file. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** An attribute of a block of the documents that is known after apply: never a wildcard. */
  | { readonly kind: "reference"; readonly block: Block; readonly attribute: string }
  | { readonly kind: "unknown"; readonly why: string };

/** A text of a policy, with Terraform's references followed. */
export interface Text {
  readonly pieces: readonly Piece[];
  /** As the file writes it, for people. */
  readonly written: string;
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` for the bare asterisk. */
  readonly type: string;
  readonly id: Text;
}

/** One key under one operator: `StringEquals` → `aws:SourceAccount` → values. */
export interface Condition {
  readonly operator: string;
  readonly key: Text;
  readonly values: readonly Text[];
}

export interface Statement {
  /** Its Sid, or `statement 2` when it has none. */
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly Principal[];
  readonly actions: readonly Text[];
  /** Empty in policies of trust. */
  readonly resources: readonly Text[];
  readonly conditions: readonly Condition[];
  /** Which of `NotAction`, `NotPrincipal` and `NotResource` it uses. */
  readonly negations: readonly string[];
  /** What AWS would refuse about its form. */
  readonly faults: readonly string[];
}

/** Where something stands: the first thing that a finding says. */
export interface Place {
  /** Position of its document in the list that was read. */
  readonly document: number;
  readonly address: string;
  /** `policy`, or `inline_policy[0].policy` for one of several. */
  readonly attribute: string;
  /** The construct path that cdktf writes beside the resource. */
  readonly path: string | undefined;
}

export interface Policy extends Place {
  readonly kind: PolicyKind;
  /** The role, user or group of an identity or trust policy. */
  readonly holder: string | undefined;
  readonly statements: readonly Statement[];
}

/** A managed policy on a role: of these documents, or of AWS, whose text no document holds. */
export interface Attachment extends Place {
  readonly holder: string | undefined;
  readonly policy: Text;
}

/** A policy whose text can't be read. */
export interface Unread extends Place {
  readonly why: string;
}

/** What `readPolicies` found in the documents. */
export interface PolicyModel {
  readonly policies: readonly Policy[];
  readonly attachments: readonly Attachment[];
  readonly unread: readonly Unread[];
}

/** The text when nothing in it is left open. */
export function literal({ pieces }: Text): string | undefined {
  return pieces.every((piece) => piece.kind === "text") ? pieces.map(({ text }) => text).join("") : undefined;
}

/** Why the text is not known, if it is not. What AWS fills in counts as known. */
export function doubt({ pieces }: Text): string | undefined {
  return pieces.find((piece) => piece.kind === "unknown")?.why;
}
