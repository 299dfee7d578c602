#!/usr/bin/env node
import { bundleCommand } from "./command.js";
import { BundleError } from "./errors.js";

bundleCommand(({ text, exitCode }) => {
  process.stdout.write(text);
  process.exitCode = exitCode;
})
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof BundleError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
