import { ExtData, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import {
  decodeValue,
  encodeValue,
  fromDynamic,
  hasUnknown,
  isObject,
  isUnknown,
  refinementOf,
  toDynamic,
} from "../../src/relay/values.js";

const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");

describe("values on the wire", () => {
  it("keeps an unknown value byte for byte", () => {
    // {"id": unknown}, as Terraform writes it.
    const wire = bytes("81a26964d40000");
    const value = decodeValue(wire);
    expect(isObject(value) && isUnknown(value["id"])).toBe(true);
    expect(encodeValue(value)).toEqual(wire);
  });

  it("keeps a refined unknown value and reads what is sure about it", () => {
    const body = encode({ 1: false, 2: "vpc-" });
    const wire = Buffer.concat([bytes("c7"), Buffer.from([body.length, 12]), Buffer.from(body)]);
    const value = decodeValue(wire);
    expect(encodeValue(value)).toEqual(wire);
    expect(isUnknown(value) && refinementOf(value)).toEqual({ prefix: "vpc-", minLength: 0 });
  });

  it("reads the least length of a refined unknown collection", () => {
    expect(refinementOf(new ExtData(12, encode({ 1: false, 5: 2, 6: 9 })))).toEqual({
      prefix: "",
      minLength: 2,
    });
  });

  it("calls no other extension unknown", () => {
    expect(isUnknown(new ExtData(5, Uint8Array.of(0)))).toBe(false);
    expect(isUnknown(decodeValue(bytes("d6ff00000000")))).toBe(false);
    expect(encodeValue(decodeValue(bytes("d6ff00000000")))).toEqual(bytes("d6ff00000000"));
  });

  it.each([
    ["the largest unsigned", "cfffffffffffffffff", 18446744073709551615n],
    ["the smallest signed", "d38000000000000000", -9223372036854775808n],
    ["one above what a double holds", "cf0020000000000001", 9007199254740993n],
  ])("keeps big integers exactly: %s", (_, hex, value) => {
    expect(decodeValue(bytes(hex))).toBe(value);
    expect(encodeValue(decodeValue(bytes(hex)))).toEqual(bytes(hex));
  });

  it("keeps numbers that are neither small nor 64 bits wide", () => {
    for (const value of [0, -1, 255, 65536, 4294967295, 4294967296, 2 ** 53 - 1, 0.5, -1.25e300]) {
      expect(decodeValue(encodeValue(value))).toBe(value);
    }
  });

  it("keeps the type in front of a dynamic value", () => {
    const wire = bytes(`92c408${Buffer.from('"string"').toString("hex")}a161`);
    expect(encodeValue(decodeValue(wire))).toEqual(wire);
  });

  it("finds an unknown value at any depth", () => {
    const unknown = new ExtData(0, Uint8Array.of(0));
    expect(hasUnknown({ a: [{ b: { c: unknown } }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: { c: null } }], d: Uint8Array.of(0) })).toBe(false);
  });

  it("reads both encodings of a message field and takes an absent one for null", () => {
    expect(fromDynamic({ msgpack: bytes("81a16101") })).toEqual({ a: 1 });
    expect(fromDynamic({ json: Buffer.from('{"a":1}') })).toEqual({ a: 1 });
    expect(fromDynamic({ msgpack: Buffer.alloc(0) })).toBeNull();
    expect(fromDynamic(undefined)).toBeNull();
    expect(fromDynamic(toDynamic(null))).toBeNull();
  });
});
