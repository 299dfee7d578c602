import { decode, type EncoderOptions, ExtData, ExtensionCodec, encode } from "@msgpack/msgpack";
import type { DynamicValue } from "./protocol.js";

/** A value as Terraform sends it: decoded msgpack in which `ExtData` 0 or 12 stands for "not known yet". */
export type Value = unknown;
export type ObjectValue = Record<string, unknown>;

const UNKNOWN = 0;
const REFINED_UNKNOWN = 12;

/** Keys of the map that a refined unknown carries. */
const REFINED_STRING_PREFIX = 2;
const REFINED_MIN_LENGTH = 5;

// A codec of our own, without the date extension that the library registers: Terraform does not use it.
const OPTIONS = { useBigInt64: true, extensionCodec: extensionsAsData() } as const;
const ENCODING: EncoderOptions = { useBigInt64: true };

export function decodeValue(bytes: Uint8Array): Value {
  return decode(bytes, OPTIONS);
}

export function encodeValue(value: Value): Buffer {
  return Buffer.from(encode(value, ENCODING));
}

/** The value in a message field; a field that was not sent is null. */
export function fromDynamic(dynamic: DynamicValue | null | undefined): Value {
  if (dynamic?.msgpack && dynamic.msgpack.length > 0) return decodeValue(dynamic.msgpack);
  if (dynamic?.json && dynamic.json.length > 0) return JSON.parse(Buffer.from(dynamic.json).toString("utf8"));
  return null;
}

export function toDynamic(value: Value): DynamicValue {
  return { msgpack: encodeValue(value) };
}

export function isUnknown(value: Value): value is ExtData {
  return value instanceof ExtData && (value.type === UNKNOWN || value.type === REFINED_UNKNOWN);
}

export function isObject(value: Value): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExtData) &&
    !(value instanceof Uint8Array)
  );
}

/** Whether any part of the value is not known. */
export function hasUnknown(value: Value): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

export interface Refinement {
  readonly prefix: string;
  readonly minLength: number;
}

/** What is already sure about an unknown value: how its string begins, how many elements it has at least. */
export function refinementOf(unknown: ExtData): Refinement {
  const body = unknown.type === REFINED_UNKNOWN ? decodeValue(unknown.data as Uint8Array) : undefined;
  const prefix = isObject(body) ? body[REFINED_STRING_PREFIX] : undefined;
  const length = isObject(body) ? body[REFINED_MIN_LENGTH] : undefined;
  return {
    prefix: typeof prefix === "string" ? prefix : "",
    minLength: typeof length === "number" ? length : 0,
  };
}

function extensionsAsData(): ExtensionCodec {
  const codec = new ExtensionCodec();
  codec.register({ type: -1, encode: () => null, decode: (data) => new ExtData(-1, data) });
  return codec;
}
