// What a stack's directory holds for Terraform, as HCP Terraform takes it: a tar.gz.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../workflow.mjs";

/** Nothing else is sent: a directory can also hold plans, providers, a state or an override of somebody's. */
const PARTS = ["cdk.tf.json", "assets", ".terraform.lock.hcl"];

/** { archive, digest }; the digest follows from paths and contents alone, the archive's own bytes also from the tar. */
export function packStack({ name, directory }) {
  const parts = PARTS.filter((part) => existsSync(join(directory, part)));
  const tar = spawnSync("tar", ["-czf", "-", "-C", directory, ...parts], { maxBuffer: 256 * 1024 * 1024 });
  if (tar.error !== undefined) fail(`tar could not be started: ${tar.error.message}. Is it on PATH?`);
  if (tar.status !== 0) fail(`${name}: tar could not pack ${directory}:\n${tar.stderr}`);
  return { archive: tar.stdout, digest: digestOf(directory, parts) };
}

function digestOf(directory, parts) {
  const hash = createHash("sha256");
  for (const file of parts.flatMap((part) => filesOf(directory, part)).sort()) {
    const content = createHash("sha256")
      .update(readFileSync(join(directory, file)))
      .digest("hex");
    hash.update(`${file} ${content}\n`);
  }
  return hash.digest("hex");
}

function filesOf(directory, part) {
  const entries = readdirSync(directory, { withFileTypes: true });
  if (entries.find(({ name }) => name === part)?.isDirectory() !== true) return [part];
  return readdirSync(join(directory, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(directory.length + 1));
}
