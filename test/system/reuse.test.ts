import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../src/project.js";
import { importedPackages, type PackedModule, pack, readPacked } from "./reuse/package.js";
import { filesOf } from "./reuse/readme.js";

const { catalog } = parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")) as {
  catalog: Readonly<Record<string, string>>;
};
const engine = ["cdktf", "constructs", "@cdktf/provider-aws"].map((name) => `${name}@${catalog[name]}`);
const tools = ["typescript", "@types/node"].map((name) => `${name}@${catalog[name]}`);
const names = readdirSync(join(root, "modules")).sort();
const readmes = names.map((name) => ({
  name,
  files: filesOf(readFileSync(join(root, "modules", name, "README.md"), "utf8")),
}));

/** Another team's project: nothing of this workspace but the packages, as the registry would hand them out. */
let project: string;
let modules: readonly PackedModule[];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "telemedicina-reuse-"));
  modules = await packAll();
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "other-team", private: true, type: "module" }),
  );
  for (const { name, files } of readmes) {
    mkdirSync(join(project, name));
    for (const [file, text] of files) writeFileSync(join(project, name, file), text);
  }
  const tarballs = modules.map(({ tarball }) => tarball);
  await execa("npm", ["install", "--no-audit", "--no-fund", ...tarballs, ...engine, ...tools], {
    cwd: project,
  });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the packages", () => {
  it("hold what another team needs, and no source and no test", () => {
    for (const { name, files: packed } of modules) {
      const built = packed.filter((path) => path.startsWith("dist/"));
      const rest = packed.filter((path) => !/^(dist|files|sql)\//.test(path));
      expect(rest.sort(), name).toEqual(["LICENSE", "README.md", "package.json"]);
      const code = built.filter((path) => path.endsWith(".js"));
      const types = built.filter((path) => path.endsWith(".d.ts"));
      expect(code.length + types.length, name).toBe(built.length);
      expect(types.map((path) => path.replace(/\.d\.ts$/, ".js")).sort(), name).toEqual(code.sort());
      expect(
        code.filter((path) => /(^|[./])test/.test(path.replace("dist/testing/", ""))),
        name,
      ).toEqual([]);
    }
  });

  it("name real versions and built files, not the workspace's", () => {
    for (const { name, manifest, files: packed } of modules) {
      expect(JSON.stringify(manifest), name).not.toMatch(/workspace:|catalog:|\.\/src\//);
      const targets = Object.values(manifest.exports).flatMap((target) => Object.values(target));
      expect(targets.length, name).toBeGreaterThan(0);
      for (const target of targets) expect(packed, name).toContain(target.replace("./", ""));
    }
    const networking = modules.find(({ name }) => name === "networking");
    const core = modules.find(({ name }) => name === "core");
    expect(networking?.manifest.dependencies?.["@telemedicina/core"]).toBe(core?.manifest["version"]);
    expect(networking?.manifest.peerDependencies).toEqual({
      "@cdktf/provider-aws": catalog["@cdktf/provider-aws"],
      cdktf: catalog["cdktf"],
      constructs: catalog["constructs"],
    });
  });

  it("import nothing that they do not declare", async () => {
    for (const { name, tarball, manifest, files: packed } of modules) {
      const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      const sources = await Promise.all(
        packed.filter((path) => path.startsWith("dist/")).map((path) => readPacked(tarball, path)),
      );
      const imported = new Set(sources.flatMap(importedPackages));
      expect(
        [...imported].filter((used) => !declared.includes(used)),
        name,
      ).toEqual([]);
      const bundled = Object.keys(manifest.dependencies ?? {});
      expect(
        bundled.filter((unused) => !imported.has(unused)),
        name,
      ).toEqual([]);
    }
  });

  it("show a whole program where they make resources", () => {
    const making = modules.filter(({ manifest }) => "cdktf" in (manifest.peerDependencies ?? {}));
    const showing = readmes.filter(({ files }) => files.has("main.ts"));
    expect(making.map(({ name }) => name).sort()).toEqual(showing.map(({ name }) => name));
  });

  it("share one copy of the engine with the project", async () => {
    const { stdout } = await execa(
      "npm",
      ["ls", "--all", "--parseable", "cdktf", "constructs", "@telemedicina/core"],
      {
        cwd: project,
      },
    );
    const inProject = stdout.split("\n").filter((path) => path !== project);
    expect(inProject.map((path) => path.replace(`${project}/`, "")).sort()).toEqual([
      "node_modules/@telemedicina/core",
      "node_modules/cdktf",
      "node_modules/constructs",
    ]);
  });

  it("can be required, as a project made by `cdktf init` does", async () => {
    const packages = modules.map(({ manifest }) => manifest["name"]);
    const script = `for (const name of ${JSON.stringify(packages)}) console.log(Object.keys(require(name)).length > 0)`;
    const { stdout } = await execa("node", ["--input-type=commonjs", "--eval", script], { cwd: project });
    expect(stdout.split("\n")).toEqual(names.map(() => "true"));
  });
});

describe.each([
  ["bundler", "ESNext"],
  ["nodenext", "NodeNext"],
])("what the READMEs show, under moduleResolution %s", (moduleResolution, module) => {
  beforeAll(async () => {
    const config = {
      compilerOptions: {
        target: "ES2023",
        module,
        moduleResolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        types: ["node"],
        rootDir: ".",
        outDir: moduleResolution,
      },
      include: names.map((name) => `${name}/*.ts`),
    };
    writeFileSync(join(project, `${moduleResolution}.json`), JSON.stringify(config));
    await execa("npx", ["tsc", "--project", `${moduleResolution}.json`], { cwd: project });
  });

  it.each(readmes.filter(({ files }) => files.size > 0))(
    "that of $name runs as it stands there",
    async ({ name, files }) => {
      for (const file of files.keys()) {
        if (file.endsWith(".ts")) await run(moduleResolution, name, file);
      }
    },
  );

  it("that of networking makes a network whose flows are as they should be", async () => {
    rmSync(join(project, "networking/cdktf.out"), { recursive: true, force: true });
    await run(moduleResolution, "networking", "main.ts");
    const { resource } = document();
    expect(Object.keys(resource["aws_vpc"] ?? {})).toHaveLength(1);
    expect(Object.keys(resource["aws_subnet"] ?? {})).toHaveLength(8);
    expect(JSON.stringify(resource)).not.toMatch(/TfToken|TFTOKEN/);

    const { stdout } = await run(moduleResolution, "networking", "check.ts");
    expect(stdout).toMatch(/^(\d+) flows: \1 pass, 0 fail, 0 unknown$/m);
    expect(stdout).toMatch(/^pass .* reachable /m);
    expect(stdout).toMatch(/^pass .* refused /m);
  });

  it("the check of networking fails when the JSON no longer lets a flow through", async () => {
    const written = document();
    writeFileSync(
      stackFile(),
      JSON.stringify({ ...written, resource: { ...written.resource, aws_route: {} } }),
    );
    const { exitCode, stdout } = await run(moduleResolution, "networking", "check.ts", { reject: false });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail .* reachable /m);
  });
});

/** Two at a time, as many as CI has cores: half the time of one after the other. */
async function packAll(): Promise<PackedModule[]> {
  const waiting = [...names];
  const packed: PackedModule[] = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      packed.push(await pack(name, project));
    }
  };
  await Promise.all([worker(), worker()]);
  return packed;
}

/** Runs one compiled program of a README with nothing but Node. */
async function run(mode: string, name: string, file: string, options: { reject?: boolean } = {}) {
  const program = join(project, mode, name, file.replace(/\.ts$/, ".js"));
  return execa("node", [program], { cwd: join(project, name), ...options });
}

function stackFile(): string {
  const stacks = join(project, "networking/cdktf.out/stacks");
  const [stack = "", ...more] = readdirSync(stacks);
  expect(more).toEqual([]);
  return join(stacks, stack, "cdk.tf.json");
}

function document(): { resource: Record<string, Record<string, unknown>> } {
  return JSON.parse(readFileSync(stackFile(), "utf8")) as {
    resource: Record<string, Record<string, unknown>>;
  };
}
