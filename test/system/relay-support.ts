import { type ChildProcess, spawn } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa, execaSync } from "execa";

export const ACCOUNT = "111111111111";
export const REGION = "us-east-1";

export interface Components {
  readonly terraform: string;
  readonly motoServer: string;
  readonly provider: string;
}

/** What the system tests need; undefined, with a printed reason, if something is absent and may be. */
export function findComponents(): Components | undefined {
  const found = {
    terraform: onPath("terraform"),
    motoServer: onPath("moto_server"),
    provider: findProvider(),
  };
  const missing = Object.entries(found).flatMap(([name, path]) => (path ? [] : [name]));
  const { terraform, motoServer, provider } = found;
  if (terraform && motoServer && provider) return { terraform, motoServer, provider };
  const reason = `relay system tests: not found: ${missing.join(", ")} (terraform and moto_server on PATH, the AWS provider in a filesystem mirror; TF_PROVIDER_MIRROR names one)`;
  if (process.env["REQUIRE_COMPONENTS"] === "1")
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands them.`);
  process.stderr.write(`SKIPPED ${reason}\n`);
  return undefined;
}

/** The newest AWS provider of major version 5 in any mirror that Terraform, or we, would look into. */
function findProvider(): string | undefined {
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  for (const mirror of mirrors()) {
    const versions = join(mirror, "registry.terraform.io/hashicorp/aws");
    for (const version of list(versions)
      .filter((name) => name.startsWith("5."))
      .sort(newestFirst)) {
      const dir = join(versions, version, platform);
      const file = list(dir).find((name) => name.startsWith("terraform-provider-aws"));
      if (file) return join(dir, file);
    }
  }
  return undefined;
}

function mirrors(): string[] {
  const explicit = process.env["TF_PROVIDER_MIRROR"];
  const data = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share");
  return [
    ...(explicit ? [explicit] : []),
    join(homedir(), ".terraform.d/plugins"),
    join(data, "terraform/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...list("/opt").map((name) => join("/opt", name)),
  ];
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, undefined, { numeric: true });
}

function list(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

function onPath(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((dir) => join(dir, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface Moto {
  readonly url: string;
  /** What the provider needs to see this emulator and nothing else. */
  readonly providerEnv: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startMoto(components: Components): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(components.motoServer, ["-H", "127.0.0.1", "-p", String(port)], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true", MOTO_ACCOUNT_ID: ACCOUNT },
    stdio: "ignore",
  });
  await until(`moto_server at ${url}`, async () => (await fetch(`${url}/moto-api/data.json`)).ok);
  return {
    url,
    providerEnv: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "2",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      NO_PROXY: "127.0.0.1",
    },
    stop: () => stop(child),
  };
}

/** The version of the emulator, from the Python that stands beside it. */
export function motoVersion(components: Components): string {
  const python = join(dirname(components.motoServer), "python3");
  const { stdout } = execaSync(python, ["-c", "import moto; print(moto.__version__)"], { reject: false });
  return stdout || "of unknown version";
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGTERM")) await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await Promise.resolve(check()).catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A Terraform root in a directory of its own, run against a relay. */
export class Root {
  readonly dir = mkdtempSync(join(tmpdir(), "relay-root-"));

  constructor(
    private readonly components: Components,
    private readonly reattach: string,
    files: Readonly<Record<string, string>>,
  ) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, name)), { recursive: true });
      writeFileSync(join(this.dir, name), text);
    }
    // An empty file, so that neither a mirror nor a token of this machine plays a part.
    writeFileSync(join(this.dir, "terraformrc"), "");
  }

  async run(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const result = await this.start(...args);
    return { exitCode: result.exitCode ?? -1, output: result.all ?? "" };
  }

  start(...args: string[]) {
    return execa(this.components.terraform, args, {
      cwd: this.dir,
      all: true,
      reject: false,
      extendEnv: false,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: this.dir,
        TF_CLI_CONFIG_FILE: join(this.dir, "terraformrc"),
        TF_REATTACH_PROVIDERS: this.reattach,
        TF_IN_AUTOMATION: "1",
        CHECKPOINT_DISABLE: "1",
        // Whatever needs the registry fails at once instead of reaching it.
        HTTPS_PROXY: "http://127.0.0.1:9",
      },
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
