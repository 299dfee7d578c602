// Runs a TypeScript entry point from source: node scripts/run.mjs <entry.ts> [arguments]
//
// Our own code is bundled, once for each state of the sources (bundle.mjs); libraries load as they are. A
// loader that hooks every import costs several times that on the many files of the engine
// (docs/adr/0003-toolchain.md).
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleOf } from "./bundle.mjs";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node scripts/run.mjs <entry.ts> [arguments]");
  process.exit(2);
}

const source = resolve(entry);
const main = await bundleOf(source);
process.argv = [process.argv[0], relative(process.cwd(), source), ...rest];
await import(pathToFileURL(main).href);
