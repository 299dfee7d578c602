import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GOLDEN, renderGoldens } from "./golden.js";
import { root } from "./project.js";

/** `npm run golden:update`: writes what the apps make now. Read the diff as you would read a plan. */
const goldens = renderGoldens();
rmSync(join(root, GOLDEN), { recursive: true, force: true });
for (const [file, text] of goldens) {
  const target = join(root, GOLDEN, file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
process.stdout.write(`Wrote ${goldens.size} files below ${GOLDEN}.\n`);
