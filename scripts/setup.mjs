// Makes a fresh clone ready: checks Node and installs the locked packages, when they are not there yet.
// It runs before anything is installed, so it uses Node alone.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

requireNode();
if (!isInstalled()) install();

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [wantMajor, wantMinor] = manifest.engines.node.replace(">=", "").split(".").map(Number);
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  fail(
    `Node ${process.versions.node} is too old: this project needs ${manifest.engines.node}.`,
    "Install a newer Node (nodejs.org, your distribution, or a version manager) and run the command again.",
  );
}

/** pnpm keeps a copy of the lockfile it installed from; when it is ours, nothing is to do. */
function isInstalled() {
  const installed = join(root, "node_modules", ".pnpm", "lock.yaml");
  if (!existsSync(installed)) return false;
  return readFileSync(installed, "utf8") === readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
}

function install() {
  const pnpm = manifest.packageManager;
  console.error(`Installing the locked packages with ${pnpm} (about a minute the first time) …`);
  const result = spawnSync(
    "npm",
    ["exec", "--yes", `--package=${pnpm}`, "--", "pnpm", "install", "--frozen-lockfile"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
      // pnpm asks before it replaces node_modules made by another lockfile; nobody is there to answer.
      env: { ...process.env, CI: "true" },
    },
  );
  if (result.status === 0) return;
  // A half-made node_modules would look installed the next time.
  rmSync(join(root, "node_modules", ".pnpm", "lock.yaml"), { force: true });
  fail(
    `Installing the packages failed (exit code ${result.status ?? result.error?.message}).`,
    "The lines above say why; most often the npm registry cannot be reached. Then run the command again.",
  );
}

function fail(...lines) {
  console.error(lines.join("\n"));
  process.exit(1);
}
