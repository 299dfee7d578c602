/** Files that a README shows: fenced blocks under a line `<!-- file: NAME -->`, in their order. */
export function filesOf(markdown: string): ReadonlyMap<string, string> {
  const blocks = markdown.matchAll(/^<!-- file: (\S+) -->\n+```\w*\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name = "", text = ""]) => [name, text]));
}
