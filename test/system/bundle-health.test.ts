import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BundleHost } from "./bundle-support.js";
import { findPrograms, Server } from "./host-programs-support.js";
import { startPhpFpm } from "./php-fpm-support.js";

const programs = findPrograms(
  "health of a release",
  { nginx: "nginx", fpm: "php-fpm8.2", php: "php", runuser: "runuser" },
  "nginx-light php8.2-fpm php-cli util-linux",
);
const root = process.getuid?.() === 0;

/** The hosts' own nginx and php-fpm, with the hosts' own settings, before which a hook stands. */
describe.skipIf(programs === undefined || !root)("validate_service.sh before nginx and php-fpm", () => {
  let host: BundleHost;
  let nginx: Server;
  let fpm: Server;

  beforeAll(async () => {
    host = await BundleHost.make({
      distribution: "debian12",
      roles: ["web"],
      settings: { HEALTH_SECONDS: 3, JOB_SECONDS: 1 },
    });
    // Opcache keeps no file that was written in the last two seconds.
    utimesSync(join(host.application, "public/index.php"), 1, 1);
    writeFileSync(join(host.release, "public/index.php"), "<?php echo 'alive';\n");
    fpm = await startFpm();
    nginx = await Server.start(
      "nginx",
      [
        programs?.nginx ?? "",
        "-e",
        "stderr",
        "-c",
        host.tree.at("/etc/nginx/nginx.conf"),
        "-g",
        "daemon off;",
      ],
      { ready: async () => (await fetch(`http://127.0.0.1:${host.tree.port(8080)}/health`)).status === 200 },
    );
    host.install();
    expect((await host.hook("after_install")).exitCode).toBe(0);
    expect((await host.hook("application_start")).exitCode).toBe(0);
  });

  afterAll(async () => {
    await nginx?.stop("SIGQUIT");
    await fpm?.stop("SIGQUIT");
    host?.dispose();
  });

  it("SCR-05: a php-fpm that was not started anew still serves the placeholder, and 200 is not enough", async () => {
    const { exitCode, output } = await host.hook("validate_service");
    expect(output).toContain("did not answer 200 within 3 s; last: 200, no release yet");
    expect(exitCode).toBe(1);
  });

  it("SCR-05: started anew it serves the release", async () => {
    await fpm.stop("SIGQUIT");
    fpm = await startFpm();
    const { exitCode, output } = await host.hook("validate_service");
    expect(output).toContain("/health answers 200");
    expect(exitCode).toBe(0);
  });

  it("SCR-05: without php-fpm it is 503, and fails", async () => {
    await fpm.stop("SIGQUIT");
    const { exitCode, output } = await host.hook("validate_service");
    expect(output).toContain("last: 503, unavailable");
    expect(exitCode).toBe(1);
  });

  it("SCR-05: without nginx it is refused, and fails", async () => {
    await nginx.stop("SIGQUIT");
    const { exitCode, output } = await host.hook("validate_service");
    expect(output).toContain("last: 000");
    expect(exitCode).toBe(1);
  });

  function startFpm(): Promise<Server> {
    return startPhpFpm(host.tree, programs?.fpm ?? "");
  }
});
