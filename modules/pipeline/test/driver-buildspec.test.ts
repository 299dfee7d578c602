import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { driverBuildspec } from "../src/index.js";

function carried(buildspec: string): Buffer {
  const lines = buildspec.split("\n").map((line) => line.trim());
  const from = lines.findIndex((line) => line.includes("<<'END_OF_THE_PROGRAM'")) + 1;
  return Buffer.from(lines.slice(from, lines.indexOf("END_OF_THE_PROGRAM")).join(""), "base64");
}

describe("the driver's buildspec", () => {
  const program = Array.from({ length: 1000 }, (_, line) => `print("line ${line} of a long program")\n`).join(
    "",
  );

  it("CICD-07: carries a program that is longer than CodeBuild takes a buildspec", () => {
    const buildspec = driverBuildspec(program);
    expect(program.length).toBeGreaterThan(25_600);
    expect(buildspec.length).toBeLessThan(25_600);
    expect(gunzipSync(carried(buildspec)).toString()).toBe(program);
    expect(Math.max(...buildspec.split("\n").map(({ length }) => length))).toBeLessThan(200);
  });

  it("is the same wherever and whenever it is made: no time and no system in the archive", () => {
    const header = carried(driverBuildspec(program)).subarray(0, 10);
    expect(header.readUInt32LE(4)).toBe(0);
    expect(header.readUInt8(9)).toBe(255);
  });
});
