import { describe, expect, it } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.js";
import { keepHints } from "../../src/rehearse/keep.js";

describe("keepHints", () => {
  it("says how to look at it and how to end it", () => {
    const emulator = { port: 5600, pid: 4711 } as Emulator;
    const stack = {
      name: "dev-network",
      area: "network",
      environment: "dev",
      directory: "/x",
      dependencies: [],
    };
    expect(keepHints(emulator, "sa-east-1", [stack], `${process.cwd()}/.rehearsal/dev-1`, "tfstate")).toBe(
      [
        "Kept: the emulator goes on at http://127.0.0.1:5600 (process 4711), what was written in .rehearsal/dev-1.",
        "",
        "To look at it:",
        "  export AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal",
        "  aws --endpoint-url http://127.0.0.1:5600 --region sa-east-1 ec2 describe-vpcs",
        "  aws --endpoint-url http://127.0.0.1:5600 --region sa-east-1 ec2 describe-security-group-rules",
        "  aws --endpoint-url http://127.0.0.1:5600 --region sa-east-1 ec2 describe-network-acls",
        "  aws --endpoint-url http://127.0.0.1:5600 --region sa-east-1 s3api list-objects-v2 --bucket tfstate",
        "",
        "To end it: kill 4711; rm -r .rehearsal/dev-1",
        "Stacks in it: dev-network. What the relay simulated is in their state alone.",
      ].join("\n"),
    );
  });
});
