import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ConfigError,
  environmentNames,
  loadEnvironment,
  loadEnvironments,
  NoEnvironmentsError,
  UnknownEnvironmentError,
} from "../src/index.js";
import { development, production } from "./support.js";

let directory: string;
const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
const shown = (name = "") => relative(process.cwd(), join(directory, name));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "config-"));
  write("production.yaml", production);
  write("development.yaml", development);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("loadEnvironments", () => {
  it("reads every file of the directory and nothing else", () => {
    write("README.md", "not an environment");
    mkdirSync(join(directory, "old"));
    expect(loadEnvironments(directory).map(({ name }) => name)).toEqual(["development", "production"]);
  });

  it("fails with paths that are relative to where the operator stands", () => {
    write("production.yaml", production.replace("nat: perAz", "nat: two"));
    expect(() => loadEnvironments(directory)).toThrow(
      [
        "1 fault in 1 file",
        "",
        `${shown("production.yaml")}:14:8  network.nat: unknown value`,
        '  found "two"; allowed: none, single, perAz.',
        "  Write one of the allowed values.",
      ].join("\n"),
    );
  });

  it("fails on a .yml file, which would otherwise go unread", () => {
    write("staging.yml", production);
    expect(() => loadEnvironments(directory)).toThrow("the file is called staging.yml, not production.yaml");
  });

  it.each(["", "missing"])("fails when there is no environment: %j", (folder) => {
    rmSync(join(directory, "production.yaml"));
    rmSync(join(directory, "development.yaml"));
    expect(() => loadEnvironments(join(directory, folder))).toThrow(new NoEnvironmentsError(shown(folder)));
  });

  it("says where it looked for environments", () => {
    expect(new NoEnvironmentsError("config/environments").message).toBe(
      [
        "There is no environment file in config/environments; expected: files such as production.yaml.",
        "Run the command from the project's root, or name the right directory.",
      ].join("\n"),
    );
  });
});

describe("loadEnvironment", () => {
  it("returns one environment, frozen", () => {
    const environment = loadEnvironment(directory, "production");
    expect(environment.name).toBe("production");
    expect(Object.isFrozen(environment.network.availabilityZones)).toBe(true);
  });

  it("fails on an unknown name and lists the known ones", () => {
    const load = () => loadEnvironment(directory, "prod");
    expect(load).toThrow(UnknownEnvironmentError);
    expect(load).toThrow(
      [
        `There is no environment "prod" in ${shown()}; allowed: development, production.`,
        "Did you mean production?",
      ].join("\n"),
    );
    expect(() => loadEnvironment(directory, "qa")).toThrow("Write one of these names.");
  });

  it("is not stopped by a fault of a sibling", () => {
    write("development.yaml", development.replace("phase: 2", "phase: 9"));
    expect(loadEnvironment(directory, "production").phase).toBe(2);
    expect(() => loadEnvironment(directory, "development")).toThrow(ConfigError);
  });

  it("fails on what contradicts a sibling, whichever file the fault stands in", () => {
    write("development.yaml", development.replace("10.10.0.0", "10.30.0.0"));
    const message = `${shown("production.yaml")}:12:9  network.cidr: overlaps 10.30.0.0/16 of development (${shown("development.yaml")}:12:9)`;
    expect(() => loadEnvironment(directory, "production")).toThrow(message);
    expect(() => loadEnvironment(directory, "development")).toThrow(message);
  });

  it("never takes a sibling that claims its name", () => {
    write("development.yaml", development.replace("name: development", "name: production"));
    expect(loadEnvironment(directory, "production").accountId).toBe("333333333333");
  });
});

describe("environmentNames", () => {
  it("lists the names without reading the files", () => {
    write("staging.yaml", "\t{");
    expect(environmentNames(directory)).toEqual(["development", "production", "staging"]);
  });
});
