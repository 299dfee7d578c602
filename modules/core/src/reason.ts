/** Characters of a tag's value. */
export const LONGEST_REASON = 256;

/** What every service of AWS lets stand in a tag; some take more. */
const REASON = /^[\p{L}\p{Nd} .:/=+\-@_]+$/u;

/** Whether a text says why something departs from the secure default, and can become a tag. */
export function isReason(reason: unknown): boolean {
  return (
    typeof reason === "string" &&
    reason.trim() !== "" &&
    reason.length <= LONGEST_REASON &&
    REASON.test(reason)
  );
}

/** @returns the fault, if the reason is none */
export function reasonFaults(prop: string, reason: string): string[] {
  if (isReason(reason)) return [];
  return [
    `${prop} is ${JSON.stringify(reason)}. Allowed: 1 to ${LONGEST_REASON} letters, digits, spaces and ` +
      ". : / = + - @ _ (it becomes a tag). Say why.",
  ];
}
