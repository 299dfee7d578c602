/** A file's text from its lines; what is `undefined` does not apply and is left out. */
export function lines(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined).join("\n")}\n`;
}

/** First words of every rendered file: where it comes from, and how to change it. */
export const WRITTEN = "Written by @telemedicina/bundle; its settings stand in bundle.json.";
