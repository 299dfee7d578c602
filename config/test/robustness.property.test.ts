import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretIn } from "../src/secret.js";
import { nearest } from "../src/suggest.js";
import { faultsOf, production } from "./support.js";

const snippet = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    "\t",
    "\n",
    ": ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "|",
    "null",
    "~",
    "'",
    '"',
    "#",
    "__proto__: 1\n",
    "constructor: {}\n",
  ),
);

describe("robustness", () => {
  it("turns whatever is typed into faults with a place inside the file, never into a crash", () => {
    fc.assert(
      fc.property(fc.nat(production.length), fc.nat(30), snippet, (at, cut, typed) => {
        const text = production.slice(0, at) + typed + production.slice(at + cut);
        const lines = text.split("\n");
        for (const { line, column, message, allowed, fix } of faultsOf([{ path: "production.yaml", text }])) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect([message, allowed, fix].every((words) => words.length > 0)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never repeats a secret, wherever it is typed", () => {
    const secret = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
    fc.assert(
      fc.property(
        fc.nat(production.length),
        fc.constantFrom("", " ", "\n", ": ", "'", '"', "&", "*", "!"),
        (at, before) => {
          const text = `${production.slice(0, at)}${before}${secret} ${production.slice(at)}`;
          // Glued to a letter or digit it is another word.
          fc.pre(secretIn(text) !== undefined);
          const faults = faultsOf([{ path: "production.yaml", text }]);
          expect(JSON.stringify(faults)).not.toContain(secret);
          expect(faults.some(({ rule }) => rule === "secret")).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes __proto__ for the unknown key that it is", () => {
    const text = `${production}__proto__: { phase: 3 }\n`;
    const faults = faultsOf([{ path: "production.yaml", text }]);
    expect(faults.map(({ path, rule }) => `${path} ${rule}`)).toEqual(["__proto__ unknown-key"]);
  });

  it("knows each kind of secret", () => {
    const secrets = [
      ["AKIA", "IOSFODNN7EXAMPLE"],
      ["ASIA", "IOSFODNN7EXAMPLE"],
      ["wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"],
      ["ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"],
      ["github_pat_", "11ABCDEFG0abcdefghijkl_mnop"],
      ["-----BEGIN OPENSSH ", "PRIVATE KEY-----"],
    ];
    expect(secrets.map((parts) => secretIn(parts.join("")))).toEqual([
      "an AWS access key id",
      "an AWS access key id",
      "an AWS secret access key",
      "a GitHub token",
      "a GitHub token",
      "a private key",
    ]);
  });

  it("suspects no ordinary value: hashes, ARNs and long names pass", () => {
    const ordinary = [
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "arn:aws:iam::333333333333:role/OrganizationAccountAccessRole",
      "telemedicina-prod-tfstate-333333333333-sa-east-1",
    ];
    expect(ordinary.map(secretIn)).toEqual([undefined, undefined, undefined]);
  });

  it("suggests what was probably meant, and nothing when nothing is close", () => {
    const known = ["none", "single", "perAz"];
    expect(
      ["singel", "sngle", "peraz", "non", "noen", "many", "x"].map((word) => nearest(word, known)),
    ).toEqual(["single", "single", "perAz", "none", "none", undefined, undefined]);
  });
});
