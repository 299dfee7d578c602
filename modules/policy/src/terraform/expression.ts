export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly text: string };

/** Splits `"a-${b}-c"` into its parts; undefined when it holds a `%{ }` directive or is not closed. */
export function parseTemplate(template: string): Part[] | undefined {
  const parts: Part[] = [];
  let text = "";
  let at = 0;
  while (at < template.length) {
    const three = template.slice(at, at + 3);
    if (three === "$${" || three === "%%{") {
      text += three.slice(1);
      at += 3;
    } else if (three.startsWith("%{")) {
      return undefined;
    } else if (three.startsWith("${")) {
      const end = closingBrace(template, at + 2);
      if (end === undefined) return undefined;
      if (text !== "") parts.push({ kind: "text", text });
      text = "";
      parts.push({ kind: "expression", text: template.slice(at + 2, end).trim() });
      at = end + 1;
    } else {
      text += template[at];
      at += 1;
    }
  }
  if (text !== "" || parts.length === 0) parts.push({ kind: "text", text });
  return parts;
}

/** `aws_subnet.a["x"].id` → `["aws_subnet", "a", "x", "id"]`; undefined for anything that is not a plain reference. */
export function parseTraversal(expression: string): string[] | undefined {
  const root = /^[A-Za-z_][\w-]*/.exec(expression);
  if (root === null) return undefined;
  const steps = [root[0]];
  let rest = expression.slice(root[0].length);
  while (rest !== "") {
    const step = /^(?:\.([A-Za-z_][\w-]*|\d+)|\[\s*(?:"([^"\\$%]*)"|(\d+))\s*\])/.exec(rest);
    if (step === null) return undefined;
    steps.push(step[1] ?? step[2] ?? step[3] ?? "");
    rest = rest.slice(step[0].length);
  }
  return steps;
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quoted && char === "\\") at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{") depth += 1;
    else if (!quoted && char === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
