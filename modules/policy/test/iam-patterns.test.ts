import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Catalog, isGlobalKey, keyMatches } from "../src/iam/catalog.js";
import { exactly, glob, matches, overlap, something } from "../src/iam/patterns.js";

const word = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 6 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 6 });

/** Every text of up to five letters: enough, since patterns of six tokens with an overlap have a short one. */
const texts = Array.from({ length: 7 }, (_, length) => length).flatMap((length) =>
  Array.from({ length: 3 ** length }, (_, number) =>
    Array.from({ length }, (_, place) => "ab:"[Math.floor(number / 3 ** place) % 3]).join(""),
  ),
);

describe("patterns", () => {
  it("match what a regular expression with the same wildcards matches", () => {
    fc.assert(
      fc.property(pattern, word, (glob, text) => {
        const expression = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matches(glob, text)).toBe(expression.test(text));
      }),
    );
  });

  it("overlap exactly when some text matches both", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 3 }),
        fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 3 }),
        (a, b) => {
          expect(overlap(glob(a), glob(b))).toBe(texts.some((text) => matches(a, text) && matches(b, text)));
        },
      ),
    );
  });

  it("overlap whichever is asked first", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        expect(overlap(glob(a), glob(b))).toBe(overlap(glob(b), glob(a)));
      }),
    );
  });

  it("take a variable for at least one character, none of those that it never holds", () => {
    fc.assert(
      fc.property(word, (text) => {
        const variable = [...exactly("a"), ...something(":")];
        expect(overlap(variable, exactly(`a${text}`))).toBe(/^[^:]+$/.test(text));
      }),
    );
  });
});

describe("actions that a pattern means", () => {
  const names = ["GetObject", "GetObjectAcl", "PutObject", "ListBucket"];
  const catalog = new Catalog(
    new Map([
      [
        "s3",
        new Map(
          names.map((name) => [
            name.toLowerCase(),
            { name: `s3:${name}`, resourceTypes: [], conditionKeys: [] },
          ]),
        ),
      ],
    ]),
  );
  const expand = (text: string) => catalog.expand(text).map(({ name }) => name);

  it("are those that match, in any case, of that service alone", () => {
    expect(expand("s3:getobject")).toEqual(["s3:GetObject"]);
    expect(expand("S3:Get*")).toEqual(["s3:GetObject", "s3:GetObjectAcl"]);
    expect(expand("s3:*Objec?")).toEqual(["s3:GetObject", "s3:PutObject"]);
    expect(expand("s3:*")).toHaveLength(4);
    expect(expand("ec2:*")).toEqual([]);
    expect(expand("s3:Delete*")).toEqual([]);
    expect(expand("GetObject")).toEqual([]);
  });

  it("are the whole of the service when only wildcards stand there, and each at least by its own name", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(10), (name, at) => {
        const cut = at % (name.length + 1);
        expect(expand(`s3:${name.slice(0, cut)}*`)).toContain(`s3:${name}`);
        expect(expand(`s3:*${name.slice(cut)}`)).toContain(`s3:${name}`);
        expect(expand(`s3:${name}`)).toEqual([`s3:${name}`]);
      }),
    );
  });
});

it("condition keys with a variable match any name in its place, and need one", () => {
  expect(keyMatches("kms:EncryptionContext:${EncryptionContextKey}", "kms:EncryptionContext:SecretARN")).toBe(
    true,
  );
  expect(keyMatches("kms:EncryptionContext:${EncryptionContextKey}", "kms:EncryptionContext:")).toBe(false);
  expect(keyMatches("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/class")).toBe(true);
  expect(keyMatches("s3:TlsVersion", "S3:tlsversion")).toBe(true);
  expect(isGlobalKey("aws:PrincipalTag/team")).toBe(true);
  expect(isGlobalKey("aws:sourcearn")).toBe(true);
  expect(isGlobalKey("aws:SourceArm")).toBe(false);
});
