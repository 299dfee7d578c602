import { describe, expect, it } from "vitest";
import type { ResourceEvent } from "../../src/terraform/events.js";
import { findOrphans, lockAdvice, lockHolder, orphanAdvice } from "../../src/terraform/lock.js";

const REFUSED = {
  severity: "error",
  summary: "Error acquiring the state lock",
  detail: `Error message: operation error S3: PutObject, https response error StatusCode: 412, PreconditionFailed
Lock Info:
  ID:        2f7a3c5e-1111-2222-3333-444455556666
  Path:      bucket/telemedicina/development/network.tfstate
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.11.4
  Created:   2026-11-24 04:30:00.1 +0000 UTC
  Info:      


Terraform acquires a state lock to protect the state from being written`,
} as const;

function event(step: ResourceEvent["step"], address: string, id?: string): ResourceEvent {
  const type = address.split(".")[0] ?? "";
  return { step, address, type, action: "create", ...(id === undefined ? {} : { id }) };
}

describe("lockHolder", () => {
  it("reads who holds the lock", () => {
    expect(lockHolder([{ severity: "error", summary: "Other" }, REFUSED])).toEqual({
      id: "2f7a3c5e-1111-2222-3333-444455556666",
      path: "bucket/telemedicina/development/network.tfstate",
      operation: "OperationTypeApply",
      who: "ana@laptop",
      created: "2026-11-24 04:30:00.1 +0000 UTC",
    });
  });

  it("is undefined for any other failure", () => {
    expect(lockHolder([{ severity: "error", summary: "No VPC", detail: "ID: 1" }])).toBeUndefined();
  });

  it("is undefined when the lock could not be asked for at all", () => {
    const detail = "Error message: operation error S3: PutObject, StatusCode: 403, AccessDenied";
    expect(
      lockHolder([{ severity: "error", summary: "Error acquiring the state lock", detail }]),
    ).toBeUndefined();
  });
});

describe("lockAdvice", () => {
  it("says who, what to make sure of, and the command", () => {
    const holder = lockHolder([REFUSED]);
    expect(holder && lockAdvice(holder, "/stacks/network", "terraform")).toBe(
      [
        "Somebody holds the lock of this stack's state, so nothing was read or changed.",
        "  held by: ana@laptop, OperationTypeApply since 2026-11-24 04:30:00.1 +0000 UTC",
        "  state: bucket/telemedicina/development/network.tfstate",
        "  lock: 2f7a3c5e-1111-2222-3333-444455556666",
        "  do: if that run still goes on, wait until it ends and run this again.",
        "      If it is dead (killed, machine lost), first make sure that no process of it is left, then:",
        "        terraform -chdir=/stacks/network force-unlock -force 2f7a3c5e-1111-2222-3333-444455556666",
        "      and run this again. What the dead run made after its last write of the state exists without being",
        "      in the state; the next plan wants to make it a second time. Look for it before you apply.",
      ].join("\n"),
    );
  });
});

describe("findOrphans", () => {
  const events = [
    event("start", "aws_vpc.known"),
    event("complete", "aws_vpc.known", "vpc-1"),
    event("start", "aws_vpc.made"),
    event("complete", "aws_vpc.made", "vpc-2"),
    event("start", "aws_subnet.begun"),
    event("start", "aws_eip.failed"),
    event("errored", "aws_eip.failed"),
    { ...event("start", "aws_route.gone"), action: "delete" as const },
  ];

  it("tells what was made from what was only begun", () => {
    expect(findOrphans(events, ["aws_vpc.known"])).toEqual({
      made: [event("complete", "aws_vpc.made", "vpc-2")],
      unknown: [event("start", "aws_subnet.begun")],
    });
  });

  it("gives an import for each, and what to look for", () => {
    expect(orphanAdvice(findOrphans(events, ["aws_vpc.known"]), "/stacks/network", "terraform")).toBe(
      [
        "These resources exist and are not in the state. Take each into the state:",
        "  terraform -chdir=/stacks/network import 'aws_vpc.made' 'vpc-2'",
        "These were being made; whether they exist nobody knows. Look for them by their name or tags,",
        "import or delete what you find:",
        "  aws_subnet.begun (aws_subnet)",
        "Then plan again: it must not want to make any of them a second time.",
      ].join("\n"),
    );
  });

  it("says when nothing is lost", () => {
    expect(
      orphanAdvice(findOrphans(events.slice(0, 2), ["aws_vpc.known"]), "/stacks/network", "terraform"),
    ).toBe("The state holds every resource that the apply had begun to make.");
  });
});
