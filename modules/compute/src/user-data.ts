import { gzipSync } from "node:zlib";
import { Fn, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";
import { noneFaultText, tokenFaultText, userDataSizeFaultText } from "./errors.js";

/** What EC2 takes, before base64. */
const EC2_BYTES = 16_384;
/** Terraform's gzip is Go's, which needs up to a half percent more than the one here. */
const MOST_BYTES = Math.floor(EC2_BYTES * 0.99);

/**
 * The text as EC2 wants it, compressed by Terraform. The JSON holds it as a list of lines, so that a reviewer of the
 * JSON sees which line has changed.
 */
export function userData(scope: Construct, id: string, text: string): string {
  const lines = new TerraformLocal(scope, id, text.split("\n").map(escapeTemplate));
  return Fn.base64gzip(Fn.join("\n", lines.asList));
}

/** Terraform reads every string of the JSON as a template; nothing else in it has a meaning there, backslashes neither. */
function escapeTemplate(line: string): string {
  return line.replaceAll(/[$%]\{/g, (opening) => opening.charAt(0) + opening);
}

export function userDataFaults(text: string): string[] {
  if (text === "") return [noneFaultText("userData", "line")];
  if (Token.isUnresolved(text)) return [tokenFaultText("userData")];
  const size = gzipSync(text).length;
  return size > MOST_BYTES ? [userDataSizeFaultText(size, MOST_BYTES, EC2_BYTES)] : [];
}
