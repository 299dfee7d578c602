import { describe, expect, it } from "vitest";
import { coturnConfig } from "../src/coturn/coturn-config.js";
import type { CoturnOptions } from "../src/coturn/options.js";

const least = { realm: "example.com", "use-auth-secret": true, userdb: "/var/lib/turn/turndb" } as const;
const faultsOf = (options: object, version: "4.6" | "4.17" = "4.6") => {
  try {
    coturnConfig({ ...least, ...options } as CoturnOptions<"4.6">, version as "4.6");
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
};

describe("coturnConfig", () => {
  it("TURN-02: renders options in coturn's own words, one a line, whatever their order", () => {
    const text = coturnConfig(
      {
        "denied-peer-ip": ["10.0.0.0-10.255.255.255", "::1"],
        verbose: true,
        fingerprint: false,
        "external-ip": [{ public: "203.0.113.5", private: "10.0.0.5" }],
        "listening-port": 3478,
        "no-cli": true,
        ...least,
      },
      "4.6",
    );

    expect(text).toBe(
      [
        "listening-port=3478",
        "external-ip=203.0.113.5/10.0.0.5",
        "realm=example.com",
        "use-auth-secret",
        "userdb=/var/lib/turn/turndb",
        "no-cli",
        "denied-peer-ip=10.0.0.0-10.255.255.255",
        "denied-peer-ip=::1",
        "verbose",
        "",
      ].join("\n"),
    );
  });

  it("takes the options of 4.17 for 4.17", () => {
    const text = coturnConfig(
      { ...least, "stateless-nonce-secret": "shared", "unauthorized-ratelimit": true },
      "4.17",
    );

    expect(text).toContain("stateless-nonce-secret=shared\n");
    expect(text).toContain("unauthorized-ratelimit\n");
  });

  it("fails when an option is of no version, already in the compiler", () => {
    const build = () =>
      // @ts-expect-error: coturn would log it and start without.
      coturnConfig({ ...least, "no-tlsv2": true }, "4.6");

    expect(build).toThrow(
      /^coturnConfig has 1 fault:\n {2}- coturnConfig: "no-tlsv2" is no option of coturn 4\.6 that this builder knows\. coturn would log "Bad configuration format" and start without it\. Allowed: listening-ip, listening-port, [a-z0-9_, -]+, pidfile\.$/,
    );
  });

  it("fails when an option is of the other version, already in the compiler", () => {
    const build = () =>
      // @ts-expect-error: off by itself since 4.10.
      coturnConfig({ ...least, "no-cli": true }, "4.17");

    expect(build).toThrow(
      'coturnConfig has 1 fault:\n  - coturnConfig: "no-cli" is an option of coturn 4.6, not of 4.17. coturn would log it and start without it. Take it out; what it turned on or off may have another name there.',
    );
    // @ts-expect-error: an option of 4.17.
    expect(() => coturnConfig({ ...least, dtls: true }, "4.6")).toThrow(
      '"dtls" is an option of coturn 4.17, not of 4.6',
    );
  });

  it("fails when the version is not known", () => {
    expect(faultsOf({}, "4.5" as "4.6")).toEqual(['  - coturnConfig: version is "4.5". Allowed: 4.6, 4.17.']);
  });

  it.each([
    [
      "static-auth-secret",
      "Secrets stand in the database of userdb, where they change without a restart, and never in this file.",
    ],
    ["user", "With use-auth-secret coturn ignores it."],
    ["no-auth", "It opens the relay to everybody."],
    ["allow-loopback-peers", "It opens the node's own services to everybody with a credential."],
  ])("TURN-04: fails when %s is asked for", (name, reason) => {
    expect(faultsOf({ [name]: "x" })).toEqual([
      `  - coturnConfig: "${name}" is refused. ${reason} Take it out.`,
    ]);
  });

  it("fails when what authenticates is missing", () => {
    expect(faultsOf({ realm: undefined, "use-auth-secret": false })).toEqual(
      ["realm", "use-auth-secret"].map(
        (name) =>
          `  - coturnConfig: "${name}" is missing. Without it coturn starts and authenticates everybody or nobody. Give it.`,
      ),
    );
  });

  it.each([
    [
      "10.255.255.255-10.0.0.0",
      "which runs backwards and would hold no address. Write the lower address first.",
    ],
    ["fdff::-fc00::", "which runs backwards and would hold no address. Write the lower address first."],
    ["10.0.0.0/8", 'and coturn knows no prefixes. Write "10.0.0.0-10.255.255.255".'],
    ["fc00::/7", 'and coturn knows no prefixes. Write "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".'],
    ["10.0.0.1-fd00::1", "from one family to the other. Write a range for each."],
    [
      "::-::ffff",
      'coturn takes an unspecified address for an open end, and IPv4 for lower than IPv6: it would hold every address of both families. Begin with "::1"; coturn refuses the unspecified address itself.',
    ],
    [
      "0.0.0.0",
      'coturn takes an unspecified address for an open end, and IPv4 for lower than IPv6: it would hold every address of both families. Begin with "::1"; coturn refuses the unspecified address itself.',
    ],
  ])("TURN-20: fails when a peer range is %s", (range, why) => {
    const joint = why.startsWith("coturn") ? ". " : ", ";
    expect(faultsOf({ "denied-peer-ip": [range] })).toEqual([
      `  - coturnConfig: denied-peer-ip has "${range}"${joint}${why}`,
    ]);
  });

  it.each([
    "10.0.0",
    "10.0.0.0-",
    "-10.0.0.0",
    "10.0.0.1-10.0.0.2-10.0.0.3",
    "10.0.0.256",
    "everybody",
    "",
    "fe80::1%eth0",
    "10.0.0.1 ",
  ])("TURN-20: fails when a peer range is %j", (range) => {
    expect(faultsOf({ "allowed-peer-ip": [range] })).toEqual([
      `  - coturnConfig: allowed-peer-ip has ${JSON.stringify(range)}. Allowed: an address, or the first and the last of a range, such as "10.0.0.0-10.255.255.255".`,
    ]);
  });

  it.each(["0.0.0.0-0.255.255.255", "10.1.2.3", "10.1.2.3-10.1.2.3", "::1", "fe80::-febf:ffff::"])(
    "TURN-20: takes the peer range %s",
    (range) => {
      expect(faultsOf({ "denied-peer-ip": [range] })).toEqual([]);
    },
  );

  it("fails when a value is of another kind, with every fault at once", () => {
    const wrong = {
      verbose: "yes",
      "listening-port": 70_000,
      "user-quota": -1,
      "max-bps": "1000",
      "log-file": "a\nuser=eve:x",
      "listening-ip": ["localhost"],
      "denied-peer-ip": "10.0.0.1",
      "external-ip": [{ public: "203.0.113.5" }],
    };
    expect(faultsOf(wrong)).toEqual([
      '  - coturnConfig: verbose is "yes". Allowed: true or false.',
      "  - coturnConfig: listening-port is 70000. Allowed: a whole number from 1 to 65535.",
      "  - coturnConfig: user-quota is -1. Allowed: a whole number from 0 to 2147483647.",
      '  - coturnConfig: max-bps is "1000". Allowed: a number.',
      '  - coturnConfig: log-file is "a\\nuser=eve:x". Allowed: one line without quotes and without spaces at its ends.',
      '  - coturnConfig: listening-ip has "localhost". Allowed: an IPv4 or IPv6 address.',
      '  - coturnConfig: denied-peer-ip is "10.0.0.1". Allowed: a list of ranges.',
      "  - coturnConfig: external-ip.private has undefined. Allowed: an IPv4 or IPv6 address.",
    ]);
  });

  it("TURN-08: fails when the relay's ports run backwards or hold the port that coturn listens on", () => {
    expect(faultsOf({ "min-port": 65_535, "max-port": 49_152 })).toEqual([
      "  - coturnConfig: min-port 65535 is above max-port 49152. Write the lower first.",
    ]);
    expect(faultsOf({ "listening-port": 50_000 })).toEqual([
      "  - coturnConfig: listening-port 50000 lies among the relay's ports, min-port 49152 to max-port 65535. A call could take it before coturn listens. Move one.",
    ]);
  });
});
