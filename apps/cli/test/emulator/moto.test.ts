import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findMoto, MOTO_VERSION } from "../../src/emulator/moto.js";
import { program, scratch, write } from "../scratch.js";

/** Plays a Python that has moto: tells its own name, as sitecustomize makes a real one do. */
function fakePython(directory: string): string {
  return program(
    join(directory, "python"),
    '[ -f "$PYTHONPATH/sitecustomize.py" ] && printf %s "$0"; exit 0',
  );
}

function find(path: string, venvDirectory: string, said: string[] = []) {
  return findMoto({ env: { PATH: `${path}:/usr/bin:/bin` }, venvDirectory, say: (text) => said.push(text) });
}

describe("findMoto", () => {
  it("finds the Python behind moto_server", async () => {
    const directory = scratch();
    const python = fakePython(directory);
    const script = program(join(directory, "bin/moto_server"), `exec ${python} "$0" "$@"`);
    expect(await find(join(directory, "bin"), join(directory, "venv"))).toEqual({ python, origin: script });
  });

  it("finds it behind a wrapper of a version manager", async () => {
    const directory = scratch();
    const python = fakePython(directory);
    program(join(directory, "versions/moto_server"), `exec ${python} "$0" "$@"`);
    const shim = program(join(directory, "shims/moto_server"), `exec ${directory}/versions/moto_server "$@"`);
    expect(await find(join(directory, "shims"), join(directory, "venv"))).toEqual({ python, origin: shim });
  });

  it("installs into a virtual environment of its own, once", async () => {
    const directory = scratch();
    program(
      join(directory, "bin/python3"),
      `mkdir -p "$3/bin"; printf '#!/bin/sh\\necho "$@" >> ${directory}/pip\\n' > "$3/bin/python"; chmod +x "$3/bin/python"`,
    );
    const said: string[] = [];
    const venv = join(directory, "venv", `moto-${MOTO_VERSION}`);
    const expected = { python: join(venv, "bin/python"), origin: venv };
    const path = join(directory, "bin");
    expect(
      await findMoto({
        env: { PATH: `${path}:/bin` },
        venvDirectory: join(directory, "venv"),
        say: (text) => said.push(text),
      }),
    ).toEqual(expected);
    expect(
      await findMoto({
        env: { PATH: "" },
        venvDirectory: join(directory, "venv"),
        say: (text) => said.push(text),
      }),
    ).toEqual(expected);
    expect(said).toEqual([
      "moto_server is not on PATH: moto 5.2.1 is taken from a private virtual environment.",
      `Installing moto 5.2.1 into ${venv} (about a minute, once) …`,
      "moto_server is not on PATH: moto 5.2.1 is taken from a private virtual environment.",
    ]);
  });

  it("says why it does not take a moto_server that does not start", async () => {
    const directory = scratch();
    const script = program(join(directory, "bin/moto_server"), "echo no such version >&2; exit 127");
    write(join(directory, "venv", `moto-${MOTO_VERSION}`, "complete"), "");
    const said: string[] = [];
    const found = await find(join(directory, "bin"), join(directory, "venv"), said);
    expect(found.origin).toBe(join(directory, "venv", `moto-${MOTO_VERSION}`));
    expect(said).toEqual([
      `${script} does not start (Command failed: ${script} --help; no such version): moto 5.2.1 is taken from a private virtual environment.`,
    ]);
  });

  it("fails when there is no Python", async () => {
    const directory = scratch();
    const venv = join(directory, "venv", `moto-${MOTO_VERSION}`);
    await expect(
      findMoto({ env: { PATH: "/nowhere" }, venvDirectory: join(directory, "venv"), say: () => undefined }),
    ).rejects.toThrow(
      [
        "The AWS emulator (moto) is missing, and so is Python, which could install it.",
        "  searched: moto_server and python3 on PATH",
        "  do: install Python 3.9 or newer (Debian: apt install python3 python3-venv; macOS: brew install python), then run",
        `      the command again: it installs moto 5.2.1 into ${venv}. Or install it yourself: pipx install 'moto[server]==5.2.1'`,
      ].join("\n"),
    );
  });

  it("fails with pip's words, and leaves no half-made environment", async () => {
    const directory = scratch();
    write(join(directory, "venv/other"), "");
    program(join(directory, "bin/python3"), "echo ensurepip is not available >&2; exit 1");
    const venv = join(directory, "venv", `moto-${MOTO_VERSION}`);
    const env = { PATH: `${join(directory, "bin")}:/bin` };
    await expect(
      findMoto({ env, venvDirectory: join(directory, "venv"), say: () => undefined }),
    ).rejects.toThrow(
      [
        `Installing the AWS emulator (moto 5.2.1) into ${venv} failed:`,
        "    ensurepip is not available",
        "  do: make sure that python3 has its venv module (Debian: apt install python3-venv) and that pip reaches a package",
        "      index, then run the command again. Or install it yourself: pipx install 'moto[server]==5.2.1'",
      ].join("\n"),
    );
    expect(existsSync(venv)).toBe(false);
    expect(readdirSync(join(directory, "venv"))).toEqual(["other"]);
  });
});
