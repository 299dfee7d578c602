import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "../../src/project.js";

/** A module as the registry would get it. */
export interface PackedModule {
  readonly name: string;
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  readonly manifest: PackedManifest;
}

interface PackedManifest {
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Packs `modules/<name>` as `pnpm publish` would, into `directory`. */
export async function pack(name: string, directory: string): Promise<PackedModule> {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    packageManager: string;
  };
  const { stdout } = await execa(
    "npm",
    [
      "exec",
      "--yes",
      `--package=${packageManager}`,
      "--",
      "pnpm",
      "pack",
      "--json",
      "--pack-destination",
      directory,
    ],
    // npm has already chosen the version; pnpm would ask the registry for it again, in vain at times.
    { cwd: join(root, "modules", name), env: { pnpm_config_pm_on_fail: "ignore" } },
  );
  const packed = JSON.parse(stdout) as { filename: string; files: readonly { path: string }[] };
  return {
    name,
    tarball: packed.filename,
    files: packed.files.map(({ path }) => path),
    manifest: JSON.parse(await readPacked(packed.filename, "package.json")) as PackedManifest,
  };
}

export async function readPacked(tarball: string, file: string): Promise<string> {
  return (await execa("tar", ["-xzOf", tarball, `package/${file}`])).stdout;
}

/** The bare names that a file of JavaScript or of declarations imports. Texts hold `"from", from, ["…` too, which is none. */
export function importedPackages(source: string): string[] {
  return [...source.matchAll(/(?:from|import) ?\(?"([@\w][\w@/.:-]*)"/g)].flatMap(([, specifier = ""]) => {
    if (specifier.startsWith("node:")) return [];
    return [/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier];
  });
}
