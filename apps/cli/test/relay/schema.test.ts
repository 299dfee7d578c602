import { describe, expect, it } from "vitest";
import { ResourceSchemas } from "../../src/relay/schema.js";
import { parseType } from "../../src/relay/value-type.js";
import { LIST, schemaAnswer } from "./fake.js";

describe("the schemas in a provider's answer", () => {
  const schemas = new ResourceSchemas(
    schemaAnswer({
      aws_one: {
        attributes: {
          name: ["string", { required: true }],
          token: ["string", { optional: true, sensitive: true, write_only: true }],
          made: [["list", ["object", { a: "number" }]], { computed: true }],
        },
        blocks: {
          rule: [
            LIST,
            { attributes: { port: ["number", { optional: true }] } },
            { min_items: 1, max_items: 3 },
          ],
        },
      },
      aws_two: {},
    }),
  );

  it("are found by resource type, data sources aside", () => {
    expect(schemas.types).toEqual(["aws_one", "aws_two"]);
    expect(schemas.get("aws_three")).toBeUndefined();
    expect(schemas.get("aws_two")).toEqual({ attributes: new Map(), blocks: new Map() });
  });

  it("tell type, origin and limits", () => {
    const one = schemas.get("aws_one");
    expect(one?.attributes.get("name")).toEqual({
      name: "name",
      type: { kind: "string" },
      optional: false,
      computed: false,
      writeOnly: false,
    });
    expect(one?.attributes.get("token")).toMatchObject({ optional: true, writeOnly: true });
    expect(one?.attributes.get("made")).toMatchObject({
      computed: true,
      type: { kind: "list", element: { kind: "object", attributes: new Map([["a", { kind: "number" }]]) } },
    });
    expect(one?.blocks.get("rule")).toMatchObject({ nesting: "list", minItems: 1, maxItems: 3 });
    expect(one?.blocks.get("rule")?.block.attributes.get("port")?.type).toEqual({ kind: "number" });
  });

  it("are decoded once", () => {
    expect(schemas.get("aws_one")).toBe(schemas.get("aws_one"));
  });

  it("fail on a type that protocol 5 does not have", () => {
    expect(() => parseType(["tree", "string"])).toThrow(
      "Relay: the provider's schema has an attribute of a type that Terraform's protocol 5 does not know.\n" +
        '  got:     ["tree","string"]\n' +
        "  allowed: string, number, bool, dynamic, or list, set, map, object, tuple of these.",
    );
  });
});
