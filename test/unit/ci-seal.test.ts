import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Sandbox } from "../src/ci/sandbox.js";
import { root } from "../src/project.js";

const PLAN = "a plan with eyJwYXNzd29yZCI6InMzY3IzdCJ9 in it";
const network = "cdktf.out/stacks/staging-network";
const data = "cdktf.out/stacks/staging-data";

/** Stands for KMS: what it wraps is the key itself, turned round, and only for the right context. */
const aws = `
echo "$*" >> "$HOME/calls"
case "$*" in *"--encryption-context purpose=terraform-plan"*) ;; *) echo "AccessDeniedException" >&2; exit 254 ;; esac
key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
case "$2" in
  generate-data-key) printf '{"Plaintext":"%s","CiphertextBlob":"d3JhcHBlZA=="}' "$key" ;;
  decrypt)
    file=$(echo "$*" | sed 's|.*fileb://\\([^ ]*\\).*|\\1|')
    [ "$(cat "$file")" = wrapped ] || { echo "InvalidCiphertextException" >&2; exit 254; }
    printf '{"Plaintext":"%s"}' "$key" ;;
esac
`;

describe("a saved plan between the two jobs", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
    const document = { terraform: { backend: { s3: { kms_key_id: "alias/telemedicina-stg-tfstate" } } } };
    sandbox.stacks("cdktf.out", {
      "staging-network": { document },
      "staging-data": { document, dependencies: ["staging-network"] },
    });
    sandbox.program("aws", aws);
    sandbox.write(`${network}/plan.tfplan`, PLAN);
  });
  afterEach(() => sandbox.dispose());

  const has = (file: string) => existsSync(join(sandbox.directory, file));

  it("is sealed with a key of its own that the state's key wraps, and opened again as it was", () => {
    expect(sandbox.step("seal", ["staging"])).toMatchObject({ status: 0, stderr: "" });

    expect(has(`${network}/plan.tfplan`)).toBe(false);
    expect(has(`${data}/plan.sealed.json`)).toBe(false);
    const sealed = sandbox.read(`${network}/plan.sealed.json`);
    const contents = Buffer.from((JSON.parse(sealed) as { content: string }).content, "base64").toString(
      "latin1",
    );
    expect(sealed + contents).not.toContain("eyJwYXNzd29yZCI6");
    expect(sandbox.read("calls")).toContain("--key-id alias/telemedicina-stg-tfstate");

    const opened = sandbox.step("unseal", ["staging"]);
    expect(opened).toMatchObject({ status: 0, stderr: "" });
    expect(sandbox.read(`${network}/plan.tfplan`)).toBe(PLAN);
    expect(has(`${network}/plan.sealed.json`)).toBe(false);
    expect(sandbox.read("calls") + opened.stdout).not.toContain("MDEyMzQ1");
  });

  it.each<[string, (sealed: Record<string, string>) => Record<string, string>]>([
    ["was changed", (sealed) => ({ ...sealed, content: Buffer.from("another").toString("base64") })],
    ["has another seal", (sealed) => ({ ...sealed, tag: Buffer.alloc(16).toString("base64") })],
  ])("is refused when it %s on the way", (_, change) => {
    sandbox.step("seal", ["staging"]);
    const file = `${network}/plan.sealed.json`;
    sandbox.write(file, JSON.stringify(change(JSON.parse(sandbox.read(file)) as Record<string, string>)));

    const { status, stderr } = sandbox.step("unseal", ["staging"]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "The plan of staging-network is not the one that was sealed, so it is not applied. Run this workflow again: it plans anew.\n",
    );
    expect(has(`${network}/plan.tfplan`)).toBe(false);
  });

  it("is refused in the place of another stack's", () => {
    sandbox.step("seal", ["staging"]);
    sandbox.write(`${data}/plan.sealed.json`, sandbox.read(`${network}/plan.sealed.json`));

    expect(sandbox.step("unseal", ["staging"]).stderr).toContain("The plan of staging-data is not the one");
  });

  it("does not travel at all when the key cannot be had", () => {
    sandbox.program("aws", "echo AccessDeniedException >&2; exit 254");

    const { status, stderr } = sandbox.step("seal", ["staging"]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "aws kms generate-data-key failed, and nothing travels in clear: AccessDeniedException\n",
    );
  });

  it("is sealed before it is uploaded, and opened where it is applied", () => {
    const { jobs } = parse(readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8")) as {
      readonly jobs: Readonly<Record<string, { readonly steps: readonly { uses?: string; run?: string }[] }>>;
    };
    const words = (job: string) =>
      jobs[job]?.steps.map(({ uses = "", run = "" }) => /(upload-artifact|\w+\.mjs)/.exec(uses + run)?.[0]);
    expect(words("plan")?.filter(Boolean)).toEqual(["plan.mjs", "seal.mjs", "upload-artifact"]);
    expect(words("apply")?.filter(Boolean)).toEqual([
      "unseal.mjs",
      "apply.mjs",
      "seal.mjs",
      "upload-artifact",
    ]);
  });
});

describe("a state that could not be saved", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
    const document = { terraform: { backend: { s3: { kms_key_id: "alias/telemedicina-stg-tfstate" } } } };
    sandbox.stacks("cdktf.out", { "staging-network": { document } });
    sandbox.program("aws", aws);
    sandbox.write(`${network}/errored.tfstate`, PLAN);
  });
  afterEach(() => sandbox.dispose());

  it("is sealed like a plan, and opened by an operator", () => {
    expect(sandbox.step("seal", ["staging"])).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(join(sandbox.directory, network, "errored.tfstate"))).toBe(false);
    expect(sandbox.read(`${network}/errored.sealed.json`)).not.toContain("eyJwYXNzd29yZCI6");

    expect(sandbox.step("unseal", ["staging"])).toMatchObject({ status: 0, stderr: "" });
    expect(sandbox.read(`${network}/errored.tfstate`)).toBe(PLAN);
  });

  it("is refused when it was changed, and in the place of a plan", () => {
    sandbox.step("seal", ["staging"]);
    const sealed = sandbox.read(`${network}/errored.sealed.json`);
    const changed = { ...(JSON.parse(sealed) as object), content: Buffer.from("another").toString("base64") };
    sandbox.write(`${network}/errored.sealed.json`, JSON.stringify(changed));
    expect(sandbox.step("unseal", ["staging"]).stderr).toBe(
      "errored.tfstate of staging-network is not the one that was sealed. Do not push it: take what is missing back by terraform import.\n",
    );

    sandbox.write(`${network}/plan.sealed.json`, sealed);
    expect(sandbox.step("unseal", ["staging"]).stderr).toContain(
      "The plan of staging-network is not the one",
    );
  });

  it("leaves the job only sealed, and only when there is one", () => {
    const { jobs } = parse(readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8")) as {
      readonly jobs: Readonly<
        Record<
          string,
          { readonly steps: readonly { if?: string; with?: Readonly<Record<string, unknown>> }[] }
        >
      >;
    };
    const rescue = jobs["apply"]?.steps.filter((step) => step.if !== undefined) ?? [];
    expect(rescue).toHaveLength(3);
    for (const step of rescue) expect(step.if).toBe("failure() && steps.apply.outputs.unsaved == 'true'");
    expect(rescue.at(-1)?.with?.["path"]).toBe("cdktf.out/stacks/*/errored.sealed.json");
  });
});
