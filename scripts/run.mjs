// Runs a TypeScript entry point from source: node scripts/run.mjs <entry.ts> [arguments]
//
// esbuild bundles our own code and the small libraries into one file in some 50 ms; the engine and
// the provider bindings stay outside and load as they are. A loader that hooks every import costs
// several times that on the many files of the engine (docs/adr/0003-toolchain.md).
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node scripts/run.mjs <entry.ts> [arguments]");
  process.exit(2);
}

const source = resolve(entry);
// Beside the entry's own node_modules, so that what stays outside resolves as it would from the source.
const cache = join(dirname(dirname(source)), "node_modules", ".cache");
const bundle = join(cache, `${process.pid}.mjs`);
process.on("exit", () => rmSync(bundle, { force: true }));

mkdirSync(cache, { recursive: true });
buildSync({
  entryPoints: [source],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  sourcemap: "inline",
  sourcesContent: false,
  external: ["cdktf", "constructs", "@cdktf/*"],
  // CommonJS libraries inside the bundle still call require for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "error",
});

process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], relative(process.cwd(), source), ...rest];
await import(pathToFileURL(bundle).href);
