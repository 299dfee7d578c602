import { describe, expect, it } from "vitest";
import { pgbouncerFiles } from "../src/pgbouncer.js";
import type { PgBouncerProps } from "../src/props.js";

const settings: PgBouncerProps = {
  poolMode: "transaction",
  maxPreparedStatements: 0,
  defaultPoolSize: 20,
  maxClientConnections: 500,
};

const configuration = (changes: Partial<PgBouncerProps> = {}) =>
  content("/etc/pgbouncer/pgbouncer.ini", changes);
const unit = (changes: Partial<PgBouncerProps> = {}) =>
  content("/etc/systemd/system/pgbouncer.service.d/host.conf", changes);

function content(path: string, changes: Partial<PgBouncerProps>): string[] {
  const files = pgbouncerFiles({ settings: { ...settings, ...changes }, unit: "pgbouncer" });
  return files.find((file) => file.path === path)?.content.split("\n") ?? [];
}

describe("PgBouncer's files", () => {
  it("are readable to all, for no secret is in them, and name those that render-env writes", () => {
    const files = pgbouncerFiles({ settings, unit: "pgbouncer" });

    expect(files.map(({ mode, owner }) => [mode, owner])).toEqual([
      ["0644", undefined],
      ["0644", undefined],
    ]);
    expect(configuration()[0]).toBe("%include /etc/pgbouncer/databases.ini");
    expect(configuration()).toContain("auth_file = /etc/pgbouncer/userlist.txt");
  });

  it("listen on loopback only, and give nobody the console", () => {
    const lines = configuration();

    expect(lines).toContain("listen_addr = 127.0.0.1");
    expect(lines).toContain("unix_socket_dir =");
    expect(lines).toContain("admin_users =");
    expect(lines).toContain("stats_users =");
  });

  it("check the database's certificate and name, with the file that the application's own clients use", () => {
    expect(configuration().filter((line) => line.startsWith("server_tls"))).toEqual([
      "server_tls_sslmode = verify-full",
      "server_tls_ca_file = /etc/pki/rds/global-bundle.pem",
    ]);
  });

  it("have the pool's settings", () => {
    const lines = configuration({ poolMode: "session", defaultPoolSize: 7, maxClientConnections: 70 });

    expect(lines).toContain("pool_mode = session");
    expect(lines).toContain("default_pool_size = 7");
    expect(lines).toContain("max_client_conn = 70");
  });

  it("speak of prepared statements only where PgBouncer is to keep them: before 1.21 it does not know the word", () => {
    const about = (changes: Partial<PgBouncerProps>) =>
      configuration(changes).filter((line) => line.includes("prepared"));

    expect(about({})).toEqual([]);
    expect(about({ maxPreparedStatements: 100 })).toEqual(["max_prepared_statements = 100"]);
  });

  it("give it files for every client and server, and start it again", () => {
    expect(unit()).toEqual(["[Service]", "LimitNOFILE=4096", "Restart=on-failure", "RestartSec=2", ""]);
    expect(unit({ maxClientConnections: 5000 })[1]).toBe("LimitNOFILE=10040");
  });
});
