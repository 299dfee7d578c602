import { gzipSync } from "node:zlib";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { userDataSizeError } from "./errors.js";

/** What EC2 takes of user data, in bytes, before base64, less what Terraform's compressor may need more than ours: half a percent. */
export const USER_DATA_LIMIT_BYTES = Math.floor(16_384 * 0.99);

/**
 * User data for a launch template, compressed by Terraform. In the JSON it stands line by line, so that a changed line of
 * a host is a changed line in review; cloud-init unpacks what it gets.
 */
export class UserData extends Construct {
  /** `user_data` of a launch template: base64. */
  readonly base64: string;

  /**
   * @param text the document, literal: it has no tokens in it, so its size is known
   * @throws when it would be longer than EC2 takes
   */
  constructor(scope: Construct, id: string, text: string) {
    super(scope, id);
    const bytes = userDataBytes(text);
    if (bytes > USER_DATA_LIMIT_BYTES) {
      throw userDataSizeError(this.node.path, bytes, USER_DATA_LIMIT_BYTES);
    }
    const stack = TerraformStack.of(this);
    const name = stack.getLogicalId(this.node);
    // Not a TerraformLocal: the engine would look for tokens twice in each of a thousand lines, an override's once.
    stack.addOverride(`locals.${name}`, text.split("\n").map(literal));
    this.base64 = `\${base64gzip(join("\\n", local.${name}))}`;
  }
}

/** The last text that was measured: whoever renders it, holds it against a limit and writes it asks in turn. */
let measured: { readonly text: string; readonly bytes: number } | undefined;

/** Size of user data as EC2 counts it. */
export function userDataBytes(text: string): number {
  if (measured?.text !== text) measured = { text, bytes: gzipSync(text).length };
  return measured.bytes;
}

/** Strings in Terraform's JSON are templates: what looks like one is doubled. */
function literal(line: string): string {
  return line.replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);
}
