import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { buildSync } from "esbuild";
import { UserError } from "../errors.js";
import { projectRoot } from "../project.js";
import { synthesizeAll } from "../synth.js";
import { countResources } from "./synth.js";

/** Runs of each program; they take turns, so that a busy moment of the machine hits both. */
const ROUNDS = 5;

/** Budget of docs/architecture.md, "Performance". */
const MAX_RATIO = 2;
/** Where `--check` fails: a busy machine hits the longer of the two programs harder (docs/adr/0011). */
const GATE_RATIO = 2.5;
const MAX_PEAK_MIB = 400;

/** What the floor imports as well. */
const ENGINE = /^(cdktf|constructs|@cdktf\/.+)$/;

/** What `npm run synth` runs. */
const ENTRY = "apps/cli/src/main.ts";

interface SynthFigures {
  /** Median wall time of a cold synth of every environment. */
  readonly seconds: number;
  /** Median wall time of a process that only starts Node and imports the same engine and provider files. */
  readonly floorSeconds: number;
  readonly ratio: number;
  /** Largest resident memory of a synth. */
  readonly peakMiB: number;
  /** Managed resources of all environments. */
  readonly resources: number;
}

/** `bench`: how long a synth takes, beside what it cannot go below on this machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("measure a cold synth of every environment against its floor")
    .option("--json", "print the figures as JSON")
    .option("--check", "fail over the budget")
    .action((options: { json?: boolean; check?: boolean }) => {
      const synth = measureSynth();
      console.log(options.json === true ? JSON.stringify({ synth }) : describe(synth));
      if (options.check === true && (synth.ratio > GATE_RATIO || synth.peakMiB > MAX_PEAK_MIB)) {
        throw new UserError(
          `Synth is over its budget: ${synth.ratio} times the floor and ${synth.peakMiB} MiB; ` +
            `allowed are ${GATE_RATIO} times and ${MAX_PEAK_MIB} MiB. ` +
            "Look for a root import of the provider, or for work at import time.",
        );
      }
    });
}

function describe(figures: SynthFigures): string {
  return [
    `synth   ${figures.seconds.toFixed(2)} s, ${figures.peakMiB} MiB, ${figures.resources} resources`,
    `floor   ${figures.floorSeconds.toFixed(2)} s: Node and the same engine and provider files, nothing else`,
    `ratio   ${figures.ratio} (budget ${MAX_RATIO}, --check fails above ${GATE_RATIO})`,
  ].join("\n");
}

function measureSynth(): SynthFigures {
  const root = projectRoot();
  const resources = synthesizeAll()
    .flatMap(({ bootstrap, stacks }) => [bootstrap, ...stacks])
    .reduce((sum, stack) => sum + countResources(stack), 0);
  const scratch = mkdtempSync(join(tmpdir(), "telemedicina-bench-"));
  // Inside the package that has every provider, so that the engine resolves as it does for the synth itself.
  const floor = join(root, "apps/bootstrap/node_modules", `bench-floor-${process.pid}.mjs`);
  try {
    const probe = join(scratch, "probe.mjs");
    const peak = join(scratch, "peak");
    writeFileSync(probe, probeSource(peak));
    writeFileSync(
      floor,
      engineImports(root)
        .map((path) => `import "${path}";\n`)
        .join(""),
    );
    const synths: Run[] = [];
    const floors: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      floors.push(run(root, [floor], probe, peak));
      synths.push(run(root, ["scripts/run.mjs", ENTRY, "synth"], probe, peak));
    }
    const seconds = median(synths.map((one) => one.seconds));
    const floorSeconds = median(floors.map((one) => one.seconds));
    return {
      seconds: round(seconds, 3),
      floorSeconds: round(floorSeconds, 3),
      ratio: round(seconds / floorSeconds, 2),
      peakMiB: Math.round(Math.max(...synths.map((one) => one.peakKiB)) / 1024),
      resources,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(floor, { force: true });
  }
}

/** The engine and provider files that a synth imports: all that its bundle leaves outside. */
function engineImports(root: string): string[] {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    external: ["cdktf", "constructs", "@cdktf/*"],
    outdir: "out",
    logLevel: "error",
  });
  return Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((imported) => imported.external === true && ENGINE.test(imported.path))
    .map((imported) => imported.path);
}

/** Notes the peak memory of the process it is loaded into, when that one ends. */
function probeSource(peak: string): string {
  return [
    'import { writeFileSync } from "node:fs";',
    `process.on("exit", () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
  ].join("\n");
}

interface Run {
  readonly seconds: number;
  readonly peakKiB: number;
}

function run(root: string, program: readonly string[], probe: string, peak: string): Run {
  const started = performance.now();
  const result = spawnSync(process.execPath, ["--import", probe, ...program], {
    cwd: root,
    encoding: "utf8",
  });
  const seconds = (performance.now() - started) / 1000;
  if (result.status !== 0) {
    throw new UserError(`${program.join(" ")} ended with exit code ${result.status}:\n${result.stderr}`);
  }
  return { seconds, peakKiB: Number(readFileSync(peak, "utf8")) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
