import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostJson } from "../src/host-json.js";

const settings = {
  region: "sa-east-1",
  environment: "production",
  roles: ["web", "worker"] as const,
  contractParameter: "/telemedicina/production/application-contract",
  autoScaling: { groupName: "app", launchHook: "ready", terminateHook: "drain" },
  queueName: "{default}",
  workerStopSeconds: 3600,
  web: { user: "nginx", group: "nginx" },
  fpmMaxChildren: 20,
  dataVolumeGiB: 100,
};

describe("host.json", () => {
  it("has what the host's programs ask for", () => {
    expect(
      JSON.parse(hostJson({ ...settings, pgbouncer: { user: "pgbouncer", unit: "pgbouncer" } })),
    ).toEqual({
      region: "sa-east-1",
      environment: "production",
      roles: ["web", "worker"],
      contractParameter: "/telemedicina/production/application-contract",
      environmentFile: "/var/www/html/.env",
      applicationDirectory: "/var/www/html",
      webUser: "nginx",
      webGroup: "nginx",
      autoScaling: { groupName: "app", launchHook: "ready", terminateHook: "drain" },
      ports: { app: 8080, reverb: 8081, statusPage: 8082 },
      queueName: "{default}",
      workerStopSeconds: 3600,
      healthUrl: "http://127.0.0.1:8080/health",
      fpmStatusUrl: "http://127.0.0.1:8082/fpm-status",
      fpmMaxChildren: 20,
      statsd: "127.0.0.1:8125",
      pgbouncer: {
        databasesFile: "/etc/pgbouncer/databases.ini",
        userListFile: "/etc/pgbouncer/userlist.txt",
        group: "pgbouncer",
        reload: ["systemctl", "reload-or-restart", "pgbouncer"],
      },
      dataVolume: { gib: 100, mount: "/data" },
    });
  });

  it("says null where there is no PgBouncer, so that no program has to guess", () => {
    expect(JSON.parse(hostJson(settings))).toMatchObject({ pgbouncer: null });
  });

  it("takes nothing but what it knows: a caller's other settings stay out", () => {
    const more = {
      ...settings,
      autoScaling: { ...settings.autoScaling, secret: "x" },
      vpcCidr: "10.0.0.0/16",
    };

    expect(hostJson(more)).toBe(hostJson(settings));
  });

  it("hands names on unchanged, whatever is in them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const { queueName, contractParameter } = JSON.parse(
          hostJson({ ...settings, queueName: name, contractParameter: name }),
        ) as Record<string, string>;
        expect([queueName, contractParameter]).toEqual([name, name]);
      }),
    );
  });
});
