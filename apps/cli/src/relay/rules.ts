/** What the emulator cannot do for a resource type, and what the relay does about it. */
export interface RelayRule {
  readonly type: string;
  /**
   * `simulate`: the real provider validates and plans, the relay answers apply, read and delete.
   * `echo`: create, update and delete reach the emulator, read returns what state says.
   */
  readonly mode: RelayMode;
  /** What the emulator does wrong, in a sentence. */
  readonly reason: string;
  /** The emulator's version in which this was seen. */
  readonly moto: string;
}

export type RelayMode = "simulate" | "echo";

/** How a resource instance was treated. */
export type Treatment = "emulated" | "echoed" | "simulated";

/** `relay-rules.test.ts` shows each fault on the installed emulator, and fails when it is gone. */
export const RELAY_RULES: readonly RelayRule[] = [
  {
    type: "aws_ec2_instance_metadata_defaults",
    mode: "simulate",
    reason: "ModifyInstanceMetadataDefaults is not implemented",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_lifecycle_configuration",
    mode: "simulate",
    reason:
      "newer_noncurrent_versions of a version expiration is lost, so the provider waits 3 min and fails",
    moto: "5.2.1",
  },
  {
    type: "aws_s3_bucket_policy",
    mode: "simulate",
    reason:
      "a Deny of plain HTTP refuses every object call, state files included: Condition is ignored, and plain HTTP is what it speaks",
    moto: "5.2.1",
  },
  {
    type: "aws_vpc_security_group_egress_rule",
    mode: "echo",
    reason: "description is lost on rules that refer to a group or a prefix list",
    moto: "5.2.1",
  },
  {
    type: "aws_vpc_security_group_ingress_rule",
    mode: "echo",
    reason: "description is lost on rules that refer to a group or a prefix list",
    moto: "5.2.1",
  },
];

/** The rules of one relay, with the switch of `--quick`. */
export class RuleBook {
  private readonly modes: ReadonlyMap<string, RelayMode>;

  constructor(
    rules: readonly RelayRule[],
    public simulateAll: boolean,
  ) {
    this.modes = new Map(rules.map((rule) => [rule.type, rule.mode]));
  }

  treatmentOf(type: string): Treatment {
    if (this.simulateAll) return "simulated";
    const mode = this.modes.get(type);
    if (mode === "simulate") return "simulated";
    return mode === "echo" ? "echoed" : "emulated";
  }
}
