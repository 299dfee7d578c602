import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.js";

const run = promisify(execFile);

/** The version that the relay's list was measured against. */
export const MOTO_VERSION = "5.2.1";

/** A Python that can import moto's server. */
export interface Moto {
  readonly python: string;
  /** Where it came from, for the operator. */
  readonly origin: string;
}

export interface FindMotoOptions {
  /** Environment whose PATH is searched. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory for the private virtual environment, should one be needed. */
  readonly venvDirectory: string;
  readonly say: (message: string) => void;
  /** Stops an installation. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the Python behind `moto_server` on PATH, or makes a virtual environment with moto in it.
 * The interpreter is wanted, not the script: it runs our own program, see program.ts.
 */
export async function findMoto(options: FindMotoOptions): Promise<Moto> {
  const script = onPath("moto_server", options.env);
  if (script === undefined) {
    options.say(
      `moto_server is not on PATH: moto ${MOTO_VERSION} is taken from a private virtual environment.`,
    );
    return privateMoto(options);
  }
  const { python, why } = await interpreterOf(script, options.env);
  if (python !== undefined) return { python, origin: script };
  options.say(
    `${script} does not start (${why}): moto ${MOTO_VERSION} is taken from a private virtual environment.`,
  );
  return privateMoto(options);
}

/** First executable of that name on PATH. */
export function onPath(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find(existsSync);
}

/** A wrapper that hangs once, as when a version manager rewrites itself meanwhile, gets another chance. */
const ATTEMPTS = 3;
const ATTEMPT_MS = 15_000;

/**
 * `moto_server` can be a Python script or a wrapper of pyenv, pipx or uv around one. Whatever it is,
 * the Python that it starts loads `sitecustomize` first, and ours tells its name and leaves.
 */
async function interpreterOf(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly python?: string; readonly why?: string }> {
  const directory = mkdtempSync(join(tmpdir(), "moto-python-"));
  const telltale = "import os, sys\nsys.stdout.write(sys.executable)\nsys.stdout.flush()\nos._exit(0)\n";
  writeFileSync(join(directory, "sitecustomize.py"), telltale);
  const options = { env: { ...env, PYTHONPATH: directory }, timeout: ATTEMPT_MS };
  let why = "";
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        const { stdout } = await run(script, ["--help"], options);
        if (existsSync(stdout)) return { python: stdout };
        why = "it is no Python program";
      } catch (error) {
        const { killed, message } = error as Error & { killed?: boolean };
        why = killed ? `it hangs for ${ATTEMPT_MS / 1000} s` : message.trim().replaceAll("\n", "; ");
      }
    }
    return { why };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function privateMoto({ env, venvDirectory, say, signal }: FindMotoOptions): Promise<Moto> {
  const venv = join(venvDirectory, `moto-${MOTO_VERSION}`);
  const python = join(venv, "bin", "python");
  const complete = join(venv, "complete");
  if (existsSync(complete)) return { python, origin: venv };

  const systemPython = onPath("python3", env);
  if (systemPython === undefined) throw noPython(venv);
  say(`Installing moto ${MOTO_VERSION} into ${venv} (about a minute, once) …`);
  const options = {
    env: { ...env },
    maxBuffer: 16 * 1024 * 1024,
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    rmSync(venv, { recursive: true, force: true });
    mkdirSync(venvDirectory, { recursive: true });
    await run(systemPython, ["-m", "venv", venv], { ...options, timeout: 120_000 });
    const install = [
      "-m",
      "pip",
      "install",
      "-qq",
      "--disable-pip-version-check",
      `moto[server]==${MOTO_VERSION}`,
    ];
    await run(python, install, { ...options, timeout: 600_000 });
  } catch (error) {
    rmSync(venv, { recursive: true, force: true });
    throw installFailed(venv, error as Error & { stderr?: string });
  }
  writeFileSync(complete, "");
  return { python, origin: venv };
}

function noPython(venv: string): UserError {
  return new UserError(
    [
      "The AWS emulator (moto) is missing, and so is Python, which could install it.",
      "  searched: moto_server and python3 on PATH",
      `  do: install Python 3.9 or newer (Debian: apt install python3 python3-venv; macOS: brew install python), then run`,
      `      the command again: it installs moto ${MOTO_VERSION} into ${venv}. Or install it yourself: pipx install 'moto[server]==${MOTO_VERSION}'`,
    ].join("\n"),
  );
}

function installFailed(venv: string, error: Error & { stderr?: string }): UserError {
  const output = (error.stderr || error.message).trim().split("\n").slice(-8);
  return new UserError(
    [
      `Installing the AWS emulator (moto ${MOTO_VERSION}) into ${venv} failed:`,
      ...output.map((line) => `    ${line}`),
      "  do: make sure that python3 has its venv module (Debian: apt install python3-venv) and that pip reaches a package",
      `      index, then run the command again. Or install it yourself: pipx install 'moto[server]==${MOTO_VERSION}'`,
    ].join("\n"),
  );
}
