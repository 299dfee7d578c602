import { flow, logRetentionDays } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { turnCapacity } from "../src/index.js";
import { careless, least, logsKeyArn, relay, relays, secret } from "./relays-support.js";

function one(fault: string): Error {
  return new Error(`test/turn has 1 fault:\n  - test/turn: ${fault}`);
}

const knownTypes = Object.keys(turnCapacity).join(", ");

describe("guards", () => {
  it("fails with every fault at once", () => {
    const props = careless({
      accountId: "1",
      tags: {},
      domain: "Telemedicina",
      zones: ["a", "a", "d"],
      securityGroupIds: [],
      vpcCidrs: [],
      secret: { name: "x", arn: "arn:aws:secretsmanager:sa-east-1:333333333333:secret:turn" },
      logs: { kmsKeyArn: logsKeyArn, retentionDays: 61 },
      instanceType: "t4g.small",
      rootVolumeGiB: 7,
      maxBps: 1,
      drainMinutes: 0,
      credentialTtlMinutes: 4,
      certificateRecoveryDays: 0,
      replaceOnChange: true,
      deletionProtection: { on: false, reason: " " },
    });

    expect(() => relays(props)).toThrow(
      new Error(
        [
          "test/turn has 17 faults:",
          '  - test/turn: zones[1] is "a", which stands there already. A zone has one relay. Remove one of the two.',
          '  - test/turn: zones[2] is "d", and subnetIds has no subnet for it. Allowed: a, b, c. Take another letter, or give subnetIds a public subnet in that zone.',
          "  - test/turn: replaceOnChange is true with the zones a, a, d. One apply would drain all of them together, and new calls would find no relay until they are done. Leave it out and replace zone by zone with refreshCommands.",
          '  - test/turn: accountId is "1". Allowed: 12 digits.',
          '  - test/turn: domain is "Telemedicina". Allowed: a name in lower case such as telemedicina.example.com.',
          '  - test/turn: secret.arn is "arn:aws:secretsmanager:sa-east-1:333333333333:secret:turn". Allowed: a complete ARN of Secrets Manager, with the six characters at its end: the key\'s permission is bound to it.',
          "  - test/turn: securityGroupIds is empty. Allowed: at least one group; AWS would take the VPC's own.",
          "  - test/turn: vpcCidrs is empty. Allowed: at least one network; relays could be used to reach the VPC.",
          "  - test/turn: tags is empty. Allowed: at least one tag; nodes would have none.",
          `  - test/turn: instanceType is "t4g.small", of which the capacity table does not know the network. Allowed: ${knownTypes}. For another, add EC2's BaselineBandwidthInGbps to modules/turn/src/capacity.ts.`,
          "  - test/turn: credentialTtlMinutes is 4. Allowed: a whole number from 5 to 1440.",
          "  - test/turn: drainMinutes is 0. Allowed: a whole number from 1 to 480.",
          "  - test/turn: rootVolumeGiB is 7. Allowed: a whole number from 8 to 100.",
          "  - test/turn: maxBps is 1. Allowed: a whole number from 12500 to 125000000.",
          "  - test/turn: certificateRecoveryDays is 0. Allowed: a whole number from 7 to 30.",
          `  - test/turn: logs.retentionDays is 61. Allowed: ${logRetentionDays.join(", ")}. CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold clients' addresses.`,
          '  - test/turn: deletionProtection.reason is " ". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag of the addresses). Say why these addresses may be given up.',
        ].join("\n"),
      ),
    );
  });

  it("fails when there is no zone", () => {
    expect(() => relays({ zones: [] })).toThrow(one("zones is empty. Allowed: at least one zone letter."));
  });

  it("fails when a zone is no letter", () => {
    expect(() => relay({ zones: ["sae1-az1"] })).toThrow(
      one('zones[0] is "sae1-az1". Allowed: a lower-case letter; it stands in names for good.'),
    );
  });

  it("fails when credentials expire before the longest consultation ends", () => {
    expect(() => relays({ credentialTtlMinutes: 60, drainMinutes: 61 })).toThrow(
      one(
        "credentialTtlMinutes is 60, and drainMinutes, the longest consultation, is 61. A browser that has to connect anew late in one would be refused. Let credentials live longer, or lower drainMinutes.",
      ),
    );
    expect(() => relays({ credentialTtlMinutes: 61, drainMinutes: 61 })).not.toThrow();
  });

  it("fails when a drain lasts longer than a hook can wait", () => {
    expect(() => relays({ credentialTtlMinutes: 600, drainMinutes: 481 })).toThrow(
      one("drainMinutes is 481. Allowed: a whole number from 1 to 480."),
    );
    // AWS ends a wait after a hundred heartbeats.
    const { stack } = relays({ credentialTtlMinutes: 600, drainMinutes: 480 });
    for (const { address, attributes } of stack.all("aws_autoscaling_group")) {
      const hooks = attributes["initial_lifecycle_hook"] as { heartbeat_timeout: number }[];
      for (const hook of hooks) expect(hook.heartbeat_timeout * 100, address).toBeGreaterThan(480 * 60);
    }
  });

  it("fails when one user could take every relay of a node", () => {
    const { allocations } = turnCapacity["t3.micro"] ?? { allocations: 0 };

    expect(() => relays({ instanceType: "t3.micro", userQuota: allocations + 1 })).toThrow(
      one(
        `userQuota is ${allocations + 1}, and a t3.micro holds ${allocations} relays open in all. Allowed: 1 to ${allocations}, or one user could take them all. Lower it, or take a larger instanceType.`,
      ),
    );
    expect(() => relays({ instanceType: "t3.micro", userQuota: allocations })).not.toThrow();
  });

  it("TURN-08: promises no more relays of any type than the range has ports", () => {
    const { ports } = flow("turn-relay");

    for (const [type, { allocations }] of Object.entries(turnCapacity)) {
      expect(allocations, type).toBeLessThanOrEqual(ports.to - ports.from + 1);
    }
  });

  it("fails when a host name does not fit into a certificate", () => {
    const domain = `${"x".repeat(54)}.br`;
    const longer = `${"x".repeat(55)}.br`;

    expect(() => relays({ domain })).not.toThrow();
    expect(() => relays({ domain: longer })).toThrow(
      one(
        `domain makes the host name turn-a.${longer} of 65 characters. Allowed: at most 64, where a certificate's name ends. Choose a shorter domain.`,
      ),
    );
  });

  it("fails when a name is not known at synth", () => {
    const reference = "${TfToken[TOKEN.7]}";

    expect(() => relays({ secret: { ...secret, name: reference } })).toThrow(
      one(
        "secret.name is a reference that Terraform resolves later. Names and user data are literal, so that a review sees every line. Give the value itself.",
      ),
    );
    expect(() => relays({ domain: reference })).toThrow(
      one(
        "domain is a reference that Terraform resolves later. Names and user data are literal, so that a review sees every line. Give the value itself.",
      ),
    );
    expect(() => relays({ secret: { ...secret, arn: reference } })).not.toThrow();
  });

  it("fails when several zones would be replaced together", () => {
    expect(() => relays({ replaceOnChange: true })).toThrow(
      one(
        "replaceOnChange is true with the zones a, b. One apply would drain all of them together, and new calls would find no relay until they are done. Leave it out and replace zone by zone with refreshCommands.",
      ),
    );
  });

  it("fails when a network is none, in the words of the node's software", () => {
    expect(() => relays({ vpcCidrs: ["10.30.0.0"] })).toThrow(
      /^turnHost has 1 fault:\n {2}- turnHost: vpcCidrs/,
    );
  });

  it("takes an undefined prop for one that is not there", () => {
    const props = Object.fromEntries(
      ["instanceType", "drainMinutes", "userQuota", "deletionProtection"].map((prop) => [prop, undefined]),
    );

    expect(relays({ ...least, ...props }).stack.document).toEqual(relays().stack.document);
  });
});
