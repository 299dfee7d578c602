import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "./errors.js";

/** Where environment files live, from the project's root. */
export const ENVIRONMENTS = "config/environments";

/** The project's root: the nearest directory above the current one that holds the workspace file. */
export function projectRoot(): string {
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "pnpm-workspace.yaml"))) return directory;
    if (directory === dirname(directory)) {
      throw new UserError(
        `${process.cwd()} is not inside the project: no directory above it has a pnpm-workspace.yaml. ` +
          "Change to your clone of the project and run the command again.",
      );
    }
  }
}
