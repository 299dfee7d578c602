/** The type of an attribute, as Terraform's type system has it. */
export type ValueType =
  | { readonly kind: "string" | "number" | "bool" | "dynamic" }
  | { readonly kind: "list" | "set" | "map"; readonly element: ValueType }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, ValueType> }
  | { readonly kind: "tuple"; readonly elements: readonly ValueType[] };

/** Reads Terraform's JSON form of a type: `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`. */
export function parseType(json: unknown): ValueType {
  if (json === "string" || json === "number" || json === "bool" || json === "dynamic") return { kind: json };
  if (!Array.isArray(json)) throw unknownType(json);
  const [kind, inner] = json as readonly unknown[];
  if (kind === "list" || kind === "set" || kind === "map") return { kind, element: parseType(inner) };
  if (kind === "tuple" && Array.isArray(inner)) return { kind, elements: inner.map(parseType) };
  if (kind === "object" && typeof inner === "object" && inner !== null) {
    return {
      kind,
      attributes: new Map(Object.entries(inner).map(([name, type]) => [name, parseType(type)])),
    };
  }
  throw unknownType(json);
}

function unknownType(json: unknown): Error {
  return new Error(
    `Relay: the provider's schema has an attribute of a type that Terraform's protocol 5 does not know.\n` +
      `  got:     ${JSON.stringify(json)}\n` +
      "  allowed: string, number, bool, dynamic, or list, set, map, object, tuple of these.",
  );
}
