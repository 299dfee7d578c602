// Runs a TypeScript entry point from source: node scripts/run.mjs <entry.ts> [arguments]
//
// esbuild bundles our own code in some 50 ms; libraries load as they are, from where the importing
// package finds them. A loader that hooks every import costs several times that on the many files
// of the engine (docs/adr/0003-toolchain.md).
import { mkdirSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node scripts/run.mjs <entry.ts> [arguments]");
  process.exit(2);
}

const source = resolve(entry);
const cache = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/.cache/telemedicina");
const bundle = join(cache, String(process.pid));
process.on("exit", () => rmSync(bundle, { recursive: true, force: true }));

mkdirSync(cache, { recursive: true });
await build({
  entryPoints: { main: source },
  outdir: bundle,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  // What is imported on demand stays in a file of its own: a synth does not load gRPC.
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  // No source maps: the engine takes a stack trace for every token, and mapping those doubled the time of a synth.
  plugins: [{ name: "libraries-stay-outside", setup: keepLibrariesOutside }],
  logLevel: "error",
});

process.argv = [process.argv[0], relative(process.cwd(), source), ...rest];
await import(pathToFileURL(join(bundle, "main.mjs")).href);

/** Our packages become part of the bundle; everything else is imported by its absolute path. */
function keepLibrariesOutside({ onResolve, resolve: find }) {
  onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === "found" || path.startsWith("@telemedicina/")) return undefined;
    if (isBuiltin(path)) return { path, external: true };
    const found = await find(path, { ...from, pluginData: "found" });
    if (found.errors.length > 0) return { errors: found.errors };
    return { path: pathToFileURL(found.path).href, external: true };
  });
}
