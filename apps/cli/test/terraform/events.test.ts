import { describe, expect, it } from "vitest";
import { formatDiagnostic, parseEvent } from "../../src/terraform/events.js";

describe("parseEvent", () => {
  it("reads a diagnostic", () => {
    const line =
      '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"No VPC","detail":"Why","address":"aws_vpc.main"}}';
    expect(parseEvent(line)).toEqual({
      kind: "diagnostic",
      diagnostic: { severity: "error", summary: "No VPC", detail: "Why", address: "aws_vpc.main" },
    });
  });

  it("reads the steps of a resource", () => {
    const resource = { addr: "aws_vpc.main", resource_type: "aws_vpc" };
    const start = { type: "apply_start", hook: { resource, action: "create" } };
    const complete = { type: "apply_complete", hook: { resource, action: "create", id_value: "vpc-1" } };
    const errored = { type: "apply_errored", hook: { resource, action: "create" } };
    const event = { address: "aws_vpc.main", type: "aws_vpc", action: "create" };
    expect([start, complete, errored].map((line) => parseEvent(JSON.stringify(line)))).toEqual([
      { kind: "resource", event: { ...event, step: "start" } },
      { kind: "resource", event: { ...event, step: "complete", id: "vpc-1" } },
      { kind: "resource", event: { ...event, step: "errored" } },
    ]);
  });

  it("reads the summary", () => {
    const changes = { add: 3, change: 2, remove: 1 };
    expect(parseEvent(JSON.stringify({ type: "change_summary", changes }))).toEqual({
      kind: "summary",
      changes,
    });
  });

  it.each([
    "",
    "Terraform has been initialized",
    '{"type":"version"}',
    '{"type":"apply_complete","hook":{"reso',
  ])("has no use for %j", (line) => {
    expect(parseEvent(line)).toBeUndefined();
  });
});

describe("formatDiagnostic", () => {
  it("leaves nothing out", () => {
    const diagnostic = {
      severity: "error",
      summary: "creating EC2 VPC",
      detail: "operation error EC2: CreateVpc\n\nInvalidVpcRange",
      address: "aws_vpc.main",
      range: { filename: "cdk.tf.json", start: { line: 12 } },
    } as const;
    expect(formatDiagnostic(diagnostic)).toBe(
      [
        "Error: creating EC2 VPC",
        "  resource: aws_vpc.main",
        "  at: cdk.tf.json:12",
        "  operation error EC2: CreateVpc",
        "",
        "  InvalidVpcRange",
      ].join("\n"),
    );
  });

  it("says when it is only a warning", () => {
    expect(formatDiagnostic({ severity: "warning", summary: "Deprecated" })).toBe("Warning: Deprecated");
  });
});
