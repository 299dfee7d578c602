import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.js";
import { type ProcessEnd, ProcessGroup } from "../process-group.js";
import { withoutSteering } from "./environment.js";
import type { Moto } from "./moto.js";
import { portInUse } from "./ports.js";
import { EMULATOR_PROGRAM } from "./program.js";

export interface EmulatorOptions {
  readonly moto: Moto;
  /** Directory for its program and its log. */
  readonly directory: string;
  /** Account that plain credentials belong to, so that `allowed_account_ids` is really checked. */
  readonly accountId: string;
  /** Region that is asked first, made ready ahead. */
  readonly region: string;
  /** @default 0 - any free port */
  readonly port?: number;
  /** Lets the emulator outlive this command. @default false */
  readonly detached?: boolean;
}

/** Something that exists in the emulated account and should not. */
export interface EmulatorLeftover {
  readonly service: string;
  readonly account: string;
  readonly region: string;
  /** moto's name for it, such as VPC. */
  readonly kind: string;
  readonly id: string;
}

export interface Emulator {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly logFile: string;
  /** Settles with the reason when the emulator ends although nobody asked it to; else never. */
  readonly died: Promise<UserError>;
  /** Takes what exists now as the normal state of the account. */
  markBaseline(): Promise<void>;
  /** What exists and is not part of the baseline. */
  leftovers(): Promise<readonly EmulatorLeftover[]>;
  /** KMS keys and secrets that were deleted and that AWS, like the emulator, keeps for some days. */
  pendingDeletion(): Promise<readonly EmulatorLeftover[]>;
  end(): Promise<void>;
  /** Leaves it running after us. */
  release(): void;
}

const EXIT_PORT_IN_USE = 98;
const START_TIMEOUT_MS = 60_000;

/** Starts an empty AWS account on a port of this machine. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  mkdirSync(options.directory, { recursive: true });
  const program = join(options.directory, "emulator.py");
  const readyFile = join(options.directory, "emulator.json");
  const logFile = join(options.directory, "emulator.log");
  writeFileSync(program, EMULATOR_PROGRAM);

  const watch = options.detached ? "detached" : "watch";
  const group = await ProcessGroup.start(
    options.moto.python,
    [program, String(options.port ?? 0), readyFile, watch, options.region],
    { env: motoEnvironment(options.accountId), logFile, watchesStdin: !options.detached },
  );
  const ready = await waitUntilReady(group, readyFile);
  if (ready === undefined) {
    const end = await group.end();
    throw end.code === EXIT_PORT_IN_USE
      ? await portInUse(options.port ?? 0)
      : didNotStart(options, end, logFile);
  }
  return running(group, ready, logFile);
}

function motoEnvironment(accountId: string): Record<string, string> {
  return {
    ...withoutSteering(process.env),
    MOTO_ACCOUNT_ID: accountId,
    MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
    MOTO_ACM_VALIDATION_WAIT: "1",
    // moto calls boto3, which wants to know that it needs no credentials.
    AWS_ACCESS_KEY_ID: "rehearsal",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_EC2_METADATA_DISABLED: "true",
    PYTHONUNBUFFERED: "1",
  };
}

interface ReadyFile {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
}

async function waitUntilReady(group: ProcessGroup, readyFile: string): Promise<ReadyFile | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (group.running && Date.now() < deadline) {
    if (existsSync(readyFile)) return JSON.parse(readFileSync(readyFile, "utf8")) as ReadyFile;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

function running(group: ProcessGroup, ready: ReadyFile, logFile: string): Emulator {
  let asked = false;
  const died = new Promise<UserError>((resolve) => {
    void group.ended.then((end) => {
      if (!asked) resolve(diedHalfWay(ready, end, logFile));
    });
  });
  const address = `http://127.0.0.1:${ready.port}/rehearsal`;
  return {
    ...ready,
    logFile,
    died,
    async markBaseline() {
      await answerOf(`${address}/baseline`, "POST");
    },
    async leftovers() {
      return (await answerOf(`${address}/leftovers`, "GET")) as readonly EmulatorLeftover[];
    },
    async pendingDeletion() {
      return (await answerOf(`${address}/pending-deletion`, "GET")) as readonly EmulatorLeftover[];
    },
    async end() {
      asked = true;
      await group.end();
    },
    release() {
      asked = true;
      group.release();
    },
  };
}

async function answerOf(address: string, method: string): Promise<unknown> {
  const response = await fetch(address, { method, headers: { connection: "close" } });
  if (!response.ok)
    throw new Error(`${method} ${address} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function didNotStart(options: EmulatorOptions, end: ProcessEnd, logFile: string): UserError {
  return new UserError(
    [
      `The AWS emulator did not start: it ${howItEnded(end)}.`,
      `  Python: ${options.moto.python} (found through ${options.moto.origin})`,
      ...logTail(logFile),
      "  do: install the server parts of moto: pipx install 'moto[server]==5.2.1', then run the command again.",
    ].join("\n"),
  );
}

function diedHalfWay(ready: ReadyFile, end: ProcessEnd, logFile: string): UserError {
  return new UserError(
    [
      `The AWS emulator (process ${ready.pid}, port ${ready.port}) ended in the middle of the run: it ${howItEnded(end)}.`,
      ...logTail(logFile),
      "  do: run the command again. The rehearsal had nothing but the emulated account, so nothing is lost.",
      "      If it was SIGKILL and nobody sent it, the machine ran out of memory: look at `dmesg`, and free about 2 GB.",
    ].join("\n"),
  );
}

function howItEnded({ code, signal }: ProcessEnd): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}

function logTail(logFile: string): string[] {
  const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-8);
  return [`  last lines of ${logFile}:`, ...lines.map((line) => `    ${line}`)];
}
