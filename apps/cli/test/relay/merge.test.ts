import { describe, expect, it } from "vitest";
import { merge } from "../../src/relay/merge.js";
import { LIST, MAP, SET, SINGLE, schema, UNKNOWN } from "./fake.js";

describe("the state of an echoed resource after apply", () => {
  const block = schema({
    attributes: {
      id: ["string"],
      description: ["string"],
      tags: [["map", "string"]],
      pairs: [["list", ["object", { key: "string", value: "string" }]]],
      names: [["set", "string"]],
    },
    blocks: {
      rule: [LIST, { attributes: { id: ["string"], note: ["string"] } }],
      peer: [SET, { attributes: { id: ["string"], note: ["string"] } }],
      only: [SINGLE, { attributes: { id: ["string"], note: ["string"] } }],
      named: [MAP, { attributes: { id: ["string"], note: ["string"] } }],
    },
  });

  it("has the planned value where the emulator lost it, and the provider's where nothing was planned", () => {
    expect(
      merge(
        block,
        { id: UNKNOWN, description: "why", tags: { a: "b" }, names: ["x"], pairs: null },
        { id: "sgr-1", description: "", tags: {}, names: [], pairs: [] },
      ),
    ).toEqual({ id: "sgr-1", description: "why", tags: { a: "b" }, names: ["x"], pairs: null });
  });

  it("looks into lists, maps, objects and blocks", () => {
    const planned = {
      tags: { a: UNKNOWN, b: "2" },
      pairs: [{ key: "k", value: UNKNOWN }],
      rule: [{ id: UNKNOWN, note: "n" }],
      only: { id: UNKNOWN, note: "n" },
      named: { x: { id: UNKNOWN, note: "n" } },
    };
    const actual = {
      tags: { a: "1", b: "lost" },
      pairs: [{ key: "lost", value: "v" }],
      rule: [{ id: "r", note: "" }],
      only: { id: "o", note: "" },
      named: { x: { id: "m", note: "" } },
    };
    expect(merge(block, planned, actual)).toEqual({
      tags: { a: "1", b: "2" },
      pairs: [{ key: "k", value: "v" }],
      rule: [{ id: "r", note: "n" }],
      only: { id: "o", note: "n" },
      named: { x: { id: "m", note: "n" } },
    });
  });

  it("takes the provider's answer where a half-known element cannot be found again", () => {
    const answer = { id: "r", note: "" };
    const actual = { names: ["b", "a"], peer: [{ id: "1", note: "" }], rule: [answer, answer], pairs: [] };
    const half = { id: UNKNOWN, note: "n" };
    const planned = {
      names: ["a", UNKNOWN],
      peer: [half],
      rule: [half],
      pairs: [{ key: UNKNOWN, value: "v" }],
    };
    expect(merge(block, planned, actual)).toEqual(actual);
  });

  it("keeps blocks that the emulator forgot altogether, without what was to be answered", () => {
    expect(merge(block, { rule: [{ id: UNKNOWN, note: "n" }] }, { rule: [] })).toEqual({
      rule: [{ id: null, note: "n" }],
    });
  });

  it("keeps write-only values out", () => {
    expect(merge(block, { id: UNKNOWN, description: null }, { id: "1", description: null })).toEqual({
      id: "1",
      description: null,
    });
  });
});
