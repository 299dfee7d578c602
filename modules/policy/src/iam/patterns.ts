/** What a place in a pattern takes: one character, any but these, or a run of any but these. */
type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "one"; readonly except: string }
  | { readonly kind: "many"; readonly except: string };

/** A pattern with `*` and `?`, or several of them in a row with things that only AWS knows in between. */
export type Pattern = readonly Token[];

/** A run of any length, none among it, of anything but these characters. */
function run(except = ""): Token {
  return { kind: "many", except };
}

/** At least one character, none of these. */
export function something(except = ""): Pattern {
  return [{ kind: "one", except }, run(except)];
}

export function exactly(text: string): Pattern {
  return [...text].map((char) => ({ kind: "char", char }));
}

/** A text in which `*` and `?` are IAM's wildcards. */
export function glob(text: string): Pattern {
  return [...text].map((char): Token => {
    if (char === "*") return run();
    return char === "?" ? { kind: "one", except: "" } : { kind: "char", char };
  });
}

/** Whether a name matches a pattern with wildcards. IAM ignores case in actions and condition keys. */
export function matches(pattern: string, name: string): boolean {
  return overlap(glob(pattern.toLowerCase()), exactly(name.toLowerCase()));
}

/** Whether there is a text that both patterns match. */
export function overlap(a: Pattern, b: Pattern): boolean {
  // Row by row over b: can the first i tokens of a and the first j of b match one text?
  let row = [true];
  for (let j = 1; j <= b.length; j += 1) row[j] = row[j - 1] === true && isMany(b[j - 1]);
  for (let i = 1; i <= a.length; i += 1) {
    const left = a[i - 1];
    const next = [row[0] === true && isMany(left)];
    for (let j = 1; j <= b.length; j += 1) {
      const right = b[j - 1];
      next[j] = meets(left, right, {
        above: row[j] === true,
        before: next[j - 1] === true,
        both: row[j - 1] === true,
      });
    }
    row = next;
  }
  return row[b.length] === true;
}

interface Cells {
  /** Without the last token of a; without the last of b; without either. */
  readonly above: boolean;
  readonly before: boolean;
  readonly both: boolean;
}

function meets(a: Token | undefined, b: Token | undefined, { above, before, both }: Cells): boolean {
  if (a === undefined || b === undefined) return false;
  const share = shareCharacter(a, b);
  // A run may be empty, or take the character of the other side and go on.
  if (isMany(a) && (above || (before && share))) return true;
  if (isMany(b) && (before || (above && share))) return true;
  return !isMany(a) && !isMany(b) && both && share;
}

function isMany(token: Token | undefined): boolean {
  return token?.kind === "many";
}

/** Whether one character satisfies both. Two exclusions always leave one over. */
function shareCharacter(a: Token, b: Token): boolean {
  if (a.kind === "char") return b.kind === "char" ? a.char === b.char : !b.except.includes(a.char);
  return b.kind === "char" ? !a.except.includes(b.char) : true;
}
