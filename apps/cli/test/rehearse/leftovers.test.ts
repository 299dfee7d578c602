import { describe, expect, it } from "vitest";
import type { Emulator, EmulatorLeftover } from "../../src/emulator/emulator.js";
import { findLeftovers, leftoverFault, takeBaseline } from "../../src/rehearse/leftovers.js";
import type { Leftover, Relay } from "../../src/relay/index.js";

function provider(type: string, id: string, what: Leftover["what"], detail = "it is there"): Leftover {
  return { type, id, what, detail, treatment: "emulated" };
}

function parts(found: Leftover[], inEmulator: EmulatorLeftover[] = []) {
  const relay = { leftovers: async () => found } as unknown as Relay;
  const emulator = {
    leftovers: async () => inEmulator,
    markBaseline: async () => undefined,
  } as unknown as Emulator;
  return { relay, emulator };
}

const VPC = { service: "ec2", account: "111111111111", region: "us-east-1", kind: "VPC", id: "vpc-2" };

describe("findLeftovers", () => {
  it("hears both judges, and leaves out what bootstrap made", async () => {
    const bucket = provider("aws_s3_bucket", "state", "not deleted");
    const before = parts([bucket]);
    const baseline = await takeBaseline(before.emulator, before.relay);
    const after = parts([bucket, provider("aws_eip", "eip-1", "not deleted")], [VPC]);
    expect(await findLeftovers(after.emulator, after.relay, baseline)).toEqual([
      { found: "provider", type: "aws_eip", id: "eip-1", treatment: "emulated", detail: "it is there" },
      { found: "emulator", ...VPC },
    ]);
  });

  it("does not count what a destroy only forgets, nor an absence in the emulator's words", async () => {
    const { emulator, relay } = parts([
      provider("aws_default_network_acl", "acl-1", "exists"),
      provider("aws_network_acl", "acl-2", "unreadable", "api error InvalidRouteTableID.NotFound: acl-2"),
      provider(
        "aws_secretsmanager_secret_version",
        "v-1",
        "unreadable",
        "secret that's currently marked deleted",
      ),
      provider("aws_eip", "eip-1", "unreadable", "api error InternalFailure"),
      provider("aws_vpc", "vpc-1", "exists"),
    ]);
    const found = await findLeftovers(emulator, relay, { provider: new Set() });
    expect(found.map(({ id }) => id)).toEqual(["eip-1", "vpc-1"]);
  });
});

describe("leftoverFault", () => {
  it("names each, and what to do", () => {
    const eip = {
      found: "provider",
      type: "aws_eip",
      id: "eip-1",
      treatment: "echoed",
      detail: "it is there",
    } as const;
    expect(leftoverFault([eip, { found: "emulator", ...VPC }])).toBe(
      [
        "The destroy left something behind; the account must be as it was before:",
        "  aws_eip eip-1 (echoed): it is there",
        "  ec2 VPC vpc-2 in account 111111111111, us-east-1",
        "  do: find who makes it outside Terraform's state (a local-exec, a service that makes resources of its own), and",
        "      make it part of a stack. If the emulator keeps what AWS would delete, add a line to QUIRKS in apps/cli/src/emulator/program.ts.",
      ].join("\n"),
    );
  });

  it("is silent when nothing is left", () => {
    expect(leftoverFault([])).toBeUndefined();
  });
});
