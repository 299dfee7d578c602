import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { type HostFile, hostLogs, type LaravelHostProps, laravelHost } from "@telemedicina/host";
import { freePort } from "./host-programs-support.js";

/** A host with everything on it, as Debian's packages run it. */
export const debianHost: LaravelHostProps = {
  distribution: "debian12",
  roles: ["web", "worker", "scheduler"],
  region: "sa-east-1",
  environment: "staging",
  contractParameter: "/telemedicina/staging/application-contract",
  autoScaling: {
    groupName: "telemedicina-staging-asg-app-sa-east-1",
    launchHook: "ready",
    terminateHook: "drain",
  },
  vpcCidr: "10.0.0.0/16",
  memoryMiB: 4096,
  logGroupNames: Object.fromEntries(
    Object.keys(hostLogs).map((stream) => [stream, `/telemedicina/staging/${stream}`]),
  ) as LaravelHostProps["logGroupNames"],
  queueName: "default",
  dataVolumeGiB: 100,
};

/** Directories of a host that a test has instead in a directory of its own, and nothing else: programs stay the system's. */
const MOVED = [
  "/var/www/html",
  "/var/log",
  "/run",
  "/data",
  "/etc/telemedicina",
  "/etc/nginx/nginx.conf",
  "/etc/php/8.2/fpm",
  "/etc/php/8.2/cli",
  "/etc/supervisor/conf.d",
  "/etc/pgbouncer",
  "/etc/tmpfiles.d",
  "/etc/sysctl.d",
  "/etc/systemd",
  "/etc/logrotate.d",
  "/etc/pki",
  "/opt/aws",
  "/usr/local/sbin",
];

/**
 * A host's files as the module renders them, under a directory of their own. In their text the places of MOVED lead
 * into that directory and the ports are free ones; where the tests do not run as root, users are who runs them.
 * Nothing else is changed.
 */
export class HostTree {
  readonly directory = mkdtempSync(join(tmpdir(), "host-tree-"));

  private constructor(
    readonly files: readonly HostFile[],
    private readonly ports: ReadonlyMap<number, number>,
  ) {}

  static async render(props: LaravelHostProps): Promise<HostTree> {
    const ports = new Map<number, number>();
    for (const port of [8080, 8081, 8082]) ports.set(port, await freePort());
    const tree = new HostTree(laravelHost(props).files, ports);
    // nginx and php-fpm read as another user.
    chmodSync(tree.directory, 0o755);
    for (const { path, content, mode } of tree.files) tree.write(path, tree.moved(content), mode);
    for (const path of ["/var/www/html/public", "/var/www/html/storage/logs", "/data/scratch"]) {
      mkdirSync(tree.at(path), { recursive: true, mode: 0o755 });
      chmodSync(tree.at(path), 0o777);
    }
    for (const path of ["/var/log/nginx", "/var/log/php-fpm", "/run/php"]) {
      mkdirSync(tree.at(path), { recursive: true });
    }
    return tree;
  }

  /** Where the test has a file of the host. */
  at(path: string): string {
    return join(this.directory, path);
  }

  port(port: number): number {
    return this.ports.get(port) ?? port;
  }

  write(path: string, text: string, mode = "0644"): string {
    const file = this.at(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, Number.parseInt(mode, 8));
    return file;
  }

  read(path: string): string {
    return readFileSync(this.at(path), "utf8");
  }

  moved(text: string): string {
    const places = MOVED.map((place) => place.replaceAll(".", "\\.")).join("|");
    const paths = text.replace(new RegExp(`(?<![\\w.-])(${places})(?=[/\\s;"')]|$)`, "gm"), (place) =>
      this.at(place),
    );
    const ports = paths.replace(/\b(8080|8081|8082)\b/g, (port) => String(this.port(Number(port))));
    return userInfo().uid === 0 ? ports : ports.replaceAll("www-data", userInfo().username);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
