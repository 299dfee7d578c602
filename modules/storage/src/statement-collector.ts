import { type PolicyStatement, policyDocument } from "@telemedicina/core";
import { Lazy } from "cdktf";
import { duplicateStatementError, policySizeError, sealedPolicyError } from "./errors.js";

/** S3's limit for a bucket policy, in bytes. */
const MOST_BYTES = 20_480;

/**
 * The statements of one bucket's policy, until it is written. A bucket has room for a single policy:
 * two resources would overwrite each other at every apply.
 */
export class StatementCollector {
  private readonly statements: PolicyStatement[] = [];
  private sealed = false;

  constructor(
    private readonly path: string,
    baseline: readonly PolicyStatement[],
  ) {
    for (const statement of baseline) this.add(statement);
  }

  /** @throws when the Sid is taken, or the policy has been written */
  add(statement: PolicyStatement): void {
    if (this.sealed) throw sealedPolicyError(this.path, statement.Sid);
    if (this.statements.some(({ Sid }) => Sid === statement.Sid)) {
      throw duplicateStatementError(this.path, statement.Sid);
    }
    this.statements.push(statement);
  }

  /** The policy as it stands when the stack is written. */
  document(): string {
    return Lazy.stringValue({
      produce: () => {
        this.sealed = true;
        const document = policyDocument(this.statements);
        const bytes = Buffer.byteLength(document);
        if (bytes > MOST_BYTES) throw policySizeError(this.path, bytes, MOST_BYTES);
        return document;
      },
    });
  }
}
