import { reasonFaultText } from "./errors.js";

/** What EC2, IAM and Elastic Load Balancing all let stand in a tag. */
const REASON = /^[\p{L}\p{Nd} .:/=+\-@_]+$/u;
const REASON_MAX_LENGTH = 256;

export function reasonFaults(prop: string, reason: string): string[] {
  const sound = reason.trim() !== "" && reason.length <= REASON_MAX_LENGTH && REASON.test(reason);
  return sound ? [] : [reasonFaultText(prop, reason, REASON_MAX_LENGTH)];
}
