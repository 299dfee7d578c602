import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleet } from "./support.js";

/** What Terraform makes of the JSON: `join("\n", …)` over strings that are templates without a reference. */
function renderedBy(text: string): string {
  const { stack } = fleet({ userData: text });
  const used = /^\$\{base64gzip\(join\("\\n", local\.(\S+)\)\)\}$/.exec(
    String(stack.only("aws_launch_template")["user_data"]),
  );
  const locals = stack.document["locals"] as Readonly<Record<string, readonly string[]>>;
  return (locals[used?.[1] ?? ""] ?? []).map(unescapeTemplate).join("\n");
}

/** As HCL reads a template: `$${` and `%%{` are text, a lone `${` or `%{` would open an expression. */
function unescapeTemplate(line: string): string {
  let text = "";
  for (let at = 0; at < line.length; ) {
    const escaped = /^(?:\$\$\{|%%\{)/.exec(line.slice(at))?.[0];
    if (escaped !== undefined) {
      text += escaped.slice(1);
      at += escaped.length;
      continue;
    }
    if (/^(?:\$\{|%\{)/.test(line.slice(at))) throw new Error(`Terraform would evaluate ${line} at ${at}`);
    text += line.charAt(at);
    at += 1;
  }
  return text;
}

/** Text that a compressor can do nothing with, the same each time. */
function incompressible(bytes: number): string {
  let text = "";
  for (let block = 0; text.length < bytes; block += 1) {
    text += createHash("sha512").update(String(block)).digest("base64");
  }
  return text.slice(0, bytes);
}

describe("user data", () => {
  it("stands in the JSON line by line", () => {
    const { stack } = fleet({ userData: "#cloud-config\nruncmd:\n  - [ date ]\n" });

    expect(Object.values(stack.document["locals"] as object)).toEqual([
      ["#cloud-config", "runcmd:", "  - [ date ]", ""],
    ]);
  });

  it.each([
    "${HOME} and ${LOGS:-/var/log}",
    "%{http_code} of curl, 100 %{",
    "$${pid} $$${pid} %%{x} %%%{x} $%{x} %${x}",
    "$ % $$ %% { } ${ at the end ${",
    "quotes \" and ' and `",
    "backslashes \\n \\\\ \\${x} \\",
    "tabs\tand  spaces  ",
    "ünïcödé 🎉 \u2028 \u00a0",
    "no line break at the end",
    "one\n",
    "several\n\n\n",
    "\n\nfirst",
  ])("reaches the host as it is: %j", (text) => {
    expect(renderedBy(text)).toBe(text);
  });

  it("reaches the host as it is, whatever it is", () => {
    const piece = fc.constantFrom("$", "%", "{", "}", "${", "%{", "\\", '"', "\n", "a", " ", "é", "~");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 2000, size: "max" }), (pieces) => {
        expect(renderedBy(pieces.join(""))).toBe(pieces.join(""));
      }),
      { numRuns: 15 },
    );
  });

  it("may be far larger than EC2 takes, since it is compressed", () => {
    expect(() => fleet({ userData: "echo the same line again\n".repeat(10_000) })).not.toThrow();
  });

  it("fails when it is too large even so", () => {
    // Base64 has 6 bits in a byte of 8: what gzip can win back.
    const text = incompressible(23_000);
    expect(() => fleet({ userData: text })).toThrow(
      /^test\/web has 1 fault:\n {2}- test\/web: userData is 17\d\d\d bytes when compressed\. Allowed: 16220 \(EC2 takes 16384; the rest is for Terraform's gzip, which packs a little less well\)\. Ship what is large with the release, or from S3\.$/,
    );
  });

  it("takes what just fits", () => {
    expect(() => fleet({ userData: incompressible(21_000) })).not.toThrow();
  });
});
