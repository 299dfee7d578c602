/** Lines of a page. */
export type Lines = readonly string[];

export function heading(text: string): Lines {
  return [`## ${text}`, ""];
}

export function paragraph(...sentences: readonly string[]): Lines {
  return [sentences.join(" "), ""];
}

export function list(...items: readonly string[]): Lines {
  return [...items.map((item) => `- ${item}`), ""];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): Lines {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

/** Commands that are copied as they stand: what differs each time is a variable in a line of its own. */
export function commands(...lines: readonly string[]): Lines {
  return ["```sh", ...lines, "```", ""];
}

export function code(text: string): string {
  return `\`${text}\``;
}
