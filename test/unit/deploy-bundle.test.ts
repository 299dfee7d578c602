import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployBundle } from "@telemedicina/bundle";
import { defaultStaticPaths } from "@telemedicina/cdn";
import { ports } from "@telemedicina/core";
import {
  type DistributionName,
  distributions,
  type HostRole,
  hostLogStreams,
  laravelHost,
} from "@telemedicina/host";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../src/project.js";

const names = Object.keys(distributions) as DistributionName[];
const roleSets: readonly (readonly HostRole[])[] = [["web", "worker", "scheduler"], ["web"], ["worker"]];
const hosts = names.flatMap((distribution) => roleSets.map((roles) => [distribution, roles] as const));

const files = new Map(deployBundle().map(({ path, content }) => [path, content]));
const settings = assignments(file("scripts/settings.sh"));
const hooks = [
  "common",
  "application_stop",
  "before_install",
  "after_install",
  "application_start",
  "validate_service",
]
  .concat("after_allow_traffic")
  .map((name) => file(`scripts/${name}.sh`))
  .join("\n");

describe("the bundle and a host of", () => {
  it.each(hosts)("%s with %j agree on where things are", (distribution, roles) => {
    const host = hostFiles(distribution, roles);
    const env = assignments(host.get(settings["HOST_ENV"] ?? "") ?? "");

    expect(env["APPLICATION"]).toBe(settings["DESTINATION"]);
    for (const program of ["LARAVELCTL", "RENDER_ENV"]) expect(host.has(settings[program] ?? "")).toBe(true);
    const { files: installed } = parse(file("appspec.yml")) as { files: { destination: string }[] };
    expect(installed.map(({ destination }) => destination)).toEqual([env["APPLICATION"]]);
  });

  it.each(hosts)("%s with %j agree on what a host says of itself", (distribution, roles) => {
    const env = assignments(hostFiles(distribution, roles).get(settings["HOST_ENV"] ?? "") ?? "");
    const told = { ...settings, ...env };
    const read = [...new Set([...hooks.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = ""]) => name))];
    // By hand only, CodeDeploy's agent's, and the shell's own.
    const others = ["ALB_TARGET_URL", "BASH_SOURCE", "DEPLOYMENT_ID", "SECONDS"];
    expect(read.filter((name) => told[name] === undefined && !others.includes(name))).toEqual([]);
    expect(env["FPM_UNIT"]).toBe(roles.includes("web") ? distributions[distribution].php.fpmUnit : "");
    expect([env["WEB_USER"], env["WEB_GROUP"]]).toEqual(Object.values(distributions[distribution].web));
  });

  it.each(names)("%s agree on the address that is asked, and on what no release answers", (distribution) => {
    const host = hostFiles(distribution, ["web"]);
    const { port, pathname } = new URL(settings["HEALTH_URL"] ?? "");
    const nginx = host.get(distributions[distribution].nginx.configurationFile);

    expect(nginx).toContain(`listen ${port} default_server`);
    expect(nginx).toContain(`location = ${pathname} {`);
    expect(host.get("/etc/telemedicina/placeholder.php")).toContain(`echo "${settings["PLACEHOLDER"]}\\n";`);
  });

  it.each(names)("%s agree on PHP: a release of the build's version starts there", (distribution) => {
    const built = /php: "([\d.]+)"/.exec(file("buildspec.yml"))?.[1] ?? "";
    if (distribution === "debian12") return;
    expect(Number(built)).toBeLessThanOrEqual(Number(distributions[distribution].php.version));
  });
});

describe("the bundle and", () => {
  it("the CDN agree on the files that the bucket has at its root", () => {
    expect(settings["STATIC_FILES"]?.split(" ").map((name) => `/${name}`)).toEqual([...defaultStaticPaths]);
  });

  it("the port matrix agree on nginx's and Reverb's", () => {
    expect(new URL(settings["HEALTH_URL"] ?? "").port).toBe(String(ports.app));
    expect(file(".env.development.example")).toContain(`\nREVERB_PORT=${ports.reverb}\n`);
  });

  it("ENV-01: the contract agree on every line of a host's .env", () => {
    const page = readFileSync(join(root, "docs/application.md"), "utf8");
    const listed = (head: string) => {
      const [, text = ""] = new RegExp(`^${head}: (.*)$`, "m").exec(page) ?? [];
      return [...text.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name);
    };
    const template = file(".env.production.example").split("# From ");
    const lines = (part: number) =>
      [...(template[part] ?? "").matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name);

    expect(lines(1).length).toBeGreaterThan(40);
    expect(lines(1)).toEqual(listed("From the contract"));
    expect(lines(2)).toEqual(listed("Read from their secrets"));
  });

  it("the contract agree on what browsers are told", () => {
    const page = readFileSync(join(root, "docs/application.md"), "utf8");
    const told = [...new Set([...page.matchAll(/`(VITE_[A-Z_]+)`/g)].map(([, name]) => name))].sort();
    expect(settings["VITE_VARIABLES"]?.split(" ").sort()).toEqual(told);
  });
});

function file(path: string): string {
  const content = files.get(path);
  if (content === undefined) throw new Error(`the bundle has no ${path}`);
  return content;
}

function hostFiles(distribution: DistributionName, roles: readonly HostRole[]): ReadonlyMap<string, string> {
  const host = laravelHost({
    distribution,
    roles,
    region: "sa-east-1",
    environment: "staging",
    contractParameter: "/acme/staging/contract",
    autoScaling: { groupName: "app", launchHook: "ready", terminateHook: "drain" },
    vpcCidr: "10.0.0.0/16",
    memoryMiB: 4096,
    logGroupNames: Object.fromEntries(hostLogStreams(roles).map((stream) => [stream, stream])) as never,
    queueName: "default",
    dataVolumeGiB: 100,
  });
  return new Map(host.files.map(({ path, content }) => [path, content]));
}

/** Of a file of shell assignments. */
function assignments(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
  );
}
