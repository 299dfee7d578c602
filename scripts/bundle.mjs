// The bundle of an entry point: our packages in it, libraries outside. It is made anew when a source file has
// changed, and found again otherwise; nothing has to be cleared by hand.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const scripts = dirname(fileURLToPath(import.meta.url));
const root = join(scripts, "..");
const cache = join(root, "node_modules/.cache/telemedicina");

/** What decides over a bundle beside its sources: how it is made, and where libraries are. */
const surroundings = [join(scripts, "bundle.mjs"), join(root, "pnpm-lock.yaml")];

/** The engine's files are CommonJS: required they load as they are, imported Node parses each for its exports first. */
const ENGINE = /^(cdktf|constructs|@cdktf\/.+)$/;
const REQUIRE =
  'import { createRequire as createRequireOfEngine } from "node:module"; const require = createRequireOfEngine(import.meta.url);';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Path of the bundle's main module. */
export async function bundleOf(source) {
  const name = relative(root, source).replace(/\W+/g, "-");
  const record = join(cache, `${name}.json`);
  const known = readRecord(record);
  if (known?.files.every(([file, state]) => stateOf(file) === state)) return known.main;
  return build(source, name, record);
}

function readRecord(record) {
  try {
    const known = JSON.parse(readFileSync(record, "utf8"));
    return existsSync(known.main) ? known : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "absent" : `${found.mtimeMs} ${found.size}`;
}

async function build(source, name, record) {
  const esbuild = await import("esbuild");
  const directory = join(cache, `${name}-${Date.now().toString(36)}-${process.pid}`);
  mkdirSync(cache, { recursive: true });
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: source },
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported on demand stays in a file of its own: a synth does not load gRPC.
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    metafile: true,
    banner: { js: REQUIRE },
    // No source maps: the engine takes a stack trace for every token, and mapping those doubles the time of a synth.
    plugins: [
      { name: "libraries-stay-outside", setup: keepLibrariesOutside },
      { name: "files-stay-where-they-are", setup: keepFilesWhereTheyAre },
    ],
    logLevel: "error",
  });
  const sources = Object.keys(metafile.inputs).filter((file) => !file.startsWith("engine:"));
  const files = [...sources.map((file) => join(root, file)), ...surroundings];
  const main = join(directory, "main.mjs");
  // Renamed into place, so that another process never reads half a record.
  const draft = `${record}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ main, files: files.map((file) => [file, stateOf(file)]) }));
  renameSync(draft, record);
  removeOld(name, directory);
  return main;
}

/** Bundles of a day ago: nobody runs them any more. */
function removeOld(name, current) {
  for (const entry of readdirSync(cache)) {
    const path = join(cache, entry);
    if (!entry.startsWith(`${name}-`) || path === current) continue;
    if (Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Our packages become part of the bundle; everything else is loaded from its absolute path. */
function keepLibrariesOutside({ onResolve, onLoad, resolve: find }) {
  const found = new Map();
  onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === "found" || path.startsWith("@telemedicina/")) return undefined;
    if (isBuiltin(path)) return { path, external: true };
    // The catalog has one version of everything, so the first answer serves all.
    if (!found.has(path)) found.set(path, find(path, { ...from, pluginData: "found" }));
    const { errors, path: file } = await found.get(path);
    if (errors.length > 0) return { errors };
    if (ENGINE.test(path)) return { path: file, namespace: "engine" };
    return { path: pathToFileURL(file).href, external: true };
  });
  onResolve({ filter: /./, namespace: "engine" }, ({ path }) => ({ path, external: true }));
  onLoad({ filter: /./, namespace: "engine" }, ({ path }) => ({
    contents: `module.exports = require(${JSON.stringify(path)});`,
  }));
}

/** `module-file.ts` finds files of its package beside itself: in the bundle it must not look beside the bundle. */
function keepFilesWhereTheyAre({ onLoad }) {
  onLoad({ filter: /[\\/]module-file\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, "utf8").replaceAll(
      "import.meta.url",
      JSON.stringify(pathToFileURL(path).href),
    ),
    loader: "ts",
  }));
}
