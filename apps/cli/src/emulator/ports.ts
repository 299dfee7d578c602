import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../errors.js";

const run = promisify(execFile);

/** The process that listens on a TCP port of this machine, as far as `ss` or `lsof` may tell. */
export async function portHolder(port: number): Promise<string | undefined> {
  return (await fromSs(port)) ?? (await fromLsof(port));
}

export async function portInUse(port: number): Promise<UserError> {
  const holder = await portHolder(port);
  return new UserError(
    [
      `Port ${port} of 127.0.0.1 is in use, so the emulator cannot have it.`,
      `  held by: ${holder ?? "a process that this user may not see"}`,
      "  do: end that process, or choose another port with --port, or leave --port out to get a free one.",
    ].join("\n"),
  );
}

async function fromSs(port: number): Promise<string | undefined> {
  const output = await outputOf("ss", ["-Hltnp", `sport = :${port}`]);
  const match = /\("([^"]+)",pid=(\d+)/.exec(output);
  return match === null ? undefined : `${match[1]} (process ${match[2]})`;
}

async function fromLsof(port: number): Promise<string | undefined> {
  const output = await outputOf("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const command = /^c(.+)$/m.exec(output)?.[1];
  return pid === undefined ? undefined : `${command ?? "a program"} (process ${pid})`;
}

async function outputOf(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args, { timeout: 5_000 })).stdout;
  } catch {
    return "";
  }
}
