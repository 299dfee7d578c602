import { describe, expect, it } from "vitest";
import { ConfigError } from "../src/fault.js";
import { faultsOf, production } from "./support.js";

const tenFaults = `name: production
accountId: 033333333333
region: sa-east-1
drRegion: sa-east-1
domain: telemedicina.example.com
phase: 5
owner: devops-team@company.com
github: { owner: telemedicina-para-todos, repository: infrastructure }
state: { backend: s3 }
network:
  cidr: 172.40.0.0/16
  availabilityZones: { a: sae1-az1, b: sae1-az1 }
  nat: singel
  natGateways: 3
database:
  multiAz: "true"
  readReplicas: -1
observability: { alarmEmails: [devops-team@company.com] }
`;

describe("positions", () => {
  it("prints ten faults for a file with ten, each with its line and column", () => {
    const file = "config/environments/production.yaml";
    const faults = faultsOf([{ path: file, text: tenFaults }]);
    expect(faults.map(({ line, column, path, rule }) => `${line}:${column} ${path} ${rule}`)).toEqual([
      "1:1 costCenter missing-key",
      "2:12 accountId wrong-type",
      "4:11 drRegion dr-region-differs",
      "6:8 phase unknown-value",
      "11:9 network.cidr vpc-cidr-private",
      "12:40 network.availabilityZones.b az-distinct",
      "13:8 network.nat unknown-value",
      "14:3 network.natGateways unknown-key",
      "16:12 database.multiAz wrong-type",
      "17:17 database.readReplicas too-small",
    ]);
    const { message } = new ConfigError(faults);
    expect([message.split("\n")[0], message.split("\n").at(-1)]).toEqual([
      "10 faults in 1 file",
      "10 faults in 1 file",
    ]);
    expect(message.split("\n").filter((line) => line.startsWith(file))).toHaveLength(10);
  });

  it("sorts the faults of several files by file and line", () => {
    const broken = production.replace("phase: 2", "phase: 5").replace("nat: perAz", "nat: two");
    const files = ["b/production.yaml", "a/production.yaml"].map((path) => ({ path, text: broken }));
    const places = faultsOf(files)
      .filter(({ rule }) => rule === "unknown-value")
      .map(({ file, line }) => `${file}:${line}`);
    expect(places).toEqual([
      "a/production.yaml:6",
      "a/production.yaml:14",
      "b/production.yaml:6",
      "b/production.yaml:14",
    ]);
  });

  it("counts columns of a file with a byte order mark and Windows line ends as an editor does", () => {
    const text = `\ufeff${production.replace("nat: perAz", "nat: two").replaceAll("\n", "\r\n")}`;
    expect(faultsOf([{ path: "production.yaml", text }]).map(({ line, column }) => [line, column])).toEqual([
      [14, 8],
    ]);
  });

  it("reports a line once, however often the parser stumbles over it", () => {
    const text = "zones:\n  - a\n - b\n";
    const faults = faultsOf([{ path: "production.yaml", text }]);
    expect(faults.map(({ line, rule }) => `${line} ${rule}`)).toEqual(["3 yaml-syntax"]);
  });
});
