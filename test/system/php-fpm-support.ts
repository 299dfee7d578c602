import { existsSync } from "node:fs";
import { Server } from "./host-programs-support.js";
import type { HostTree } from "./host-support.js";

/** php-fpm with a host's own pool and settings, ready when it takes requests. */
export function startPhpFpm(
  tree: HostTree,
  program: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Server> {
  // As the distribution's own php-fpm.conf does, which includes the pool's file.
  const main = tree.write(
    "/run/php/fpm.conf",
    `[global]\npid = ${tree.at("/run/php/fpm.pid")}\ninclude = ${tree.at("/etc/php/8.2/fpm/pool.d")}/*.conf\n`,
  );
  // What the host's tmpfiles.d makes, of the pool's own user.
  for (const log of ["error.log", "slow.log"]) {
    const file = `/var/log/php-fpm/${log}`;
    if (!existsSync(tree.at(file))) tree.write(file, "", "0666");
  }
  return Server.start(
    "php-fpm",
    [
      "/usr/bin/env",
      `PHP_INI_SCAN_DIR=:${tree.at("/etc/php/8.2/fpm/conf.d")}`,
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      program,
      "--nodaemonize",
      "--fpm-config",
      main,
    ],
    { ready: () => existsSync(tree.at("/run/php/fpm.pid")) },
  );
}
