import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";

/** Between columns: no text of ours holds it. */
const COLUMN = "\u001f";

/** Where PostgreSQL's programs are; undefined, with a printed reason, if they are absent and may be. */
export function findPostgresql(): string | undefined {
  const found = [binDirOfPgConfig(), ...binDirsOfDebian()].find(
    (dir) => dir !== undefined && ["initdb", "postgres", "psql"].every((name) => existsSync(join(dir, name))),
  );
  if (found !== undefined) return found;
  const reason =
    "PostgreSQL tests: no initdb, postgres and psql where pg_config --bindir says, nor in /usr/lib/postgresql/*/bin";
  if (process.env["REQUIRE_COMPONENTS"] === "1") {
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands them.`);
  }
  process.stderr.write(`SKIPPED ${reason}\n`);
  return undefined;
}

function binDirOfPgConfig(): string | undefined {
  const { stdout, failed } = execaSync("pg_config", ["--bindir"], { reject: false });
  return failed ? undefined : stdout;
}

function binDirsOfDebian(): string[] {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, "bin"));
}

/** A server of its own in a temporary directory that listens on a socket there and nowhere else. */
export class Postgresql {
  private constructor(
    private readonly bin: string,
    private readonly dir: string,
    private readonly server: ChildProcess,
  ) {}

  static async start(bin: string): Promise<Postgresql> {
    const dir = mkdtempSync(join(tmpdir(), "pg-"));
    const user = unprivilegedUser();
    if (user.uid !== undefined) chownSync(dir, user.uid, user.gid);
    const data = join(dir, "data");
    await execa(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--no-sync"], {
      cwd: dir,
      env: { LC_ALL: "C" },
      ...user,
    });
    const settings = ["listen_addresses=", `unix_socket_directories=${dir}`, "fsync=off"];
    const server = spawn(
      join(bin, "postgres"),
      ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
      { cwd: dir, stdio: "ignore", ...user },
    );
    const started = new Postgresql(bin, dir, server);
    try {
      await started.ready();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** Runs statements; rows come as they are printed, column by column. @throws what PostgreSQL says */
  async query(sql: string): Promise<string[][]> {
    return this.psql(["-c", sql]);
  }

  /** Runs a file with its `:name` variables set to SQL literals. */
  async file(path: string, variables: Readonly<Record<string, string>> = {}): Promise<string[][]> {
    const set = Object.entries(variables).flatMap(([name, value]) => [
      "-v",
      `${name}='${value.replaceAll("'", "''")}'`,
    ]);
    return this.psql([...set, "-f", path]);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    // SIGINT is the fast shutdown: it does not wait for clients.
    if (this.server.exitCode === null && this.server.kill("SIGINT")) await ended;
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async psql(args: readonly string[]): Promise<string[][]> {
    const options = ["-X", "-q", "-t", "-A", "-F", COLUMN, "-v", "ON_ERROR_STOP=1"];
    const { stdout } = await execa(
      join(this.bin, "psql"),
      ["-h", this.dir, "-U", "owner", "-d", "postgres", ...options, ...args],
      // None of the PG… variables a machine may have. Not UTC, so that nothing passes by luck.
      { extendEnv: false, env: { PATH: process.env["PATH"] ?? "", PGTZ: "America/Sao_Paulo" } },
    );
    return stdout === "" ? [] : stdout.split("\n").map((line) => line.split(COLUMN));
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const answer = await this.query("SELECT 1").catch((error: unknown) => error);
      if (Array.isArray(answer)) return;
      if (this.server.exitCode !== null || Date.now() > deadline) throw answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { readonly uid?: number; readonly gid?: number } & { gid: number } {
  if (process.getuid?.() !== 0) return { gid: process.getgid?.() ?? 0 };
  for (const name of ["postgres", "nobody"]) {
    const id = (flag: string) => execaSync("id", [flag, name], { reject: false }).stdout;
    if (id("-u") !== "") return { uid: Number(id("-u")), gid: Number(id("-g")) };
  }
  throw new Error("PostgreSQL refuses to run as root, and there is no user postgres or nobody.");
}
