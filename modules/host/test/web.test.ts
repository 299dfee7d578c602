import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FPM_PROCESS_MIB, fpmPool, LEAST_CHILDREN, takenMiB } from "../src/fpm-pool.js";
import { hostRoles } from "../src/index.js";
import { workerConnections } from "../src/nginx.js";
import { directives, fileOf, host } from "./support.js";

const nginx = (changes: Parameters<typeof host>[0] = {}) => fileOf(host(changes), "/etc/nginx/nginx.conf");
const pool = (changes: Parameters<typeof host>[0] = {}) =>
  directives(fileOf(host(changes), "/etc/php-fpm.d/www.conf"));

describe("nginx", () => {
  it("T-01, CMP-10: listens on 8080, Reverb is behind it on loopback's 8081, and the status page on its 8082", () => {
    expect(nginx()).toContain("listen 8080 default_server;");
    expect(nginx()).toContain("location ~ ^/apps?/ {\n            proxy_pass http://127.0.0.1:8081;");
    expect(nginx()).toContain("listen 127.0.0.1:8082;");
    expect(nginx().match(/listen /g)).toHaveLength(2);
  });

  it("T-64: each worker holds all connections of Reverb twice, and may open the files for it", () => {
    expect(nginx()).toContain("worker_connections 4096;");
    expect(nginx()).toContain("worker_rlimit_nofile 8192;");
    expect(nginx({ reverbMaxConnections: 10_000, memoryMiB: 8192 })).toContain("worker_connections 22048;");
    expect(nginx({ reverbMaxConnections: 10_000, memoryMiB: 8192 })).toContain("worker_rlimit_nofile 44096;");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (connections) => {
        expect(workerConnections(connections)).toBeGreaterThanOrEqual(2 * connections + 512);
      }),
    );
  });

  it("keeps idle connections longer than a load balancer can", () => {
    expect(nginx()).toContain("keepalive_timeout 4060s;");
    expect(nginx()).toContain("proxy_read_timeout 3600s;");
  });

  it("names nothing of AWS's", () => {
    expect(nginx()).not.toMatch(/amz|aws|cloudfront|elb/i);
  });
});

describe("php-fpm", () => {
  it("has a pool as large as a t3.medium's memory allows beside what else runs there", () => {
    expect(pool()).toMatchObject({
      pm: "dynamic",
      "pm.max_children": "40",
      "pm.start_servers": "10",
      "pm.min_spare_servers": "5",
      "pm.max_spare_servers": "20",
    });
    expect(pool({ roles: ["web"] })["pm.max_children"]).toBe("50");
    expect(pool({ memoryMiB: 8192 })["pm.max_children"]).toBe("104");
    expect(pool({ workerProcesses: 8 })["pm.max_children"]).toBe("32");
    expect(pool({ reverbMaxConnections: 10_000 })["pm.max_children"]).toBe("31");
  });

  it("the sizes are what php-fpm accepts, and never more than the memory holds", () => {
    const shares = fc.record({
      memoryMiB: fc.integer({ min: 512, max: 262_144 }),
      roles: fc.subarray([...hostRoles], { minLength: 1 }),
      workerProcesses: fc.integer({ min: 1, max: 64 }),
      reverbMaxConnections: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(shares, (share) => {
        const { maxChildren, startServers, minSpareServers, maxSpareServers } = fpmPool(share);
        fc.pre(maxChildren >= LEAST_CHILDREN);

        expect(maxChildren * FPM_PROCESS_MIB + takenMiB(share)).toBeLessThanOrEqual(share.memoryMiB);
        expect((maxChildren + 1) * FPM_PROCESS_MIB + takenMiB(share)).toBeGreaterThan(share.memoryMiB);
        expect(minSpareServers).toBeLessThanOrEqual(startServers);
        expect(startServers).toBeLessThanOrEqual(maxSpareServers);
        expect(maxSpareServers).toBeLessThanOrEqual(maxChildren);
        expect(minSpareServers).toBeGreaterThan(0);
      }),
    );
  });

  it("LOG-03: writes errors and what takes five seconds where the strategy has them, with no environment", () => {
    expect(pool()).toMatchObject({
      error_log: "/var/log/php-fpm/error.log",
      slowlog: "/var/log/php-fpm/slow.log",
      request_slowlog_timeout: "5s",
      clear_env: "yes",
      "php_admin_value[error_log]": "/var/log/php-fpm/error.log",
      "pm.status_path": "/fpm-status",
      "pm.status_listen": "/run/php-fpm/status.sock",
    });
  });

  it("cuts a request off before nginx gives up on it", () => {
    const [, nginxSeconds] = /fastcgi_read_timeout (\d+)s;\n/.exec(nginx()) ?? [];

    expect(pool()["request_terminate_timeout"]).toBe("60s");
    expect(Number(nginxSeconds)).toBeGreaterThan(60);
  });

  it("takes as large a request as nginx, and files from a release only", () => {
    const ini = directives(fileOf(host(), "/etc/php.d/99-telemedicina.ini"));

    expect(nginx()).toContain("client_max_body_size 50m;");
    expect(ini).toMatchObject({
      upload_max_filesize: "50M",
      post_max_size: "50M",
      expose_php: "Off",
      display_errors: "Off",
      "date.timezone": "UTC",
      "opcache.validate_timestamps": "0",
    });
  });

  it("Debian's two PHPs have the same settings", () => {
    const ubuntu = host({ distribution: "ubuntu2404" });

    expect(fileOf(ubuntu, "/etc/php/8.3/cli/conf.d/99-telemedicina.ini")).toBe(
      fileOf(ubuntu, "/etc/php/8.3/fpm/conf.d/99-telemedicina.ini"),
    );
  });
});
