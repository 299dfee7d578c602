import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { emulatorCommand } from "../../src/commands/emulator.js";
import { parsePort, rehearseCommand } from "../../src/commands/rehearse.js";

/** What the flags become, with nothing run. */
function flags(command: Command, ...args: string[]): object {
  command.parseOptions(args);
  return command.opts();
}

describe("rehearse", () => {
  it("does the whole thing when nothing else is asked", () => {
    expect(flags(rehearseCommand())).toEqual({});
  });

  it("takes every flag", () => {
    const args = [
      "--stack",
      "network",
      "--quick",
      "--keep",
      "--port",
      "5600",
      "--report",
      "r.json",
      "--plan-only",
    ];
    expect(flags(rehearseCommand(), ...args)).toEqual({
      stack: "network",
      quick: true,
      keep: true,
      port: 5600,
      report: "r.json",
      planOnly: true,
    });
  });
});

describe("emulator", () => {
  it("plays development on a free port", () => {
    expect(flags(emulatorCommand())).toEqual({ environment: "development" });
  });
});

describe("parsePort", () => {
  it("takes a port", () => {
    expect([parsePort("1"), parsePort("65535")]).toEqual([1, 65_535]);
  });

  it.each(["0", "65536", "56.5", "http", ""])("fails on %j", (text) => {
    expect(() => parsePort(text)).toThrow(
      `"${text}" is not a port. Allowed: a whole number from 1 to 65535.`,
    );
  });
});
