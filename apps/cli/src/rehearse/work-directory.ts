import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that one run writes; git ignores it. */
export interface WorkDirectory {
  readonly path: string;
  /** Where the stacks are synthesized to, so that the user's own `cdktf.out` stays as it is. */
  readonly stacks: string;
  readonly logs: string;
  /** An empty file, for programs that insist on reading a configuration. */
  readonly emptyFile: string;
  /** Terraform's CLI configuration of this run. */
  readonly cliConfig: string;
  remove(): void;
}

/** Of the project: what runs share, such as a provider or a virtual environment that was installed. */
export function sharedDirectory(root: string): string {
  return join(root, ".rehearsal", "shared");
}

/** `.rehearsal/<environment>-<pid>`: two runs at the same time, of whatever environments, do not meet. */
export function createWorkDirectory(root: string, name: string): WorkDirectory {
  const path = join(root, ".rehearsal", `${name}-${process.pid}`);
  rmSync(path, { recursive: true, force: true });
  const logs = join(path, "logs");
  mkdirSync(logs, { recursive: true });
  const emptyFile = join(path, "empty");
  writeFileSync(emptyFile, "");
  return {
    path,
    stacks: join(path, "stacks"),
    logs,
    emptyFile,
    cliConfig: join(path, "terraform.rc"),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
