import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "../src/project.js";

/** Runs a command of the CLI as npm does, without npm. */
export function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return execa(process.execPath, ["scripts/run.mjs", "apps/cli/src/main.ts", ...args], {
    cwd: root,
    env,
    all: true,
    reject: false,
  });
}

/** Calls the emulator's EC2 with a query, as the AWS CLI would; returns the XML. */
export async function ec2(
  port: number,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  region = "us-east-1",
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=x`,
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
  return text;
}

/** Text of every element of that name. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((match) => match[1] ?? "");
}

/** Processes whose command line or environment names the text: what a run started carries its work directory. */
export function processesOf(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ["cmdline", "environ"].some((file) => read(join("/proc", pid, file)).includes(text)))
    .map(Number);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Work directories of runs in the project. */
export function workDirectories(environment: string): string[] {
  try {
    return readdirSync(join(root, ".rehearsal")).filter((name) => name.startsWith(`${environment}-`));
  } catch {
    return [];
  }
}
