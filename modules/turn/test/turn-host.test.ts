import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { ports, turnRelayPorts } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { TurnHostProps } from "../src/host/props.js";
import { turnHost } from "../src/host/turn-host.js";

const props: TurnHostProps = {
  region: "sa-east-1",
  environment: "production",
  hostName: "turn-a.example.com",
  realm: "example.com",
  groupName: "acme-prod-asg-turn-a-sa-east-1",
  launchHook: "launch",
  terminateHook: "terminate",
  secretName: "acme-prod-secret-turn-sa-east-1",
  certificateSecretName: "acme-prod-secret-turn-a-certificate-sa-east-1",
  vpcCidrs: ["10.20.0.0/16"],
  logGroupName: "acme-prod-log-group-turn-sa-east-1",
  metricNamespace: "Acme/Turn",
  capacity: { allocations: 816 },
  acmeEmail: "operations@example.com",
};

function fileOf(path: string, changes: Partial<TurnHostProps> = {}): string {
  const found = turnHost({ ...props, ...changes }).files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found.content;
}
const config = (changes: Partial<TurnHostProps> = {}) =>
  fileOf("/etc/telemedicina/turnserver.conf", changes).trimEnd().split("\n");
const settings = (changes: Partial<TurnHostProps> = {}) =>
  JSON.parse(fileOf("/etc/telemedicina/turn.json", changes)) as Record<string, unknown>;

describe("turnserver.conf of a node", () => {
  it.each([
    ["TURN-02", "listening-ip=0.0.0.0", "listening-port=3478", "tls-listening-port=5349"],
    ["TURN-04", "use-auth-secret", "userdb=/var/lib/turn/turndb"],
    ["TURN-05", "realm=example.com"],
    ["TURN-06", "fingerprint"],
    ["TURN-07", "cert=/etc/turnserver/cert.pem", "pkey=/etc/turnserver/key.pem"],
    ["TURN-08, PORT-10", `min-port=${turnRelayPorts.from}`, `max-port=${turnRelayPorts.to}`],
    ["TURN-20", "no-multicast-peers", "no-cli", "no-tcp-relay", "stale-nonce=600", "verbose", "no-dtls"],
    [
      "TURN-20",
      "user-quota=12",
      "total-quota=816",
      "max-bps=625000",
      "denied-peer-ip=10.20.0.0-10.20.255.255",
    ],
    ["T-20d, LOG-06", "log-file=/var/log/turnserver/turnserver.log", "simple-log", "new-log-timestamp"],
  ])("%s: has %s", (_row, ...lines) => {
    expect(config()).toEqual(expect.arrayContaining(lines));
  });

  it("TURN-04, T-16: has no secret, no user, and nothing that only a test may have", () => {
    expect(
      config().filter((line) => /^(static-auth-secret|user=|lt-cred-mech|allow-loopback|no-auth)/.test(line)),
    ).toEqual([]);
  });

  it("TURN-20: has the quotas that are asked for", () => {
    const changed = config({ userQuota: 6, maxBps: 250_000, capacity: { allocations: 300 } });

    expect(changed).toEqual(expect.arrayContaining(["user-quota=6", "total-quota=300", "max-bps=250000"]));
  });
});

describe("turn.json of a node", () => {
  it("has the defaults: a day of overlap, an hour of drain, certbot's own authority", () => {
    expect(settings()).toMatchObject({
      secretOverlapSeconds: 86_400,
      drainSeconds: 3600,
      acme: { email: "operations@example.com", directory: null },
      ports: { turn: ports.turn, tls: ports.turnTls },
      relayPorts: turnRelayPorts,
    });
  });

  it("has what is asked for instead", () => {
    const acmeDirectory = "https://acme-staging-v02.api.letsencrypt.org/directory";
    const changed = settings({ acmeDirectory, drainSeconds: 600, secretOverlapSeconds: 90_000 });

    expect(changed).toMatchObject({
      secretOverlapSeconds: 90_000,
      drainSeconds: 600,
      acme: { directory: acmeDirectory },
    });
  });
});

describe("user data of a node", () => {
  const { userData, files, packages } = turnHost(props);
  const document = parse(userData, { version: "1.1" }) as Record<string, unknown>;

  it("TURN-01: is one cloud-config document with every file as it is, the same each time", () => {
    expect(userData.startsWith("#cloud-config\n")).toBe(true);
    expect(document["packages"]).toEqual(packages);
    expect(document["runcmd"]).toEqual([["/usr/local/sbin/turn-boot"]]);
    expect(document["write_files"]).toEqual(
      files.map(({ path, content, mode }) => ({ path, content, permissions: mode })),
    );
    expect(turnHost(props).userData).toBe(userData);
  });

  it("TURN-01: leaves EC2's limit room", () => {
    expect(gzipSync(userData, { level: 9 }).length).toBeLessThan(14_000);
  });

  it("has the programs byte for byte", () => {
    const source = readFileSync(new URL("../files/turn-secrets.py", import.meta.url), "utf8");

    expect(fileOf("/usr/local/sbin/turn-secrets")).toBe(source);
  });

  it("T-20f: keeps the relayed ports from everybody else", () => {
    expect(fileOf("/etc/sysctl.d/90-turn.conf")).toContain("net.ipv4.ip_local_port_range = 1024 49151\n");
  });

  it("TURN-04: does not let coturn start with the package's configuration, which asks for no credential", () => {
    const unit = fileOf("/etc/systemd/system/coturn.service.d/node.conf");

    expect(unit).toContain("ConditionPathExists=/etc/turnserver\n");
    expect(files.some(({ path }) => path.startsWith("/etc/turnserver/"))).toBe(false);
    const boot = fileOf("/usr/local/sbin/turn-boot");
    expect(boot.indexOf("\nturn-address\n")).toBeGreaterThan(0);
    expect(boot.indexOf("\nturn-address\n")).toBeLessThan(boot.indexOf("/etc/turnserver\n"));
  });

  it("LOG-06: has an agent that sends coturn's log, the programs' and cloud-init's to the given group", () => {
    const agent = JSON.parse(fileOf("/etc/telemedicina/cloudwatch-agent.json")) as {
      logs: { logs_collected: { files: { collect_list: object[] } } };
    };

    expect(agent.logs.logs_collected.files.collect_list).toEqual([
      {
        file_path: "/var/log/turnserver/turnserver.log",
        log_group_name: props.logGroupName,
        log_stream_name: "{instance_id}/turnserver",
        timestamp_format: "%Y-%m-%dT%H:%M:%S%z",
      },
      {
        file_path: "/var/log/turn-node.log",
        log_group_name: props.logGroupName,
        log_stream_name: "{instance_id}/node",
      },
      {
        file_path: "/var/log/cloud-init-output.log",
        log_group_name: props.logGroupName,
        log_stream_name: "{instance_id}/cloud-init",
      },
    ]);
  });
});

describe("turnHost", () => {
  it("fails when props are wrong, with all their faults", () => {
    const wrong = {
      ...props,
      region: "Brazil",
      hostName: "${aws_route53_record.turn.name}",
      groupName: "a group",
      vpcCidrs: [],
      userQuota: 0,
      acmeEmail: "operations",
      acmeDirectory: "http://acme.example.com/",
      credentialTtlSeconds: 7200,
      secretOverlapSeconds: 3600,
      drainSeconds: 200_000,
    };

    expect(() => turnHost(wrong)).toThrow(
      [
        "turnHost has 9 faults:",
        '  - turnHost: region is "Brazil". Allowed: a region such as sa-east-1.',
        '  - turnHost: hostName is "${aws_route53_record.turn.name}", a reference that Terraform resolves later. User data is literal, so that a review sees every line of it. Give the value itself.',
        '  - turnHost: groupName is "a group". Allowed: 1 to 255 letters, digits and _ . / # @ + = -.',
        '  - turnHost: acmeEmail is "operations". Allowed: an e-mail address.',
        '  - turnHost: acmeDirectory is "http://acme.example.com/". Allowed: the https address of an ACME directory.',
        '  - turnHost: vpcCidrs is "". Allowed: at least the VPC\'s IPv4 network.',
        "  - turnHost: userQuota is 0. Allowed: a whole number from 1 to 1000.",
        "  - turnHost: secretOverlapSeconds is 3600, and credentials live 7200 s (credentialTtlSeconds). The last ones signed with the old secret would be refused. Give at least as much.",
        "  - turnHost: drainSeconds is 200000. Allowed: a whole number from 0 to 172800.",
      ].join("\n"),
    );
  });

  it("fails when the user data would be too long", () => {
    // Chance does not compress: 4,000 networks of it.
    const vpcCidrs = Array.from({ length: 4000 }, (_, index) => {
      const chance = (index * 2_654_435_761) % 2 ** 24;
      return `${(chance >> 16) & 255}.${(chance >> 8) & 255}.${chance & 255}.0/24`;
    });

    expect(() => turnHost({ ...props, vpcCidrs })).toThrow(
      /^turnHost has 1 fault:\n {2}- turnHost: the user data has \d{5} bytes after gzip\. Allowed: 14000; EC2 takes 16384\. Shorten what the node's files say, or move programs into an image\.$/,
    );
  });
});
