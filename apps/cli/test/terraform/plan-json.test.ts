import { describe, expect, it } from "vitest";
import { plannedChanges } from "../../src/terraform/plan-json.js";

function resource(address: string, change: object, mode: "managed" | "data" = "managed") {
  return {
    address,
    type: address.split(".")[0] ?? "",
    mode,
    change: { actions: ["update"], before: {}, ...change },
  };
}

describe("plannedChanges", () => {
  it("names each attribute that differs, however deep", () => {
    const change = {
      before: { name: "a", rules: [{ port: 80, text: "x" }], tags: { A: "1" }, same: 1 },
      after: { name: "b", rules: [{ port: 443, text: "x" }], tags: { A: "1", B: "2" }, same: 1 },
    };
    expect(plannedChanges({ resource_changes: [resource("aws_x.y", change)] })).toEqual([
      {
        address: "aws_x.y",
        action: "update",
        attributes: ['name: "a" -> "b"', "rules[0].port: 80 -> 443", 'tags.B: null -> "2"'],
      },
    ]);
  });

  it("hides what is sensitive and says what is not known yet", () => {
    const change = {
      before: { password: "old", arn: "arn:1", list: ["a"] },
      after: { password: "new", list: ["a"] },
      after_unknown: { arn: true },
      before_sensitive: { password: true },
      after_sensitive: {},
    };
    expect(plannedChanges({ resource_changes: [resource("aws_x.y", change)] })[0]?.attributes).toEqual([
      "password: (sensitive) -> (sensitive)",
      'arn: "arn:1" -> (known after apply)',
    ]);
  });

  it("says which attribute forces a replacement", () => {
    const change = {
      actions: ["delete", "create"],
      before: { engine: "a", size: 1 },
      after: { engine: "b", size: 2 },
      replace_paths: [["engine"]],
    };
    expect(plannedChanges({ resource_changes: [resource("aws_x.y", change)] })).toEqual([
      {
        address: "aws_x.y",
        action: "replace",
        attributes: ['engine: "a" -> "b" (forces replacement)', "size: 1 -> 2"],
      },
    ]);
  });

  it("counts a resource that came or went as one", () => {
    const created = resource("aws_x.new", { actions: ["create"], before: null, after: { a: 1 } });
    expect(plannedChanges({ resource_changes: [created] })).toEqual([
      { address: "aws_x.new", action: "create", attributes: ['(whole value): null -> {"a":1}'] },
    ]);
  });

  it("counts outputs", () => {
    const output = { actions: ["update"], before: "vpc-1", after: "vpc-2" };
    expect(
      plannedChanges({ output_changes: { vpc: output, same: { ...output, actions: ["no-op"] } } }),
    ).toEqual([
      { address: "output.vpc", action: "update", attributes: ['(whole value): "vpc-1" -> "vpc-2"'] },
    ]);
  });

  it("does not count what is only read or stays", () => {
    const changes = [
      resource("data.aws_x.y", { actions: ["read"], before: null, after: { a: 1 } }, "data"),
      resource("aws_x.y", { actions: ["no-op"], before: { a: 1 }, after: { a: 1 } }),
    ];
    expect(plannedChanges({ resource_changes: changes })).toEqual([]);
  });
});
