import { TerraformOutput } from "cdktf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserData, userDataBytes } from "../src/index.js";
import { synthStack } from "../src/testing/index.js";

/** The lines as Terraform reads them: templates undone. */
function linesOf(text: string): {
  readonly name: string;
  readonly lines: readonly string[];
  readonly raw: readonly string[];
  readonly output: unknown;
} {
  const { document } = synthStack((scope) => {
    const { base64 } = new UserData(scope, "user-data", text);
    new TerraformOutput(scope, "base64", { value: base64, staticId: true });
  });
  const [local] = Object.entries(document["locals"] as Readonly<Record<string, readonly string[]>>);
  const [name, lines] = local ?? ["", []];
  return {
    name,
    lines: lines.map((line) => line.replaceAll(/([$%])\1\{/g, (_, sign: string) => `${sign}{`)),
    raw: lines,
    output: (document["output"] as Readonly<Record<string, { readonly value: unknown }>>)["base64"]?.value,
  };
}

describe("UserData", () => {
  it("stands line by line in the JSON and is compressed by Terraform", () => {
    const { name, lines, output } = linesOf("#cloud-config\nruncmd: [ls]\n");
    expect(lines).toEqual(["#cloud-config", "runcmd: [ls]", ""]);
    expect(output).toBe(`\${base64gzip(join("\\n", local.${name}))}`);
  });

  it("keeps what looks like a template, quotes, backslashes and accents as they are", () => {
    expect(linesOf("a ${HOME} %{if} ${b}").raw).toEqual(["a $${HOME} %%{if} $${b}"]);
    const text = "echo \"${HOME}\" \\n %{ if } '$${x}' ação\n\ttab ${a}${b}\n";
    expect(linesOf("a ${HOME} %{if}\n").lines[0]).toBe("a ${HOME} %{if}");
    expect(linesOf(text.replace("$${x}", "x")).lines.join("\n")).toBe(text.replace("$${x}", "x"));
  });

  it("keeps every text, whatever is in it", () => {
    const piece = fc.constantFrom("${", "%{", "}", '"', "\\", "\n", "é", "\t", "#", "a", " ", "'");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        expect(linesOf(text).lines.join("\n")).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("fails when it is longer than EC2 takes", () => {
    // Hexadecimal digits of a number sequence: about two to one.
    const text = Array.from({ length: 5000 }, (_, index) =>
      ((index * 2654435761) % 4294967296).toString(16),
    ).join("\n");
    expect(userDataBytes(text)).toBeGreaterThan(16_384);
    expect(() => synthStack((scope) => void new UserData(scope, "user-data", text))).toThrow(
      new Error(
        `test/user-data: user data is ${userDataBytes(text)} bytes when compressed. Allowed: 16220, for EC2 takes no more. ` +
          "Shorten what the host runs, or let it fetch a part from a bucket.",
      ),
    );
  });
});
