import { createHash } from "node:crypto";

/**
 * Where made-up values come from: the same resource, planned with the same values, gets the same seed in
 * every run; a second one like it gets another. So two runs can be compared, and no two ids are equal.
 */
export class SeedSource {
  private readonly given = new Map<string, number>();

  next(type: string, planned: Uint8Array): Seed {
    const digest = createHash("sha256").update(type).update("\0").update(planned).digest("hex");
    const count = this.given.get(digest) ?? 0;
    this.given.set(digest, count + 1);
    return new Seed(`${digest}/${count}`);
  }
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Draws from one seed. The same label gives the same draw. */
export class Seed {
  constructor(private readonly text: string) {}

  hex(length: number, label: string): string {
    return this.bytes(label).toString("hex").slice(0, length);
  }

  digits(length: number, label: string): string {
    return [...this.bytes(label).subarray(0, length)].map((byte) => byte % 10).join("");
  }

  upper(length: number, label: string): string {
    return [...this.bytes(label).subarray(0, length)].map((byte) => UPPER[byte % UPPER.length]).join("");
  }

  /** A UUID with the version and variant digits that RFC 4122 wants; the S3 backend checks them in key ARNs. */
  uuid(label: string): string {
    const hex = this.hex(32, label);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join("-");
  }

  /** 1 to 254, so that it can be any part of an IPv4 address. */
  byte(label: string): number {
    return 1 + ((this.bytes(label)[0] ?? 0) % 254);
  }

  integer(label: string): number {
    return 1 + (this.bytes(label).readUInt32BE(0) % 0x7fffffff);
  }

  private bytes(label: string): Buffer {
    return createHash("sha256").update(this.text).update("\0").update(label).digest();
  }
}
