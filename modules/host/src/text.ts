/** A file's text from its lines; what is `undefined` does not apply and is left out. */
export function lines(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined).join("\n")}\n`;
}
