import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liftProtection, protectedAddresses, unprotectedBy } from "@telemedicina/cli/rehearse/protection";
import { Terraform } from "@telemedicina/cli/terraform/terraform";
import { afterAll, describe, expect, it } from "vitest";
import { type Components, findComponents } from "./relay-support.js";

const components = findComponents();

/** Terraform's own provider: a chain in which each resource is protected, and one that is not. */
function stack(input: string) {
  const lifecycle = { prevent_destroy: true, create_before_destroy: true, ignore_changes: ["input"] };
  const terraform_data = {
    key: { input, lifecycle },
    bucket: { input: "${terraform_data.key.id}", lifecycle },
    free: { input: "free" },
  };
  return JSON.stringify({ resource: { terraform_data } });
}

describe.skipIf(!components)("lifting protection from destroy", () => {
  const directory = mkdtempSync(join(tmpdir(), "protection-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("leaves the other lifecycle arguments and the JSON as they are, and lets the destroy through", async () => {
    const json = join(directory, "cdk.tf.json");
    writeFileSync(json, stack("first"));
    const terraform = new Terraform({
      binary: (components as Components).terraform,
      directory,
      stack: "stack",
      env: { PATH: process.env["PATH"] ?? "", HOME: directory, CHECKPOINT_DISABLE: "1" },
      logFile: join(directory, "log"),
    });
    await terraform.init();
    await terraform.apply(await terraform.plan("create.tfplan"));

    const addresses = protectedAddresses(directory);
    expect(addresses).toEqual(["terraform_data.key", "terraform_data.bucket"]);
    expect(await unprotectedBy(terraform, addresses)).toEqual([]);

    liftProtection(directory, addresses);
    writeFileSync(json, stack("second"));
    // Without ignore_changes the key would now be updated.
    expect(await terraform.plan("again.tfplan")).toMatchObject({ changes: false });
    const plan = await terraform.plan("destroy.tfplan", { destroy: true });
    expect((await terraform.apply(plan)).map(({ address }) => address).sort()).toEqual([
      "terraform_data.bucket",
      "terraform_data.free",
      "terraform_data.key",
    ]);
    expect(readFileSync(json, "utf8")).toBe(stack("second"));
  });
});
