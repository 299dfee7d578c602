import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { freePort, Server } from "./host-programs-support.js";

/** Loopback addresses that the server listens on. Its certificate is for the first two. */
export const CERTIFIED = ["127.0.0.1", "127.0.0.2"] as const;
export const UNCERTIFIED = "127.0.0.3";

/** A PostgreSQL as RDS is: reached by TLS and SCRAM only, with a certificate of its own authority. */
export class TlsPostgresql {
  private constructor(
    private readonly bin: string,
    readonly directory: string,
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async start(bin: string): Promise<TlsPostgresql> {
    const directory = mkdtempSync(join(tmpdir(), "pg-tls-"));
    const port = await freePort();
    const user = unprivilegedUser();
    await certificates(directory);
    chown(directory, user);
    const data = join(directory, "data");
    await execa(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--no-sync"], {
      cwd: directory,
      env: { LC_ALL: "C" },
      ...user,
    });
    writeFileSync(
      join(data, "pg_hba.conf"),
      "local all owner trust\nhostssl all all 127.0.0.0/8 scram-sha-256\n",
    );
    const settings = {
      listen_addresses: [...CERTIFIED, UNCERTIFIED].join(","),
      port: String(port),
      unix_socket_directories: directory,
      fsync: "off",
      ssl: "on",
      ssl_cert_file: join(directory, "server.pem"),
      ssl_key_file: join(directory, "server.key"),
      password_encryption: "scram-sha-256",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = await Server.start("PostgreSQL", [join(bin, "postgres"), "-D", data, ...options], {
      ready: () => query(bin, directory, port, "SELECT 1").then(() => true),
      ...user,
    });
    return new TlsPostgresql(bin, directory, port, server);
  }

  get authority(): string {
    return join(this.directory, "authority.pem");
  }

  query(sql: string): Promise<string> {
    return query(this.bin, this.directory, this.port, sql);
  }

  async stop(): Promise<void> {
    // The fast shutdown, which does not wait for clients.
    await this.server.stop("SIGINT");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function query(bin: string, directory: string, port: number, sql: string): Promise<string> {
  const options = ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", sql];
  const connection = ["-h", directory, "-p", String(port), "-U", "owner", "-d", "postgres"];
  const { stdout } = await execa(join(bin, "psql"), [...connection, ...options], {
    extendEnv: false,
    env: { PATH: process.env["PATH"] ?? "" },
  });
  return stdout;
}

/** An authority, and a server's certificate from it. */
export async function certificates(directory: string, names = "IP:127.0.0.1,IP:127.0.0.2"): Promise<void> {
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: directory });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await openssl(
    ...[
      "req",
      "-x509",
      ...key,
      "-keyout",
      "authority.key",
      "-out",
      "authority.pem",
      "-subj",
      "/CN=authority",
    ],
  );
  await openssl(
    ...["req", "-x509", ...key, "-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=server"],
    ...["-CA", "authority.pem", "-CAkey", "authority.key", "-addext", `subjectAltName=${names}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
}

/** PostgreSQL and PgBouncer refuse to run as root. */
export function unprivilegedUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execaSync("id", [flag, "postgres"]).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

function chown(directory: string, { uid, gid }: ReturnType<typeof unprivilegedUser>): void {
  if (uid === undefined || gid === undefined) return;
  for (const name of ["", "server.key", "server.pem", "authority.pem"]) {
    chownSync(join(directory, name), uid, gid);
  }
}
