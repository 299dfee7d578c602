import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { killAllGroups, ProcessGroup } from "../src/process-group.js";
import { scratch } from "./scratch.js";

const env = { PATH: process.env["PATH"] ?? "" };

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function shell(script: string, directory: string, more: object = {}) {
  return ProcessGroup.start("sh", ["-c", script], {
    cwd: directory,
    env,
    logFile: join(directory, "log"),
    ...more,
  });
}

describe("ProcessGroup", () => {
  it("gives out whole lines, the last one too", async () => {
    const lines: string[] = [];
    const group = await shell("printf 'a\\nb'; sleep 0.1; printf 'c\\nd'", scratch(), {
      onLine: (line: string) => lines.push(line),
    });
    expect(await group.ended).toEqual({ code: 0, signal: null });
    expect(lines).toEqual(["a", "bc", "d"]);
  });

  it("ends a wrapper and the program behind it", async () => {
    const directory = scratch();
    const group = await shell("sleep 60 & echo $! > child; wait", directory);
    await until(
      () => existsSync(join(directory, "child")) && readFileSync(join(directory, "child"), "utf8") !== "",
    );
    const child = Number(readFileSync(join(directory, "child"), "utf8"));
    expect(isAlive(child)).toBe(true);
    await group.end();
    await until(() => !isAlive(child));
    expect(group.running).toBe(false);
  });

  it("ends by force what does not listen", async () => {
    const directory = scratch();
    const group = await shell("trap '' TERM; touch ready; while :; do sleep 0.1; done", directory);
    await until(() => existsSync(join(directory, "ready")));
    expect(await group.end("SIGTERM", 100)).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("ends all at once as a last resort, but not what was released", async () => {
    const directory = scratch();
    const group = await shell("exec sleep 60", directory);
    const released = await shell("exec sleep 60", directory);
    released.release();
    killAllGroups();
    expect(await group.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(isAlive(released.pid)).toBe(true);
    process.kill(released.pid, "SIGKILL");
  });

  it("fails when there is no such program", async () => {
    const started = ProcessGroup.start("/no/such/program", [], { env, logFile: join(scratch(), "log") });
    await expect(started).rejects.toThrow("spawn /no/such/program ENOENT");
  });
});
