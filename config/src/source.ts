import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from "yaml";
import type { ConfigFault } from "./fault.js";
import { formatPath, type Path } from "./path.js";
import { secretIn } from "./secret.js";
import { duplicate, emptyFile, notPlain, secretFound, syntaxFault, type Words } from "./source-faults.js";

export interface Place {
  readonly line: number;
  readonly column: number;
}

interface Entry {
  readonly key: Place;
  readonly value: Place;
  readonly written: string;
}

/** One file as plain data that still knows where each value was written. */
export class Source {
  /** Undefined when the file is not YAML. */
  readonly value: unknown;
  readonly faults: ConfigFault[] = [];
  /** Values that a fault already speaks of: nothing more is said about them. */
  readonly refused: Path[] = [];

  private readonly entries = new Map<string, Entry>();
  private readonly lines = new LineCounter();
  /** Lines whose secret has its fault already. */
  private readonly secretLines = new Set<number>();

  constructor(
    readonly file: string,
    text: string,
  ) {
    // The walk below finds duplicate keys itself: it knows their path and the first one's line.
    const document = parseDocument(text, {
      lineCounter: this.lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: false,
    });
    const errors = [...document.errors, ...document.warnings].filter(
      ({ code }) => code !== "TAG_RESOLVE_FAILED",
    );
    if (errors.length > 0) this.syntaxFaults(errors);
    else if (document.contents === null) this.fault(start, [], emptyFile);
    else this.value = this.plain(document.contents, [], this.placeOf(document.contents));
    this.scan(text);
  }

  /** Where the value stands, or the closest mapping around it when it was not written. */
  place(path: Path): Place {
    return this.entry(path)?.value ?? (path.length > 0 ? this.place(path.slice(0, -1)) : start);
  }

  keyPlace(path: Path): Place {
    return this.entry(path)?.key ?? this.place(path);
  }

  /** The value as written, undefined when it was not. */
  written(path: Path): string | undefined {
    return this.entry(path)?.written;
  }

  fault(place: Place, path: Path, words: Words): void {
    this.faults.push({ ...words, ...place, file: this.file, path: formatPath(path), otherFiles: [] });
  }

  private entry(path: Path): Entry | undefined {
    return this.entries.get(JSON.stringify(path));
  }

  private placeOf(node: Node): Place {
    const { line, col } = this.lines.linePos(node.range?.[0] ?? 0);
    return { line, column: col };
  }

  private syntaxFaults(errors: readonly YAMLError[]): void {
    const seen = new Set<number>();
    for (const error of errors) {
      const { line, col } = this.lines.linePos(error.pos[0]);
      // One slip often makes the parser stumble several times on its line.
      if (seen.has(line)) continue;
      seen.add(line);
      this.fault({ line, column: col }, [], syntaxFault(error));
    }
  }

  private plain(node: Node, path: Path, key: Place): unknown {
    const place = this.placeOf(node);
    this.entries.set(JSON.stringify(path), { key, value: place, written: describe(node) });
    if (isAlias(node)) return this.refuse(place, path, notPlain("an alias", `*${node.source}`));
    const anchor = "anchor" in node ? node.anchor : undefined;
    if (anchor !== undefined) return this.refuse(place, path, notPlain("an anchor", `&${anchor}`));
    if (node.tag !== undefined)
      return this.refuse(place, path, notPlain("a tag", node.tag.replace("tag:yaml.org,2002:", "!!")));
    if (isMap(node)) return this.mapping(node.items, path);
    if (isSeq(node)) {
      return node.items.map((item, index) =>
        this.plain(item as Node, [...path, index], this.placeOf(item as Node)),
      );
    }
    const secret = secretIn(String(node.value));
    if (secret === undefined) return node.value;
    this.secretFault(node, path, secret);
    this.refused.push(path);
    return undefined;
  }

  /** A key without even a colon, as in `{ multiAz }`. */
  private nothing(path: Path, place: Place): null {
    this.entries.set(JSON.stringify(path), { key: place, value: place, written: "nothing" });
    return null;
  }

  private mapping(pairs: readonly { key: unknown; value: unknown }[], path: Path): Record<string, unknown> {
    // Without a prototype `__proto__` is a key like any other, and unknown like any other.
    const result: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      const keyNode = pair.key as Node;
      const place = this.placeOf(keyNode);
      if (!isScalar(keyNode)) {
        this.fault(place, path, notPlain("a key that is not text", describe(keyNode)));
        continue;
      }
      const name = typeof keyNode.value === "string" ? keyNode.value : (keyNode.source ?? "null");
      const keyPath = [...path, name];
      const secret = secretIn(name);
      const first = this.entry(keyPath);
      if (secret !== undefined) this.secretFault(keyNode, path, secret);
      else if (name === "<<") this.refuse(place, keyPath, notPlain("a merge key", "<<"));
      else if (first !== undefined) this.fault(place, keyPath, duplicate(name, first.key.line));
      else if (pair.value === null) result[name] = this.nothing(keyPath, place);
      else result[name] = this.plain(pair.value as Node, keyPath, place);
    }
    return result;
  }

  private secretFault(node: Node, path: Path, kind: string): void {
    const from = this.placeOf(node);
    const to = this.lines.linePos(node.range?.[1] ?? 0).line;
    for (let line = from.line; line <= to; line++) this.secretLines.add(line);
    this.fault(from, path, secretFound(kind));
  }

  /** Comments and files that are not YAML can hold secrets too. */
  private scan(text: string): void {
    for (const [index, line] of text.split("\n").entries()) {
      const secret = secretIn(line);
      if (secret === undefined || this.secretLines.has(index + 1)) continue;
      this.fault({ line: index + 1, column: line.search(/\S/) + 1 }, [], secretFound(secret));
    }
  }

  private refuse(place: Place, path: Path, words: Words): undefined {
    this.fault(place, path, words);
    this.refused.push(path);
    return undefined;
  }
}

const start: Place = { line: 1, column: 1 };

function describe(node: Node): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return node.items.length === 0 ? "an empty list" : "a list";
  if (!isScalar(node)) return "an alias";
  if (node.value === null) return "nothing";
  if (secretIn(String(node.value)) !== undefined) return "a secret, not repeated here";
  if (typeof node.value !== "string") return node.source ?? String(node.value);
  const text = node.value.length > 80 ? `${node.value.slice(0, 80)}…` : node.value;
  return JSON.stringify(text);
}
