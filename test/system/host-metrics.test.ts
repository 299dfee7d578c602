import { existsSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms, freePort, HostDirectory, Server, StatsdListener } from "./host-programs-support.js";
import { debianHost, HostTree } from "./host-support.js";
import { until } from "./relay-support.js";

const programs = findPrograms(
  "host-metrics",
  { nginx: "nginx", fpm: "php-fpm8.2", python: "/usr/bin/python3" },
  "nginx-light php8.2-fpm python3",
);

describe.skipIf(programs === undefined)("host-metrics beside the real php-fpm", () => {
  let tree: HostTree;
  let nginx: Server;
  let fpm: Server;
  let statsd: StatsdListener;
  let host: HostDirectory;
  let maxChildren: number;

  beforeAll(async () => {
    tree = await HostTree.render({ ...debianHost, roles: ["web"], vpcCidr: "127.1.0.0/16", memoryMiB: 1200 });
    tree.write(
      "/var/www/html/public/index.php",
      // php-fpm looks every two seconds for what takes more than five.
      "<?php if ($_SERVER['REQUEST_URI'] === '/slow') sleep(8); echo 'alive';\n",
    );
    fpm = await startFpm();
    const url = `http://127.0.0.1:${tree.port(8080)}/health`;
    nginx = await Server.start(
      "nginx",
      [programs?.nginx ?? "", "-e", "stderr", "-c", tree.at("/etc/nginx/nginx.conf"), "-g", "daemon off;"],
      { ready: async () => (await fetch(url)).ok },
    );
    statsd = await StatsdListener.start();
    host = new HostDirectory();
    const pool = tree.read("/etc/php/8.2/fpm/pool.d/www.conf");
    maxChildren = Number(/^pm\.max_children = (\d+)$/m.exec(pool)?.[1]);
    host.configure({
      fpmMaxChildren: maxChildren,
      fpmStatusUrl: `http://127.0.0.1:${tree.port(8082)}/fpm-status`,
      statsd: statsd.address,
      ports: { app: tree.port(8080), reverb: await freePort(), statusPage: tree.port(8082) },
    });
  });

  afterAll(async () => {
    statsd?.close();
    await nginx?.stop("SIGQUIT");
    await fpm?.stop("SIGQUIT");
    host?.remove();
    tree?.remove();
  });

  function startFpm(): Promise<Server> {
    const main = tree.write(
      "/run/php/fpm.conf",
      `[global]\npid = ${tree.at("/run/php/fpm.pid")}\ninclude = ${tree.at("/etc/php/8.2/fpm/pool.d")}/*.conf\n`,
    );
    for (const log of ["error.log", "slow.log"]) tree.write(`/var/log/php-fpm/${log}`, "", "0666");
    rmSync(tree.at("/run/php/fpm.pid"), { force: true });
    return Server.start(
      "php-fpm",
      [
        "/usr/bin/env",
        `PHP_INI_SCAN_DIR=:${tree.at("/etc/php/8.2/fpm/conf.d")}`,
        programs?.fpm ?? "",
        "--nodaemonize",
        "--fpm-config",
        main,
      ],
      { ready: () => existsSync(tree.at("/run/php/fpm.pid")) },
    );
  }

  async function ask(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) await fetch(`http://127.0.0.1:${tree.port(8080)}/health`);
  }

  async function lines(): Promise<ReadonlyMap<string, string>> {
    const ended = await host.run("host-metrics.py", ["--state", host.file("state")]);
    expect(ended).toMatchObject({ exitCode: 0 });
    return new Map((await statsd.lines()).map((line) => line.split(":") as [string, string]));
  }

  it("MON-FPM-M: sends php-fpm's figures as StatsD lines, what it counts as the difference to the last time", async () => {
    await lines();
    await ask(7);
    const found = await lines();
    expect([...found.keys()].sort()).toEqual([
      "AcceptedConnections",
      "ActiveProcesses",
      "FpmUp",
      "IdleProcesses",
      "MaxActiveProcesses",
      "MaxChildren",
      "MaxChildrenReached",
      "ReverbConnections",
      "SlowRequests",
      "TotalProcesses",
    ]);
    expect(found.get("AcceptedConnections")).toBe("7|c");
    expect(found.get("SlowRequests")).toBe("0|c");
    expect(found.get("FpmUp")).toBe("1|g");
    // The question about the status is asked at a socket of its own, so it is not counted.
    expect(found.get("ActiveProcesses")).toBe("0|g");
    expect(found.get("TotalProcesses")).toMatch(/^[1-9]\d*\|g$/);
    expect((await lines()).get("AcceptedConnections")).toBe("0|c");
  });

  it("MON-FPM-M: has figures of a pool with no process idle, of its slow requests and the limit it met", async () => {
    await lines();
    // Two more than there are processes: they wait until the first are through.
    const requests = Array.from({ length: maxChildren + 2 }, () =>
      fetch(`http://127.0.0.1:${tree.port(8080)}/slow`),
    );
    let reached = 0;
    const counted = (found: ReadonlyMap<string, string>, name: string) =>
      Number.parseInt(found.get(name) ?? "", 10);
    await until("a pool at its limit", async () => {
      const found = await lines();
      reached += counted(found, "MaxChildrenReached");
      return reached > 0 && found.get("ActiveProcesses") === found.get("MaxChildren");
    });
    const busy = await lines();
    expect(busy.get("MaxChildren")).toBe(`${maxChildren}|g`);
    expect(busy.get("IdleProcesses")).toBe("0|g");
    let slow = counted(busy, "SlowRequests");
    await Promise.all(requests);
    slow += counted(await lines(), "SlowRequests");
    expect(slow).toBe(maxChildren + 2);
  });

  it("MON-WS-M: counts each of Reverb's connections once", async () => {
    const { ports } = JSON.parse(host.read("host.json")) as { ports: { reverb: number } };
    const server = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => server.listen(ports.reverb, "127.0.0.1", resolve));
    const clients = Array.from({ length: 3 }, () => connect(ports.reverb, "127.0.0.1"));
    await until("the connections", () => clients.every(({ readyState }) => readyState === "open"));
    expect((await lines()).get("ReverbConnections")).toBe("3|g");
    for (const client of clients) client.destroy();
    server.close();
  });

  it("MON-FPM-M: begins anew with a php-fpm that has started anew, and says when there is none", async () => {
    await ask(5);
    await lines();
    await fpm.stop("SIGQUIT");
    const ended = await host.run("host-metrics.py", ["--state", host.file("state")]);
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain("no status of php-fpm");
    expect(await statsd.lines()).toEqual(["FpmUp:0|g", "ReverbConnections:0|g"]);

    fpm = await startFpm();
    await ask(2);
    expect((await lines()).get("AcceptedConnections")).toBe("2|c");
  });
});
