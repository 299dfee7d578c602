import { describe, expect, it } from "vitest";
import { hostLogs } from "../src/index.js";
import { careless, host, leastHost } from "./support.js";

const pgbouncer = {
  poolMode: "transaction",
  maxPreparedStatements: 200,
  defaultPoolSize: 20,
  maxClientConnections: 500,
} as const;

function faults(...texts: readonly string[]): Error {
  const count = texts.length === 1 ? "1 fault" : `${texts.length} faults`;
  return new Error(
    `laravelHost has ${count}:\n${texts.map((text) => `  - laravelHost: ${text}`).join("\n")}`,
  );
}

describe("guards", () => {
  it("fails with every fault at once", () => {
    expect(() =>
      host(
        careless({
          distribution: "debian13",
          roles: ["web", "web", "cron"],
          region: "brazil",
          environment: "Production",
          contractParameter: "a b",
          autoScaling: { groupName: "", launchHook: "a'b", terminateHook: "ok" },
          queueName: "a queue",
          vpcCidr: "10.0.0.1/16",
          memoryMiB: 0,
          workerProcesses: 65,
          workerStopSeconds: 7201,
          reverbMaxConnections: 20_001,
          dataVolumeGiB: 0.5,
          pgbouncer: {
            poolMode: "statement",
            maxPreparedStatements: -1,
            defaultPoolSize: 0,
            maxClientConnections: 0,
          },
        }),
      ),
    ).toThrow(
      faults(
        'distribution is "debian13". Allowed: amazonLinux2023, ubuntu2404, debian12.',
        'roles is "cron". Allowed: web, worker, scheduler.',
        "roles has web twice. Name each once.",
        'region is "brazil". Allowed: a region such as sa-east-1.',
        'environment is "Production". Allowed: lower-case letters, digits and -.',
        'contractParameter is "a b". Allowed: a name such as /app/production/contract.',
        'autoScaling.groupName is "". Allowed: 1 to 255 letters, digits and . _ / # -.',
        `autoScaling.launchHook is "a'b". Allowed: 1 to 255 letters, digits and . _ / # -.`,
        'queueName is "a queue". Allowed: 1 to 128 letters, digits and . _ : - { }.',
        'vpcCidr is "10.0.0.1/16". Allowed: an IPv4 network such as 10.0.0.0/16.',
        "memoryMiB is 0. Allowed: a whole number from 512 to 1048576.",
        "workerProcesses is 65. Allowed: a whole number from 1 to 64.",
        "workerStopSeconds is 7201. Allowed: a whole number from 1 to 7200.",
        "reverbMaxConnections is 20001. Allowed: a whole number from 1 to 20000.",
        "dataVolumeGiB is 0.5. Allowed: a whole number from 1 to 16384.",
        'pgbouncer.poolMode is "statement". Allowed: transaction, session.',
        "pgbouncer.maxPreparedStatements is -1. Allowed: a whole number from 0 to 10000.",
        "pgbouncer.defaultPoolSize is 0. Allowed: a whole number from 1 to 5000.",
        "pgbouncer.maxClientConnections is 0. Allowed: a whole number from 1 to 20000.",
      ),
    );
  });

  it("fails when a host has nothing to do", () => {
    expect(() => host({ roles: [] })).toThrow(
      faults("roles is empty. Allowed: at least one of web, worker, scheduler."),
    );
  });

  it.each([
    ["region", { region: "${TfToken[TOKEN.1]}" }],
    [
      "autoScaling.groupName",
      { autoScaling: { ...leastHost.autoScaling, groupName: "${TfToken[TOKEN.1]}" } },
    ],
    ["vpcCidr", { vpcCidr: "${TfToken[TOKEN.1]}" }],
    [
      "logGroupNames.worker",
      { logGroupNames: { ...leastHost.logGroupNames, worker: "${TfToken[TOKEN.1]}" } },
    ],
  ])("fails when %s is known only to Terraform", (prop, props) => {
    expect(() => host(props)).toThrow(
      faults(
        `${prop} is "\${TfToken[TOKEN.1]}", a reference that Terraform resolves later. ` +
          "User data is literal, so that a review sees every line of it. Give the value itself.",
      ),
    );
  });

  it("fails when a stream of the host's roles has no log group, and asks for no other", () => {
    const { worker, ...logGroupNames } = leastHost.logGroupNames;
    const props = careless({ logGroupNames });

    expect(worker).toBeDefined();
    expect(() => host(props)).toThrow(
      faults(
        "logGroupNames has no name for worker. The CloudWatch agent would make a group by itself, " +
          "unencrypted and kept for ever. Give a group for every stream of hostLogs.",
      ),
    );
    expect(() => host({ ...props, roles: ["web"] })).not.toThrow();
    expect(Object.keys(hostLogs)).toContain("worker");
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.0/8/8", "0x0a.0.0.0/8", "::/0"])(
    "fails when the VPC is %s",
    (vpcCidr) => {
      expect(() => host({ vpcCidr })).toThrow(
        faults(`vpcCidr is "${vpcCidr}". Allowed: an IPv4 network such as 10.0.0.0/16.`),
      );
    },
  );

  it("fails when the pool does not fit beside what else runs, and takes the least that does", () => {
    expect(() => host({ memoryMiB: 1790 })).toThrow(
      faults(
        "memoryMiB is 1790, and everything but php-fpm's pool takes 1535. " +
          "Allowed: at least 1791, which is 4 processes of 64. " +
          "Take a larger instance type, fewer workers, fewer connections, or roles on hosts of their own.",
      ),
    );
    expect(() => host({ memoryMiB: 1791 })).not.toThrow();
  });

  it("fails when the workers do not fit", () => {
    expect(() => host({ roles: ["worker"], memoryMiB: 1023 })).toThrow(
      faults(
        "memoryMiB is 1023, and what the host runs takes 1024. " +
          "Take a larger instance type, fewer workers, or roles on hosts of their own.",
      ),
    );
    expect(() => host({ roles: ["worker"], memoryMiB: 1024 })).not.toThrow();
  });

  it("fails when PgBouncer is too old to keep track of prepared statements", () => {
    expect(() => host({ distribution: "debian12", pgbouncer })).toThrow(
      faults(
        "pgbouncer.maxPreparedStatements is 200, and debian12 has PgBouncer older than 1.21, " +
          "which hands a client another one's statement. Allowed: 0, with clients that emulate prepared statements.",
      ),
    );
    expect(() =>
      host({ distribution: "debian12", pgbouncer: { ...pgbouncer, maxPreparedStatements: 0 } }),
    ).not.toThrow();
    expect(() => host({ distribution: "ubuntu2404", pgbouncer })).not.toThrow();
    expect(() => host({ pgbouncer })).not.toThrow();
  });

  it("fails when the user data has no room", () => {
    // Names of 255 characters that gzip cannot make shorter.
    const logGroupNames = Object.fromEntries(
      Object.keys(hostLogs).map((stream, index) => [stream, noise(index + 1)]),
    ) as typeof leastHost.logGroupNames;

    expect(() => host({ logGroupNames, pgbouncer })).toThrow(
      /^laravelHost has 1 fault:\n {2}- laravelHost: the user data has 1[5-9]\d{3} bytes after gzip\. Allowed: 15000; EC2 takes 16384\. Shorten what the host's files say, or move programs into an image\.$/,
    );
  });
});

function noise(seed: number): string {
  let state = seed;
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 255 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return letters[Math.floor(state / 65_536) % letters.length];
  }).join("");
}
