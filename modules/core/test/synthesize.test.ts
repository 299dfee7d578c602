import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { type App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awsProvider, configureBackend, synthesize } from "../src/index.js";

let root: string;
let outdir: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "telemedicina-test-"));
  outdir = join(root, "deep", "cdktf.out");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("synthesize", () => {
  it("writes every stack and returns them in order of dependency", () => {
    const stacks = synthesize(outdir, (app) => {
      const late = stack(app, "late");
      late.addDependency(stack(app, "early"));
    });

    expect(stacks).toEqual([
      { name: "early", directory: join(outdir, "stacks", "early"), dependencies: [] },
      { name: "late", directory: join(outdir, "stacks", "late"), dependencies: ["early"] },
    ]);
    for (const { directory } of stacks) expect(existsSync(join(directory, "cdk.tf.json"))).toBe(true);
  });

  it("writes the same bytes whatever the directory", () => {
    const other = join(root, "other");
    for (const target of [outdir, other]) synthesize(target, (app) => stack(app, "one"));

    const text = (target: string) => readFileSync(join(target, "stacks", "one", "cdk.tf.json"), "utf8");
    expect(text(other)).toBe(text(outdir));
    expect(text(outdir)).not.toContain(root);
  });

  it("leaves the previous output as it was when a validation fails, and no directory behind", () => {
    synthesize(outdir, (app) => stack(app, "one"));
    const before = readFileSync(join(outdir, "stacks", "one", "cdk.tf.json"), "utf8");
    const failing = () =>
      synthesize(outdir, (app) => {
        stack(app, "one", "10.9.0.0/16");
        stack(app, "two").node.addValidation({ validate: () => ["not like this"] });
      });

    expect(failing).toThrow("[two] not like this");
    expect(readFileSync(join(outdir, "stacks", "one", "cdk.tf.json"), "utf8")).toBe(before);
    expect(existsSync(join(outdir, "stacks", "two"))).toBe(false);
    expect(readdirSync(join(root, "deep"))).toEqual(["cdktf.out"]);
  });

  it("takes the JSON of a stack that is gone away, and leaves its .terraform", () => {
    synthesize(outdir, (app) => {
      stack(app, "kept");
      stack(app, "gone");
    });
    mkdirSync(join(outdir, "stacks", "gone", ".terraform"));
    writeFileSync(join(outdir, "stacks", "gone", ".terraform", "lock"), "");
    synthesize(outdir, (app) => stack(app, "kept"));

    expect(readdirSync(join(outdir, "stacks", "gone"))).toEqual([".terraform"]);
    expect(existsSync(join(outdir, "stacks", "kept", "cdk.tf.json"))).toBe(true);
  });

  it("fails for a construct outside a stack, which the engine would leave out", () => {
    const build = () =>
      synthesize(outdir, (app) => {
        stack(app, "one");
        new Construct(app, "stray");
      });

    expect(build).toThrow(
      new Error(
        "These constructs stand outside a stack and would be left out without a word: stray. " +
          "Give each a TerraformStack as its scope.",
      ),
    );
    expect(existsSync(outdir)).toBe(false);
  });
});

function stack(app: App, id: string, cidrBlock = "10.0.0.0/16"): TerraformStack {
  const made = new TerraformStack(app, id);
  configureBackend(made, { backend: "local" }, id);
  awsProvider(made, { region: "us-east-1", accountId: "111111111111", defaultTags: {} });
  new Vpc(made, "vpc", { cidrBlock });
  return made;
}
