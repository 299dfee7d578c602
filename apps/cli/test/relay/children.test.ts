import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gone, isAlive } from "./fake.js";

const dir = mkdtempSync(join(tmpdir(), "relay-children-"));
const script = join(dir, "parent.mjs");

/** A parent with one child; MODE says how it leaves. */
const PARENT = `
import { spawn } from "node:child_process";
import { adopt } from ${JSON.stringify(fileURLToPath(new URL("../../src/relay/children.ts", import.meta.url)))};
const child = spawn(process.execPath, ["-e", "process.on('SIGINT', () => {}); setInterval(() => {}, 1000)"]);
adopt(child);
if (process.env.MODE === "handles") process.on("SIGINT", () => console.log("handled"));
process.stdout.write(child.pid + "\\n", () => {
  if (process.env.MODE === "exit") process.exit(0);
  if (process.env.MODE === "throw") throw new Error("no");
});
setInterval(() => {}, 1000);
`;

beforeAll(async () => {
  await build({
    stdin: { contents: PARENT, resolveDir: dir, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: script,
    logLevel: "silent",
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function parent(mode: string) {
  const started = spawn(process.execPath, [script], {
    env: { ...process.env, MODE: mode },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines: string[] = [];
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    started.once("close", (code, signal) => resolve({ code, signal })),
  );
  const line = (wanted: number) =>
    new Promise<string>((resolve) => {
      const look = () => (lines[wanted] === undefined ? setTimeout(look, 20) : resolve(lines[wanted]));
      look();
    });
  started.stdout.on("data", (data: Buffer) => lines.push(...data.toString().trim().split("\n")));
  return { started, ended, line, child: Number(await line(0)) };
}

describe("provider processes do not outlive us", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("when we are ended by %s", async (signal) => {
    const { started, ended, child } = await parent("wait");
    started.kill(signal);
    expect(await ended).toEqual({ code: null, signal });
    await gone(child);
  });

  it("when we exit", async () => {
    const { ended, child } = await parent("exit");
    expect(await ended).toEqual({ code: 0, signal: null });
    await gone(child);
  });

  it("when we crash", async () => {
    const { ended, child } = await parent("throw");
    expect(await ended).toEqual({ code: 1, signal: null });
    await gone(child);
  });

  it("but live on when somebody else answers the signal, who may still need them", async () => {
    const { started, ended, child, line } = await parent("handles");
    started.kill("SIGINT");
    expect(await line(1)).toBe("handled");
    expect(isAlive(child)).toBe(true);
    started.kill("SIGTERM");
    await ended;
    await gone(child);
  });
});
