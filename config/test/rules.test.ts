import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkEnvironments } from "../src/check.js";
import { parsePath } from "../src/path.js";
import { rules } from "../src/rules/index.js";
import type { Rule } from "../src/rules/rule.js";
import { environmentsDirectory, faultsDirectory, faultsOf, filesIn, production } from "./support.js";

describe("rules", () => {
  it("read no key that they do not declare, or a rule would run on a value that has a fault", () => {
    const undeclared = new Set<string>();
    const watched = rules.map((rule) => watch(rule, (path) => undeclared.add(`${rule.id} reads ${path}`)));
    const everything = [
      environmentsDirectory,
      ...readdirSync(faultsDirectory).map((each) => join(faultsDirectory, each)),
    ];
    for (const directory of everything) checkEnvironments(filesIn(directory), watched);
    expect([...undeclared]).toEqual([]);
  });

  it("declare only keys that exist", () => {
    const [environment] = [...checkEnvironments(filesIn(environmentsDirectory)).environments.values()];
    const optional = [
      "assumeRoleArn",
      "compute.sshKeyName",
      "database.iops",
      "database.maxConnections",
      "database.storageThroughputMiBps",
    ];
    for (const path of rules.flatMap((rule) => rule.paths).filter((each) => !optional.includes(each))) {
      expect(
        parsePath(path).reduce<unknown>((value, part) => Reflect.get(Object(value), part), environment),
        path,
      ).toBeDefined();
    }
  });

  it("still speak when another section, or another key of the same section, has no shape", () => {
    const text = production
      .replace("phase: 2", "phase: 9")
      .replace("nat: perAz", "nat: perAz\n  flowLogs: { retentionDays: 61 }")
      .replace("cidr: 10.30.0.0/16", "cidr: 172.40.0.0/16");
    expect(faultsOf([{ path: "production.yaml", text }]).map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      "phase unknown-value",
      "network.cidr vpc-cidr-private",
      "network.flowLogs.retentionDays unknown-value",
    ]);
  });

  it("keep silent about a key that has no shape", () => {
    const text = production.replace("cidr: 10.30.0.0/16", "cidr: 172.40.0.0");
    expect(faultsOf([{ path: "production.yaml", text }]).map(({ rule }) => rule)).toEqual(["wrong-form"]);
  });

  it.each([
    [
      "a value above what it reads",
      "network",
      "network: { cidr: 10.30.0.0/16 }",
      "network.availabilityZones.a",
    ],
    ["a value below what it reads", "a: sae1-az1", "a: sa-east-1a", "network.availabilityZones"],
    [
      "a default that hides a refused value",
      "state:",
      "database: { multiAz: !!bool false }\nstate:",
      "database.multiAz",
    ],
  ])("do not run on %s", (_, written, broken, path) => {
    const start = production.indexOf(written);
    const end = written === "network" ? production.indexOf("observability") : start + written.length;
    const text = `${production.slice(0, start)}${broken}${written === "network" ? "\n" : ""}${production.slice(end)}`;
    const runs = (source: string) => {
      let count = 0;
      const check = () => {
        count += 1;
        return [];
      };
      checkEnvironments([{ path: "production.yaml", text: source }], [{ id: "spy", paths: [path], check }]);
      return count;
    };
    expect([runs(production), runs(text)]).toEqual([1, 0]);
  });

  it("compare environments even when one of them has a fault elsewhere", () => {
    const other = production.replace("phase: 2", "phase: 9").replace("name: production", "name: staging");
    const faults = faultsOf([
      { path: "production.yaml", text: production },
      { path: "staging.yaml", text: other },
    ]);
    expect(faults.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      "accountId account-id-distinct",
      "domain domain-distinct",
      "phase unknown-value",
      "network.cidr vpc-cidr-disjoint",
    ]);
  });

  it("accept the smallest production file: its defaults are production's", () => {
    expect(faultsOf([{ path: "production.yaml", text: production }])).toEqual([]);
  });
});

/** The rule, with its environment behind a proxy that reports reads outside the declared paths. */
function watch(rule: Rule, report: (path: string) => void): Rule {
  const declared = (path: string) =>
    rule.paths.some((each) => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`));
  const spy = <T extends object>(target: T, path: string): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (typeof key === "symbol" || Array.isArray(object)) return value;
        const here = path === "" ? key : `${path}.${key}`;
        if (!declared(here)) report(here);
        return typeof value === "object" && value !== null ? spy(value, here) : value;
      },
    });
  return {
    ...rule,
    check: (environment, context) =>
      rule.check(spy(environment, ""), {
        ...context,
        earlier: context.earlier.map((each) => ({ ...each, config: spy(each.config, "") })),
      }),
  };
}
