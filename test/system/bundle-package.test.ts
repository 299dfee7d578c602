import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployBundle } from "@telemedicina/bundle";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { type PackedModule, pack } from "./reuse/package.js";

/** The package as the registry would hand it out, in a project with what its manifest asks for. */
describe("npx @telemedicina/bundle", () => {
  let directory: string;
  let repository: string;
  let packed: PackedModule;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "bundle-package-"));
    repository = join(directory, "laravel");
    mkdirSync(repository);
    packed = await pack("bundle", directory);
    const place = join(directory, "node_modules/@telemedicina/bundle");
    mkdirSync(place, { recursive: true });
    await execa("tar", ["-xzf", packed.tarball, "--strip-components=1", "-C", place]);
    for (const name of Object.keys(packed.manifest.dependencies ?? {})) {
      const found = realpathSync(join(root, "modules/bundle/node_modules", name));
      symlinkSync(found, join(directory, "node_modules", name));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function bundle(...args: string[]) {
    const { bundle: program } = packed.manifest["bin"] as { bundle: string };
    const file = join(directory, "node_modules/@telemedicina/bundle", program);
    const { exitCode, stdout, stderr } = await execa("node", [file, ...args], {
      cwd: directory,
      reject: false,
    });
    return { exitCode, stdout, stderr };
  }

  it("brings no infrastructure into a Laravel repository: one small library, and one program", () => {
    expect(Object.keys(packed.manifest.dependencies ?? {})).toEqual(["commander"]);
    expect(packed.manifest.peerDependencies).toBeUndefined();
    expect(packed.manifest["bin"]).toEqual({ bundle: "./dist/main.js" });
    expect(packed.files).toEqual(
      expect.arrayContaining(["dist/main.js", "dist/index.d.ts", "files/common.sh"]),
    );
    expect(packed.files.filter((path) => /(^|\/)(test|src)\//.test(path))).toEqual([]);
  });

  it("writes what deployBundle renders, and finds it again", async () => {
    expect((await bundle("check", "laravel")).exitCode).toBe(1);
    expect(await bundle("write", "laravel")).toMatchObject({ exitCode: 0, stderr: "" });
    for (const { path, content } of deployBundle()) {
      expect(readFileSync(join(repository, path), "utf8"), path).toBe(content);
    }
    expect(statSync(join(repository, "scripts/migrate.sh")).mode & 0o777).toBe(0o755);
    expect(await bundle("check", "laravel")).toEqual({ exitCode: 0, stdout: "Up to date.", stderr: "" });
  });

  it("refuses to lose a change, in words on stderr and without a stack, until --force", async () => {
    writeFileSync(join(repository, "appspec.yml"), "mine\n");
    const refused = await bundle("write", "laravel");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^Nothing is written\. .*\n {2}- appspec\.yml\n/);
    expect(refused.stderr).not.toContain(" at ");
    expect(await bundle("write", "laravel", "--force")).toMatchObject({
      exitCode: 0,
      stdout: "written: appspec.yml",
    });
  });

  it("says how it is used", async () => {
    const { exitCode, stderr } = await bundle("wirte", "laravel");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("unknown command 'wirte'");
    expect((await bundle("--help")).stdout).toContain("write [options] <directory>");
  });

  it("comes from a clone as docs/deployment.md says", async () => {
    const other = join(directory, "other");
    mkdirSync(other);
    const tarball = join(directory, "bundle.tgz");
    const [packing = "", writing = ""] =
      read("docs/deployment.md").match(/^np.*\/tmp\/bundle\.tgz.*$/gm) ?? [];
    await execa({ cwd: root, shell: true })(packing.replace("/tmp/bundle.tgz", tarball));
    await execa({ cwd: other, shell: true })(writing.replace("/tmp/bundle.tgz", tarball));
    expect(readFileSync(join(other, "appspec.yml"), "utf8")).toBe(
      readFileSync(join(repository, "appspec.yml"), "utf8"),
    );
  });

  it.each(["docs/deployment.md", "modules/bundle/README.md", "CONTRIBUTING.md"])(
    "%s names the pnpm of package.json",
    (file) => {
      const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
      expect([...new Set(read(file).match(/pnpm@[0-9.]+/g))]).toEqual([packageManager]);
    },
  );
});

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
