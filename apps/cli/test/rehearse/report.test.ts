import { describe, expect, it } from "vitest";
import { formatReport, type Report } from "../../src/rehearse/report.js";

const network = {
  name: "development-network",
  emulated: { aws_vpc: 1, aws_subnet: 8 },
  echoed: { aws_vpc_security_group_ingress_rule: 12 },
  simulated: {},
  secondPlanChanges: 0,
  destroyed: 21,
  protected: 0,
  seconds: { init: 0.3, apply: 25.8, plan: 12.72, destroy: 100 },
};

const report: Report = {
  environment: "development",
  ok: true,
  totalSeconds: 113.5,
  leftovers: [],
  pendingDeletion: [],
  bootstrap: {
    name: "development-bootstrap",
    emulated: { aws_s3_bucket: 1 },
    echoed: {},
    simulated: { aws_s3_bucket_policy: 1 },
    seconds: 40,
  },
  stacks: [network],
  quick: false,
  planOnly: false,
  terraformVersion: "1.11.4",
  providerVersion: "5.100.0",
  motoVersion: "5.2.1",
};

const LEGEND = `emulated: applied on the emulator and read back from it
echoed: applied on the emulator, read back from the state, because the emulator forgets an attribute
simulated: validated and planned by the real provider, applied by the relay alone`;

describe("formatReport", () => {
  it("shows stacks, types and how each was applied", () => {
    expect(`\n${formatReport(report)}\n`).toBe(`
development: ok in 113.5 s
judged by Terraform 1.11.4, AWS provider 5.100.0, moto 5.2.1

stack                  resources  second plan  destroyed   init    plan   apply  destroy
development-bootstrap          2  -            protected                 40.0 s
development-network           21  no change           21  0.3 s  12.7 s  25.8 s  100.0 s

resource type                        emulated  echoed  simulated
aws_s3_bucket                               1
aws_s3_bucket_policy                                           1
aws_subnet                                  8
aws_vpc                                     1
aws_vpc_security_group_ingress_rule                12
${LEGEND}
`);
  });

  it("shows what changed, in capitals", () => {
    const text = formatReport({
      ...report,
      ok: false,
      quick: true,
      stacks: [{ ...network, secondPlanChanges: 3 }],
    });
    expect(text).toContain(
      "development: FAILED in 113.5 s (quick: nothing reached the emulator but the state and the secrets)",
    );
    expect(text).toContain("development-network           21  3 CHANGED           21");
  });

  it("says what is protected from destroy and what AWS would keep", () => {
    const kept = { service: "kms", account: "111111111111", region: "us-east-1" };
    const text = formatReport({
      ...report,
      stacks: [
        { ...network, name: "development-security", protected: 4, protectionHolds: true },
        { ...network, name: "development-data", protected: 1, protectionHolds: false },
        { ...network, name: "development-app", protected: 2 },
        network,
      ],
      pendingDeletion: [
        { ...kept, kind: "secrets", id: "a" },
        { ...kept, kind: "KMS keys", id: "b" },
        { ...kept, kind: "secrets", id: "c" },
      ],
    });
    expect(text.split("\n\n")[2]).toBe(
      [
        "development-security: 4 resources are protected from destroy (a destroy plan was refused); the rehearsal lifted that by an override file",
        "development-data: 1 resource is protected from destroy, BUT NOT ALL HOLD",
        "development-app: 2 resources are protected from destroy",
        "pending deletion, as on AWS: 1 KMS keys, 2 secrets; until they are gone, their names are taken",
      ].join("\n"),
    );
  });

  it("shows what was planned and what could not be", () => {
    const planned = {
      ...network,
      emulated: {},
      echoed: {},
      secondPlanChanges: null,
      destroyed: 0,
      planned: { add: 98, change: 0, remove: 0 },
    };
    const { bootstrap: _bootstrap, ...rest } = report;
    const skipped = [{ name: "development-data", reason: "it needs outputs of development-network" }];
    expect(`\n${formatReport({ ...rest, planOnly: true, stacks: [planned], skipped })}\n`).toBe(`
development: ok in 113.5 s (plans only)
judged by Terraform 1.11.4, AWS provider 5.100.0, moto 5.2.1

stack                 resources  second plan  destroyed   init    plan   apply  destroy
development-network  98 planned  -                    -  0.3 s  12.7 s  25.8 s  100.0 s

not planned: development-data: it needs outputs of development-network
`);
  });
});
