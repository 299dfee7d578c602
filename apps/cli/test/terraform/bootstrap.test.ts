import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyInPlace, bootstrapState } from "../../src/terraform/bootstrap.js";
import { Terraform } from "../../src/terraform/terraform.js";
import { program, scratch, write } from "../scratch.js";

const STATE = JSON.stringify({
  resources: [
    { mode: "managed", type: "aws_s3_bucket", name: "state" },
    { mode: "data", type: "aws_caller_identity", name: "me" },
  ],
});

/**
 * A Terraform that keeps its state in `bucket` once that exists, else where the override says; each
 * call is noted in `calls` with the word "local" when the override is in place.
 */
function fake(init = "") {
  const directory = scratch();
  const binary = program(
    join(directory, "terraform"),
    `where=""; [ -f backend_override.tf.json ] && where=" local"
echo "$*$where" >> calls
case "$1" in
  init)
    ${init}
    if [ -z "$where" ] && [ ! -f bucket ]; then
      echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Failed to get existing workspaces: S3 bucket \\"b\\" does not exist."}}'; exit 1
    fi ;;
  plan) echo '{"type":"change_summary","changes":{"add":1,"change":0,"remove":0}}'; [ -f bucket ] && exit 0; exit 2 ;;
  apply)
    touch bucket; [ -n "$where" ] && echo '${STATE}' > bootstrap.tfstate
    echo '{"type":"apply_complete","hook":{"resource":{"addr":"aws_s3_bucket.state","resource_type":"aws_s3_bucket"},"action":"create","id_value":"b"}}' ;;
  state) cat moved 2>/dev/null || echo aws_s3_bucket.state ;;
esac
exit 0`,
  );
  const terraform = new Terraform({
    binary,
    directory,
    stack: "dev-bootstrap",
    env: { PATH: process.env["PATH"] ?? "" },
    logFile: join(directory, "log"),
  });
  return {
    terraform,
    directory,
    calls: () => readFileSync(join(directory, "calls"), "utf8").trim().split("\n"),
  };
}

const APPLIED = [
  { step: "complete", address: "aws_s3_bucket.state", type: "aws_s3_bucket", action: "create", id: "b" },
];

describe("bootstrapState", () => {
  it("applies with a local state first, then moves it into the bucket it made", async () => {
    const { terraform, directory, calls } = fake();
    expect(await bootstrapState(terraform)).toEqual({ applied: APPLIED, complete: true });
    expect(calls()).toEqual([
      "init -json -reconfigure",
      "init -json -reconfigure local",
      "plan -json -detailed-exitcode -out=bootstrap.tfplan local",
      "apply -json bootstrap.tfplan local",
      "init -migrate-state -force-copy -no-color",
      "state list",
    ]);
    expect(
      ["backend_override.tf.json", "bootstrap.tfstate"].filter((file) => existsSync(join(directory, file))),
    ).toEqual([]);
  });

  it("uses the bucket when there is one", async () => {
    const { terraform, directory, calls } = fake();
    write(join(directory, "bucket"), "");
    expect(await bootstrapState(terraform)).toEqual({ applied: [], complete: true });
    expect(calls()).toEqual([
      "init -json -reconfigure",
      "plan -json -detailed-exitcode -out=bootstrap.tfplan",
    ]);
  });

  it("applies nothing that is not approved", async () => {
    const { terraform, directory, calls } = fake();
    expect(await bootstrapState(terraform, { approve: async () => false })).toEqual({
      applied: [],
      complete: false,
    });
    expect(calls().filter((call) => /^apply|migrate/.test(call))).toEqual([]);
    expect(existsSync(join(directory, "backend_override.tf.json"))).toBe(false);
  });

  it("goes on from the local state of a run that was cut off before the move", async () => {
    const { terraform, directory, calls } = fake();
    write(join(directory, "bucket"), "");
    write(join(directory, "bootstrap.tfstate"), STATE);
    write(join(directory, "backend_override.tf.json"), "{}");
    expect(await bootstrapState(terraform)).toEqual({ applied: [], complete: true });
    expect(calls()).toEqual([
      "init -json -reconfigure local",
      "plan -json -detailed-exitcode -out=bootstrap.tfplan local",
      "init -migrate-state -force-copy -no-color",
      "state list",
    ]);
  });

  it("is not misled by an override file that a killed run left before its apply", async () => {
    const { terraform, directory, calls } = fake();
    write(join(directory, "bucket"), "");
    write(join(directory, "backend_override.tf.json"), "{}");
    await bootstrapState(terraform);
    expect(calls()).toEqual([
      "init -json -reconfigure",
      "plan -json -detailed-exitcode -out=bootstrap.tfplan",
    ]);
  });

  it("keeps the local state when the bucket's lacks something", async () => {
    const { terraform, directory } = fake();
    write(join(directory, "moved"), "aws_s3_bucket.other\n");
    await expect(bootstrapState(terraform)).rejects.toThrow(
      `The state in the bucket lacks aws_s3_bucket.state. The local state is kept in ${directory}/bootstrap.tfstate: run the command again.`,
    );
    expect(existsSync(join(directory, "bootstrap.tfstate"))).toBe(true);
  });

  it("fails on what is not a missing bucket", async () => {
    const denied = `echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"AccessDenied"}}'; exit 1`;
    const { terraform, directory } = fake(denied);
    await expect(bootstrapState(terraform)).rejects.toThrow(
      `dev-bootstrap: terraform init failed (exit code 1).\n\nError: AccessDenied\n\nAll output: ${directory}/log`,
    );
    expect(existsSync(join(directory, "backend_override.tf.json"))).toBe(false);
  });
});

describe("applyInPlace", () => {
  it("applies a stack whose state has its place already, without an override and without a move", async () => {
    const { terraform, calls } = fake('[ "$*" = "init -json" ] && exit 0');
    expect(await applyInPlace(terraform)).toEqual({ applied: APPLIED, complete: true });
    expect(calls()).toEqual([
      "init -json",
      "plan -json -detailed-exitcode -out=bootstrap.tfplan",
      "apply -json bootstrap.tfplan",
    ]);
  });
});
