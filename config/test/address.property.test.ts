import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEnvironments } from "../src/check.js";
import { rules } from "../src/rules/index.js";
import { development, production } from "./support.js";

interface Block {
  readonly address: number;
  readonly prefix: number;
}

/** Blocks from where borders are: inside, around and just beside the private ranges and each other. */
const block: fc.Arbitrary<Block> = fc.record({
  address: fc.oneof(
    fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fc
      .tuple(
        fc.constantFrom("10.0.0.0", "172.16.0.0", "192.168.0.0"),
        fc.integer({ min: -(2 ** 21), max: 2 ** 21 }),
      )
      .map(([base, offset]) => number(base) + offset),
  ),
  prefix: fc.integer({ min: 1, max: 32 }),
});

/** A second block that has a fair chance to touch the first. */
const pair = block.chain((first) =>
  fc.tuple(
    fc.constant(first),
    fc.oneof(
      block,
      fc.record({
        address: fc
          .constantFrom(-1, 0, 1, 2)
          .map((steps) => clamp(first.address + steps * 2 ** (32 - first.prefix))),
        prefix: fc.integer({ min: 1, max: 32 }),
      }),
    ),
  ),
);

describe("address rules against plain arithmetic", () => {
  it("vpc-cidr-private", () => {
    const privates = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(range);
    fc.assert(
      fc.property(block, (each) => {
        const { first, last } = range(text(each));
        const inside = privates.some((other) => first >= other.first && last <= other.last);
        expect(broken("vpc-cidr-private", text(each))).toBe(!inside);
      }),
    );
  });

  it("vpc-cidr-canonical", () => {
    fc.assert(
      fc.property(block, fc.boolean(), (each, align) => {
        const size = 2 ** (32 - each.prefix);
        const chosen = align ? { ...each, address: each.address - (each.address % size) } : each;
        expect(broken("vpc-cidr-canonical", text(chosen))).toBe(chosen.address % size !== 0);
      }),
    );
  });

  it("vpc-cidr-size, for every prefix length", () => {
    const refused = Array.from({ length: 33 }, (_, prefix) => prefix).filter((prefix) =>
      broken("vpc-cidr-size", `10.0.0.0/${prefix}`),
    );
    expect(refused).toEqual([...Array(16).keys(), 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]);
  });

  it("vpc-cidr-disjoint, either way round", () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [a, b] = [range(text(one)), range(text(other))];
        const overlap = a.first <= b.last && b.first <= a.last;
        expect(broken("vpc-cidr-disjoint", text(one), text(other))).toBe(overlap);
        expect(broken("vpc-cidr-disjoint", text(other), text(one))).toBe(overlap);
      }),
    );
  });
});

function broken(id: string, cidr: string, otherCidr?: string): boolean {
  const files = [{ path: "production.yaml", text: production.replace("10.30.0.0/16", cidr) }];
  if (otherCidr !== undefined) {
    files.push({ path: "development.yaml", text: development.replace("10.10.0.0/16", otherCidr) });
  }
  return (
    checkEnvironments(
      files,
      rules.filter((rule) => rule.id === id),
    ).faults.length > 0
  );
}

function number(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function text({ address, prefix }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/${prefix}`;
}

function range(cidr: string): { first: number; last: number } {
  const [address = "", prefix = ""] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(number(address) / size) * size;
  return { first, last: first + size - 1 };
}

function clamp(address: number): number {
  return Math.min(Math.max(address, 0), 2 ** 32 - 1);
}
