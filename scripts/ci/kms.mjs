// The key of the state, by the AWS CLI that every runner has. The context, which the key's policy asks for, ties what it
// encrypts to these scripts: plans, and a state that could not be saved, which holds the same.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "./workflow.mjs";

const CONTEXT = ["--encryption-context", "purpose=terraform-plan"];

/** A new key for one file: { plain, wrapped }, the second for whoever may have it opened. */
export function newDataKey(keyId) {
  const made = kms(["generate-data-key", "--key-id", keyId, "--key-spec", "AES_256", ...CONTEXT]);
  return { plain: Buffer.from(made.Plaintext, "base64"), wrapped: made.CiphertextBlob };
}

export function openDataKey(wrapped) {
  // By file: the two versions of the CLI read a value on the command line differently.
  const directory = mkdtempSync(join(tmpdir(), "telemedicina-key-"));
  try {
    const file = join(directory, "wrapped");
    writeFileSync(file, Buffer.from(wrapped, "base64"));
    return Buffer.from(
      kms(["decrypt", "--ciphertext-blob", `fileb://${file}`, ...CONTEXT]).Plaintext,
      "base64",
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What it answers has the key in it, so that only its errors are shown. */
function kms(args) {
  const { status, stdout, stderr, error } = spawnSync("aws", ["kms", ...args, "--output", "json"], {
    encoding: "utf8",
  });
  if (error !== undefined) fail(`aws could not be started: ${error.message}. Is it on PATH?`);
  if (status !== 0) fail(`aws kms ${args[0]} failed, and nothing travels in clear: ${stderr.trim()}`);
  return JSON.parse(stdout);
}
